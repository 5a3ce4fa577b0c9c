"""What brokers say: on the page about sources, and in the panels of streams and lines."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
import redis
from django.test import Client

from collector.models import redis_keys
from collector.models.alert_rule import DEFAULT_RULES
from collector.models.broker import BrokerConsumer
from collector.models.host import ERROR
from tests.drawn_world import PACK_KEY
from tests.told_brokers import group, stream, tell_broker
from tests.web.history import remember
from tests.web.test_node_panel import panel, words
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.judge_alerts import look
from visualizer.models.alert import BAD, GOOD
from visualizer.repo.drawn import read_drawn
from visualizer.repo.models import Activity, SeenServer, Total


def sources(client: Client) -> str:
    """Seconds pass while the page is made."""
    return re.sub(r"\d+ s ago", "some s ago", words(client.get("/sources")))


def line(client: Client, source: str, target: str, view: str = "standard") -> str:
    return words(client.get(f"/edges/{view}/panel", {"source": source, "target": target}))


def test_a_broker_is_a_row_with_what_it_holds(live: redis.Redis, signed_in: Client) -> None:
    assert "Brokers" not in sources(signed_in)
    tell_broker(live, stream("orders", group(), group("auditors", stuck_count=2)), stream("mails"))
    text = sources(signed_in)
    assert "redis://broker:6379 answers 1 min Valkey 9.1.2 some s ago 2.5 ms 2 2 1,000 2 stuck consumers" in text


def test_what_is_wrong_says_what_to_do(live: redis.Redis, signed_in: Client) -> None:
    tell_broker(live, status=ERROR, reason="no permission for XINFO STREAM: the user needs +xinfo", version="")
    assert "cannot be read 1 min – some s ago 2.5 ms – – – no permission for XINFO STREAM" in sources(signed_in)
    tell_broker(live, stream(), refused=3, left_out=7)
    text = sources(signed_in)
    assert "3 streams may not be looked at: the user needs %R~* or their names 7 more streams are not looked at" in text
    tell_broker(live, stream(), ago_s=300)
    assert "nobody has asked it for 5 min: does its collector run?" in sources(signed_in)


def test_hostile_and_damaged_words_stay_words(live: redis.Redis, signed_in: Client) -> None:
    live.hset(redis_keys.BROKERS, "odd", b'{"url": 7}')
    tell_broker(live, url="redis://<script>alert(1)</script>\u202e", reason="<img src=x>", status=ERROR)
    html = signed_in.get("/sources").content.decode()
    assert "<script>alert(1)" not in html
    assert "<img src=x>" not in html
    assert "\\u202e" in html


def test_a_stream_says_how_deep_it_is_and_when_it_overflows(shop: redis.Redis, signed_in: Client) -> None:
    tell_broker(shop, stream("orders", group("group"), group("spies", waiting=None, read=None)))
    told = (
        "Depth 500 messages Written 10 /s · 600 in 60 s "
        "group Waiting 200 messages Oldest 40 s Read 5 /s · 300 in 60 s In work 3 messages, 2 consumers "
        "Drained not as things go: no more is read than comes in Overflow in about 3 min, at 1,200 messages "
    )
    text = panel(signed_in, ">orders")
    assert told + "spies · seen at the broker, in no config Waiting unknown, at most 500 messages" in text
    assert "Read unknown In work 3 messages, 2 consumers Neighbours" in text
    assert "Filling up Overflow in about 3 min: 200 messages wait for group, 5 /s more come in than are read" in text
    reader = line(signed_in, ">orders", "store.1x0.pack")
    assert told in reader
    assert "spies" not in reader
    assert "spies" in line(signed_in, "shop.1x0.web", ">orders")


def test_a_group_that_was_left_behind_is_called_so(shop: redis.Redis, signed_in: Client) -> None:
    tell_broker(shop, stream("orders", group("group", read=600), group("group.0x9", waiting=500, read=0)))
    text = panel(signed_in, ">orders")
    assert "group.0x9 · left behind: in no config, and nobody reads Waiting 500 messages Oldest 40 s Read none" in text
    assert "Filling up" not in text


def test_a_declared_reader_that_its_broker_does_not_know_is_told(shop: redis.Redis, signed_in: Client) -> None:
    tell_broker(shop, stream("orders", group("spies")))
    for text in (panel(signed_in, ">orders"), line(signed_in, ">orders", "store.1x0.pack")):
        assert "group Read its broker has no such group: its reader never began" in text


def test_what_no_broker_tells_is_unknown_and_says_why(shop: redis.Redis, signed_in: Client) -> None:
    assert "Waiting unknown: only its broker can tell (EVENTSCOPE_BROKERS)" in panel(signed_in, ">orders")
    tell_broker(shop, stream("mails"))
    assert "Waiting unknown: no broker that is asked has it" in panel(signed_in, ">orders")
    tell_broker(shop, stream("orders", group("group")), ago_s=600)
    text = panel(signed_in, ">orders")
    assert "Depth unknown: redis://broker:6379 was last heard 10 min ago" in text
    assert "Filling up" not in text


def test_stuck_consumers_and_trimmed_messages_are_told_above(shop: redis.Redis, signed_in: Client) -> None:
    gone = BrokerConsumer(name="<b>w-7</b>", pending=5, idle_s=185)
    tell_broker(shop, stream("orders", group("group", stuck=(gone,), stuck_count=1, trimmed=4)))
    text = panel(signed_in, ">orders")
    assert "1 consumer is stuck Of &#x27;group&#x27;: &lt;b&gt;w-7&lt;/b&gt; holds 5 messages" in text
    assert "4 messages or more were trimmed unread" in text


def test_messages_that_a_broker_still_has_are_not_lost(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10)
    written = Activity.objects.create(app="shop.1x0", event="orders", kind="publish", stream="orders", first_seen_s=1)
    Total.objects.create(activity=written, server=SeenServer.objects.get(), done=100)
    tell_broker(live, stream("orders", group("packers", waiting=87, pending=3)))
    assert "are lost" not in panel(signed_in, ">orders")
    tell_broker(live, stream("orders", group("packers", waiting=27, pending=3)))
    assert "About 60 messages are lost" in panel(signed_in, ">orders")


@pytest.mark.parametrize(("view", "node"), [("standard", ">ghosts"), ("expanded", ">ghosts.AUTO")])
def test_a_stream_that_no_config_declares_is_drawn_as_seen(
    shop: redis.Redis, signed_in: Client, view: str, node: str
) -> None:
    tell_broker(shop, stream("orders"), stream("ghosts", group("boo", waiting=7)))
    assert refresh_topology(shop, now=datetime.now(UTC))
    drawn = read_drawn(shop, view)
    assert drawn is not None
    assert [(each.id, each.observed) for each in drawn.topology.nodes if not each.declared] == [(node, True)]
    text = panel(signed_in, node, view=view)
    assert "seen at a broker, not declared Moving 600 messages were written in the last" in text
    assert "boo · seen at the broker, in no config Waiting 7 messages" in text
    assert not refresh_topology(shop, now=datetime.now(UTC))


def test_people_are_told_of_an_overflow_ahead(shop: redis.Redis) -> None:
    tell_broker(shop, stream("orders", group("group")))
    signals = {each.rule: each for each in look(shop, DEFAULT_RULES, usual={}, now_s=time.time()).signals}
    assert (signals["overflow"].subject, signals["overflow"].level) == (">orders", BAD)
    assert signals["overflow"].words.startswith("Overflow in about 3 min: 200 messages wait for group")
    assert signals["stuck-consumer"].level == GOOD
