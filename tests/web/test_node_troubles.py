from __future__ import annotations

import time

import msgspec
import redis
from django.test import Client

from collector.models import redis_keys
from collector.models.activity import Status
from tests.drawn_world import PACK, PACK_KEY, PLACE, drawn, orders
from tests.web.history import failed_run, remember
from tests.web.test_node_panel import panel
from visualizer.models.topology import Edge
from visualizer.repo.models import Activity, Failure, SampledEntry, SeenServer, Total


def fail_on(message_id: str, *, times: int) -> None:
    for _ in range(times):
        remember(PACK_KEY, failed=1, ago_s=5, failure=msgspec.structs.replace(failed_run("no"), message_id=message_id))
    assert Failure.objects.filter(message_id=message_id).count() == times


def test_a_poison_message_is_told_at_its_event_and_its_stream(live: redis.Redis, signed_in: Client) -> None:
    fail_on("17-0", times=3)
    fail_on("18-0", times=2)
    for node in (PACK, orders("standard")):
        text = panel(signed_in, node)
        assert "Message &#x27;17-0&#x27; failed 3 times or more" in text
        assert "Message &#x27;18-0&#x27;" not in text
    assert "failed 3 times or more" not in panel(signed_in, PLACE)


def test_messages_that_were_written_and_not_read_are_told_at_the_stream(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10)
    written = Activity.objects.create(app="shop.1x0", event="orders", kind="publish", stream="orders", first_seen_s=1)
    Total.objects.create(activity=written, server=SeenServer.objects.get(), done=100)
    text = panel(signed_in, orders("standard"))
    assert "90 messages wait or are lost" in text
    assert "100 messages were written and 10 read by &#x27;packers&#x27;" in text


def test_an_operation_that_comes_by_often_is_a_loop_where_there_is_a_circle(
    live: redis.Redis, signed_in: Client
) -> None:
    remember(PACK_KEY, done=1)
    entry = {"activity": Activity.objects.get(), "server": SeenServer.objects.get(), "status": Status.START}
    for _ in range(3):
        SampledEntry.objects.create(timestamp_s=time.time() - 5, request_id="req-1", **entry)
    assert "went round" not in panel(signed_in, PACK)
    back = Edge(id="back", source=PACK, target=orders("standard"), kind="write")
    kept = drawn()
    circle = msgspec.structs.replace(kept.topology, edges=(*kept.topology.edges, back))
    live.hset(redis_keys.TOPOLOGY, "standard", msgspec.json.encode(msgspec.structs.replace(kept, topology=circle)))
    assert "1 operation went round, one of them 3 times" in panel(signed_in, PACK)
