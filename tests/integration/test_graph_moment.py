"""The graph as it was: the topology that was current, and the numbers of the minute before."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import msgspec
import pytest
import redis

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey
from tests.declared_host import declare
from tests.kept_moments import forget_moments
from tests.runtime_apps import answer, app, call, connection, event, read, write
from tests.web.history import remember
from visualizer.core.graph_state import Picture, apply
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.graph_moment import draw_kept, read_moment
from visualizer.models.delta import Delta, encode_text
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import EXPANDED, STANDARD
from visualizer.repo.drawn import read_drawn
from visualizer.repo.models import Activity

pytestmark = pytest.mark.django_db
BANK = app("bank", {"charge": event("GET")})
SHOP = app(
    "shop",
    {
        "pay": event("GET", write_stream=write("orders"), connections=[call("c", "charge")]),
        "ship": event("STREAM", read_stream=read("orders", group="g")),
    },
    connections={"c": connection("bank")},
)
PAY = ActivityKey("shop.1x0", "", "pay", "request")
SHIP = ActivityKey("shop.1x0", "", "ship", "stream", stream="orders", queue="AUTO", consumer_group="g")


def drawn(client: redis.Redis, *apps: object, ago_s: float, now_s: float) -> None:
    forget_moments()
    declare(client, "http://a", answer(*apps))  # type: ignore[arg-type]
    refresh_topology(client, now=datetime.fromtimestamp(now_s - ago_s, UTC))


def picture_at(view: str, ago_s: float, now_s: float) -> Picture:
    """What a browser makes of it."""
    text = encode_text(read_moment(view, now_s - ago_s, now_s=now_s).delta)
    return apply(Picture(), msgspec.json.decode(text, type=Delta))


def test_it_has_the_topology_of_then_and_the_numbers_of_the_minute_before(valkey: redis.Redis) -> None:
    now_s = time.time()
    drawn(valkey, SHOP, BANK, ago_s=40_000, now_s=now_s)
    drawn(valkey, BANK, ago_s=500, now_s=now_s)
    # In the middle of a minute that is kept as such, and of 10 s.
    long_ago, lately = int(now_s - 30_000) // 60 * 60 + 30, int(now_s - 1000) // 10 * 10 + 5
    for at_s, failed in ((long_ago, 30), (lately, 0)):
        remember(PAY, done=90, failed=failed, ago_s=int(time.time()) - at_s, duration_bucket=bucket_index(20.0))
        remember(SHIP, done=60, ago_s=int(time.time()) - at_s, duration_bucket=bucket_index(5000.0))
    was = picture_at(STANDARD, now_s - long_ago - 300, now_s)
    assert was.nodes["shop.1x0.pay"].stats.state == "idle"
    was = picture_at(STANDARD, now_s - long_ago - 45, now_s)
    pay, orders = was.nodes["shop.1x0.pay"].stats, was.nodes[">orders"].stats
    assert (pay.started, pay.done, pay.failed, pay.state) == (120, 90, 30, "fail")
    assert pay.p95 == pytest.approx(20, rel=0.03)
    assert (orders.started, orders.state) == (60, "wait")
    assert pay.rate == 2, "a minute's 120, where only minutes are kept"
    pay = picture_at(STANDARD, now_s - lately - 8, now_s).nodes["shop.1x0.pay"].stats
    assert (pay.done, pay.rate, pay.state) == (90, 9, "ok")
    assert set(picture_at(STANDARD, 100, now_s).nodes) == {"bank.1x0.charge", "bank.1x0.charge.GET"}


@pytest.mark.parametrize("view", [STANDARD, EXPANDED])
def test_what_is_still_current_looks_as_it_is_drawn(valkey: redis.Redis, view: str) -> None:
    now_s = time.time()
    drawn(valkey, SHOP, BANK, ago_s=4000, now_s=now_s)
    now = read_drawn(valkey, view)
    was = picture_at(view, 100, now_s)
    assert now is not None
    assert {key: node.box for key, node in was.nodes.items()} == now.nodes
    assert {(edge.source, edge.target, edge.kind, edge.label) for edge in was.edges.values()} == {
        (edge.source, edge.target, edge.kind, edge.label) for edge in now.topology.edges
    }
    told = ("kind", "label", "name", "app", "event_type", "declared")
    nodes = {node.id: node for node in now.topology.nodes}
    for key, node in was.nodes.items():
        assert [getattr(node, name) for name in told] == [getattr(nodes[key], name) for name in told]


def test_before_the_first_topology_there_is_none(valkey: redis.Redis) -> None:
    drawn(valkey, BANK, ago_s=100, now_s=time.time())
    with pytest.raises(NoSuchTopology, match="so long ago"):
        read_moment(STANDARD, time.time() - 200, now_s=time.time())


def test_what_another_rollup_commits_late_is_in_the_next_moment(valkey: redis.Redis) -> None:
    now_s = time.time()
    drawn(valkey, SHOP, BANK, ago_s=4000, now_s=now_s)
    seen = [Activity(pk=pk, first_seen_s=1, **msgspec.structs.asdict(key)) for pk, key in ((98, PAY), (99, SHIP))]
    seen[1].save()
    assert picture_at(STANDARD, 100, now_s).nodes["shop.1x0.pay"].stats.done == 0
    seen[0].save()
    remember(PAY, done=9, ago_s=130)
    assert picture_at(STANDARD, 100, now_s).nodes["shop.1x0.pay"].stats.done == 9


def test_a_topology_that_is_let_go_meanwhile_is_said() -> None:
    with pytest.raises(NoSuchTopology, match="#7 is damaged or gone"):
        draw_kept(7, STANDARD, "", "")
