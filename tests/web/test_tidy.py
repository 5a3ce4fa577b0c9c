"""Places through the hub: what arrives moves nothing for anybody; tidying does, for all, and is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import redis
from asgiref.sync import sync_to_async
from django.test import Client

from collector.models import redis_keys
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event, write
from tests.web.test_hub import Watcher
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.hub import Hub
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import Box

SHOP = {"order": event("POST", write_stream=write("orders")), "find": event("GET"), "zap": event("GET")}
NODE = "shop.1x0.zap"


def draw(client: redis.Redis, events: int = 0) -> None:
    """The shop, and further events of it."""
    more = {f"event{number}": event("GET") for number in range(events)}
    declare(client, "http://a", answer(app("shop", SHOP | more)))
    refresh_topology(client, now=datetime.now(UTC))


def boxes(watcher: Watcher) -> dict[str, Box]:
    return {key: node.box for key, node in watcher.picture.nodes.items()}


@pytest.mark.django_db(transaction=True)
async def test_ten_nodes_arrive_and_nothing_moves_until_somebody_tidies(
    live: redis.Redis, hub: Hub, signed_in: Client
) -> None:
    live.delete(redis_keys.TOPOLOGY)
    await sync_to_async(draw)(live)
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: NODE in w.picture.nodes)
    before = boxes(watcher)
    await sync_to_async(draw)(live, events=10)
    await watcher.until(lambda w: "shop.1x0.event9" in w.picture.nodes)
    grown = boxes(watcher)
    assert {node: grown[node] for node in before} == before
    answered = await sync_to_async(signed_in.post)("/places/tidy", {"view": STANDARD})
    assert answered.json()["moved"] > 0
    await watcher.until(lambda w: boxes(w) != grown)
    assert (await sync_to_async(signed_in.post)("/places/take-back", {"view": STANDARD})).status_code == 200
    await watcher.until(lambda w: boxes(w) == grown)


@pytest.mark.parametrize("address", ["/places/tidy", "/places/take-back"])
def test_only_signed_in_people_move_things_and_only_by_a_post_with_a_token(
    address: str, live: redis.Redis, signed_in: Client, client: Client
) -> None:
    assert client.post(address, {"view": STANDARD}).status_code == 302
    assert signed_in.get(address).status_code == 405
    assert signed_in.post(address, {"view": "sideways"}).status_code == 400
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post(address, {"view": STANDARD}).status_code == 403


def test_without_redis_it_says_so_and_changes_nothing(
    no_redis: None, signed_in: Client, use_redis: Callable[[str], None]
) -> None:
    answered = signed_in.post("/places/tidy", {"view": STANDARD})
    assert answered.status_code == 503
    assert "Redis does not answer" in answered.json()["error"]
