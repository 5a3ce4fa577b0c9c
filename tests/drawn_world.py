"""A small drawn graph and its activity, for tests: a shop takes orders over HTTP into a stream that a packer reads."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import redis

from collector.lib.log_buckets import bucket_index
from collector.models import redis_keys
from collector.models.activity import ActivityKey
from collector.models.heartbeat import CollectorBeat, RollupBeat
from visualizer.models.live import ActivityStats, LiveUpdate
from visualizer.models.node_id import STANDARD, VIEWS, stream_id
from visualizer.models.topology import App, Box, DrawnTopology, Edge, Node, Server, Topology
from visualizer.repo.live_updates import LiveUpdates

SHOP, STORE = "shop.1x0", "store.1x0"
PLACE = f"{SHOP}.place_order"
PACK = f"{STORE}.pack"
ENTRY = f"{PLACE}.POST"
PLACE_KEY = ActivityKey(SHOP, "", "place_order", "request")
PACK_KEY = ActivityKey(STORE, "", "pack", "stream", "orders", "AUTO", "packers")


def orders(view: str) -> str:
    """The stream's node id."""
    return stream_id(stream="orders", view=view)


def drawn(view: str = STANDARD, *, extra: Iterable[Node] = (), version: str = "v1") -> DrawnTopology:
    """The graph; `extra` nodes stand below it."""
    stream = orders(view)
    nodes = (
        Node(id=ENTRY, kind="request", label="POST", name="POST", app=SHOP),
        Node(id=PLACE, kind="event", label=PLACE, name="place_order", app=SHOP, event_type="POST"),
        Node(id=stream, kind="stream", label="orders", name="orders", app=SHOP),
        Node(id=PACK, kind="event", label=PACK, name="pack", app=STORE, event_type="STREAM"),
        *extra,
    )
    edges = (
        Edge(id=f"{ENTRY}_{PLACE}", source=ENTRY, target=PLACE, kind="request"),
        Edge(id=f"{PLACE}_{stream}", source=PLACE, target=stream, kind="write"),
        Edge(id=f"{stream}_{PACK}", source=stream, target=PACK, kind="read"),
    )
    servers = (Server(host_name="a1", pid="17", url="http://a1:8020"),)
    apps = (App(key=SHOP, name="shop", version="1.0", servers=servers), App(key=STORE, name="store", version="1.0"))
    boxes = {node.id: Box(200.0 * i, 40.0, 160.0, 48.0) for i, node in enumerate(nodes)}
    app_boxes = {SHOP: Box(0, 0, 400, 120), STORE: Box(500, 0, 300, 120)}
    topology = Topology(view=view, apps=apps, nodes=nodes, edges=edges)
    return DrawnTopology(version=version, topology=topology, nodes=boxes, apps=app_boxes)


def ran(
    key: ActivityKey,
    *,
    done: int = 0,
    failed: int = 0,
    started: int | None = None,
    pending: int = 0,
    last_s: float = 0,
) -> ActivityStats:
    """Runs of an activity that took 20 ms each."""
    count = done + failed
    return ActivityStats(
        key=key,
        started=count if started is None else started,
        done=done,
        failed=failed,
        recent=count,
        pending=pending,
        durations={bucket_index(20.0): count} if count else {},
        last_s=last_s,
    )


def draw_in_redis(client: redis.Redis, *, extra: Iterable[Node] = ()) -> None:
    """Keep both views as the worker does."""
    extra = tuple(extra)
    for view in VIEWS:
        client.hset(redis_keys.TOPOLOGY, view, msgspec.json.encode(drawn(view, extra=extra)))
    client.incr(redis_keys.TOPOLOGY_VERSION)


def beat_in_redis(client: redis.Redis, *, now_s: float) -> None:
    """A collector, a rollup and a worker that are there and have nothing left to do."""
    client.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:1")
    collector = CollectorBeat(collector_id="h:1", at_s=now_s, started_s=now_s - 60, caught_up_s=now_s, files=3)
    client.hset(redis_keys.COLLECTORS, collector.collector_id, msgspec.json.encode(collector))
    for key in (redis_keys.WORKER, redis_keys.BEAT):
        client.set(key, msgspec.json.encode({"at_s": now_s}))
    client.set(redis_keys.rollup_beat(0), msgspec.json.encode(RollupBeat(at_s=now_s, caught_up_s=now_s)))


def publish(client: redis.Redis, *changed: ActivityStats, updates: LiveUpdates | None = None) -> LiveUpdates:
    """Tell what changed as a rollup does."""
    updates = updates or LiveUpdates(client, 0)
    updates.publish(LiveUpdate(at_s=1.0, changed=list(changed)))
    return updates
