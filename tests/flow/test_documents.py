"""An AsyncAPI document against what an app's JSON lines tell: all processes, real files."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import redis

from tests.spec_documents import BILLING, document
from tests.world import World, wait_until
from visualizer.models.evidence import NEVER, UNDECLARED
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import Edge
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import read_evidence

APP = "billing.1.2.0"
READS = f"{APP}.onOrder.shop.orders.AUTO"
NEVER_READ = f"{APP}.giveQuote.shop.quoted.AUTO"
AUDIT = f"{APP}.audit.shop.orders.AUTO"


def log(world: World, event: str, stream: str) -> None:
    stamp = datetime.fromtimestamp(time.time(), UTC).isoformat().replace("+00:00", "Z")
    line = {"timestamp": stamp, "level": "info", "event": "handled", "app": "billing", "version": "1.2.0"}
    line |= {"event_name": event, "stream": stream, "consumer_group": "billing", "outcome": "success"}
    with (world.logs / "billing.log").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def test_what_a_document_declares_meets_what_json_lines_tell(make_world: Callable[..., World]) -> None:
    path = BILLING.name
    world = make_world(EVENTSCOPE_ASYNCAPI=path, EVENTSCOPE_POLL_INTERVAL="1s")
    (world.folder / path).write_bytes(BILLING.read_bytes())
    client = world.start_valkey()
    for command in ("rollup", "collect"):
        world.start(command)
    world.start_worker()
    for event in ("onOrder", "audit"):
        log(world, event, "shop.orders")

    wait_until(lambda: _is_confirmed(client, READS))
    wait_until(lambda: _states(client) >= {(NEVER_READ, NEVER), (AUDIT, UNDECLARED)})
    # The app's authors say so, and it is normal from now on.
    told = document(BILLING)
    told["operations"]["audit"] = {"action": "receive", "channel": {"$ref": "#/channels/orders"}}
    (world.folder / path).write_text(json.dumps(told))
    wait_until(lambda: _is_confirmed(client, AUDIT))
    client.close()


def _edges(client: redis.Redis) -> dict[str, Edge]:
    drawn = read_drawn(client, STANDARD)
    return {edge.id: edge for edge in drawn.topology.edges} if drawn else {}


def _is_confirmed(client: redis.Redis, edge: str) -> bool:
    found = _edges(client).get(edge)
    return bool(found and found.declared and found.observed)


def _states(client: redis.Redis) -> set[tuple[str, str]]:
    return {(edge, found.state) for edge, found in read_evidence(client, STANDARD).items()}
