"""What the panels of a stream and of its lines say of the messages in it."""

from __future__ import annotations

import time

import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey
from tests.drawn_world import PACK, PACK_KEY, PLACE, orders
from tests.web.history import remember
from tests.web.test_node_panel import panel, words

PUBLISH_KEY = ActivityKey("shop.1x0", "", "orders", "publish", "orders", "AUTO")
STREAM = orders("standard")


def line(client: Client, source: str, target: str) -> str:
    return words(client.get("/edges/standard/panel", {"source": source, "target": target}))


def test_the_wait_says_whether_it_rises(live: redis.Redis, signed_in: Client) -> None:
    now_s = time.time()
    for ago_s in range(3, 36, 4):
        waited = bucket_index(60_000.0 - 1000 * ago_s)
        remember(PACK_KEY, done=2, ago_s=ago_s, duration_bucket=waited, now_s=now_s)
    for text in (panel(signed_in, STREAM), line(signed_in, STREAM, PACK), line(signed_in, PLACE, STREAM)):
        assert "Wait rising, by " in text
        assert "a minute Written unknown: no line tells of writing Read by packers 0.3 /s · 18 in 60 s" in text
    assert "In and out" not in panel(signed_in, PACK)


def test_what_was_written_stands_beside_what_each_group_read(live: redis.Redis, signed_in: Client) -> None:
    remember(PUBLISH_KEY, done=120, failed=7, ago_s=20)
    remember(PACK_KEY, done=60, ago_s=20)
    remember(ActivityKey("audit.1x0", "", "keep", "stream", "orders", "AUTO", "auditors"), done=12, ago_s=20)
    text = panel(signed_in, STREAM)
    assert "Wait too few messages to tell Written 2 /s · 120 in 60 s" in text
    assert "Read by auditors 0.2 /s · 12 in 60 s Read by packers 1 /s · 60 in 60 s" in text
    # The line to a reader tells of that reader alone, the one from a writer of all.
    assert "auditors" not in line(signed_in, STREAM, PACK)
    assert "auditors" in line(signed_in, PLACE, STREAM)


def test_a_writer_that_rests_has_written_none_which_is_not_unknown(live: redis.Redis, signed_in: Client) -> None:
    remember(PUBLISH_KEY, done=1, ago_s=300)
    assert "Written none in 60 s" in panel(signed_in, STREAM)
