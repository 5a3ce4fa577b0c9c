"""Places stick through whatever arrives, goes, restarts or is lost; tidying moves them, and is taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import redis

from collector.models import redis_keys
from tests.declared_host import declare
from tests.integration.test_build_topology import drawn
from tests.runtime_apps import answer, app, event, read, write
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.tidy import take_back, tidy_view
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.topology import Box
from visualizer.repo import places
from visualizer.repo.drawn_models import DrawnPlaces
from visualizer.repo.models import Activity

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 18, 33, tzinfo=UTC)
FOREVER_S = 1e9
SHOP = {"order": event("POST", write_stream=write("orders")), "find": event("GET"), "zap": event("GET")}
STORE = {"pack": event("STREAM", read_stream=read("orders"))}


def shop_alone(valkey: redis.Redis) -> dict[str, Box]:
    declare(valkey, "http://a", answer(app("shop", SHOP)))
    refresh_topology(valkey, now=NOW)
    return drawn(valkey).nodes


def ten_more(valkey: redis.Redis) -> None:
    more = {f"event{number}": event("GET") for number in range(10)}
    declare(valkey, "http://a", answer(app("shop", SHOP | more), app("store", STORE)))
    refresh_topology(valkey, now=NOW)


def check_stand(valkey: redis.Redis, before: dict[str, Box]) -> None:
    after = drawn(valkey).nodes
    assert {node: after[node] for node in before} == before


def test_ten_nodes_and_an_app_arrive_and_nothing_moves(valkey: redis.Redis) -> None:
    before = shop_alone(valkey)
    ten_more(valkey)
    check_stand(valkey, before)
    assert len(drawn(valkey).nodes) > len(before) + 10


def test_a_redis_that_is_emptied_forgets_no_place(valkey: redis.Redis) -> None:
    shop_alone(valkey)
    ten_more(valkey)
    before = drawn(valkey).nodes
    valkey.flushall()
    # Nobody has answered yet; then the hosts do, in another order.
    refresh_topology(valkey, now=NOW)
    declare(valkey, "http://b", answer(app("store", STORE)))
    refresh_topology(valkey, now=NOW)
    ten_more(valkey)
    check_stand(valkey, before)


def test_what_is_written_late_does_not_take_a_stream_to_another_app(valkey: redis.Redis) -> None:
    Activity.objects.create(
        app="store.1x0", event="pack", kind="stream", stream="orders", queue="AUTO", consumer_group="g", first_seen_s=1
    )
    refresh_topology(valkey, now=NOW)
    before = drawn(valkey).nodes
    ten_more(valkey)
    check_stand(valkey, before)
    assert next(node.app for node in drawn(valkey).topology.nodes if node.id == ">orders") == "store.1x0"


def test_tidying_is_for_one_view_and_is_taken_back(valkey: redis.Redis) -> None:
    shop_alone(valkey)
    ten_more(valkey)
    before = {view: drawn(valkey, view).nodes for view in VIEWS}
    assert tidy_view(valkey, STANDARD, now=NOW, hide_after_s=FOREVER_S) > 0
    assert drawn(valkey).nodes != before[STANDARD]
    assert not refresh_topology(valkey, now=NOW)
    assert take_back(valkey, STANDARD, now=NOW, hide_after_s=FOREVER_S) > 0
    assert {view: drawn(valkey, view).nodes for view in VIEWS} == before
    assert take_back(valkey, STANDARD, now=NOW, hide_after_s=FOREVER_S) == 0


def test_what_is_tidy_stays_and_can_still_be_taken_back(valkey: redis.Redis) -> None:
    before = shop_alone(valkey)
    ten_more(valkey)
    tidy_view(valkey, STANDARD, now=NOW, hide_after_s=FOREVER_S)
    assert tidy_view(valkey, STANDARD, now=NOW, hide_after_s=FOREVER_S) == 0
    take_back(valkey, STANDARD, now=NOW, hide_after_s=FOREVER_S)
    check_stand(valkey, before)


def test_two_who_place_at_once_keep_one_picture(valkey: redis.Redis) -> None:
    shop_alone(valkey)
    stale = places.read_places(STANDARD)
    ten_more(valkey)
    assert places.keep_places(STANDARD, places.NOWHERE, was=stale, before_tidy=None) == ""
    assert places.keep_places(STANDARD, places.NOWHERE, was=places.KeptPlaces(), before_tidy=None) == ""
    assert places.read_places(STANDARD).layout.nodes.keys() == drawn(valkey).nodes.keys()


def test_damaged_places_are_placed_anew(valkey: redis.Redis) -> None:
    before = shop_alone(valkey)
    DrawnPlaces.objects.update(places="{", stamp="damaged")
    valkey.delete(redis_keys.TOPOLOGY)
    refresh_topology(valkey, now=NOW)
    assert drawn(valkey).nodes == before
