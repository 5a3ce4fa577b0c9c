from __future__ import annotations

import pytest

from collector.models.broker import BrokerAnswer, BrokerConsumer, BrokerGroup, BrokerStream
from collector.models.host import ALIVE, ERROR
from tests.told_brokers import group, stream
from visualizer.core.depth_verdict import with_depth
from visualizer.core.depth_words import (
    drain_words,
    oldest_words,
    overflow_words,
    stuck_words,
    waiting_words,
    work_words,
)
from visualizer.core.forecasts import drain_forecast, overflow_forecast
from visualizer.core.stream_depth import refills_of, soonest, stream_depth
from visualizer.core.stream_keys import keys_of, undrawn_keys
from visualizer.core.troubles import broker_troubles
from visualizer.core.verdict import Verdict
from visualizer.models.node_id import EXPANDED, STANDARD
from visualizer.models.stream_depth import IN, NEVER, NO_LIMIT, NOW, UNKNOWN, Forecast, StreamDepth
from visualizer.models.topology import Edge, Node

OK = Verdict("ok", "Healthy", "It is.")


def depth_of(*streams: BrokerStream, most: int | None = 1000, status: str = ALIVE, ago_s: float = 1) -> StreamDepth:
    answer = BrokerAnswer(
        url="redis://b", position=0, status=status, since_s=0, polled_s=100, answered_s=100, streams=streams
    )
    keys = [each.name for each in streams]
    return stream_depth([answer], keys, declared={"packers"}, most_messages=most, now_s=100 + ago_s)


@pytest.mark.parametrize(
    ("told", "drain", "overflow"),
    [
        # 600 in, 300 out in a minute: 200 become 1,000 in 160 s.
        (group(), Forecast(NEVER), Forecast(IN, 160.0)),
        # 600 in, 1,200 out: 200 are gone in 20 s.
        (group(read=1200), Forecast(IN, 20.0), Forecast(NEVER)),
        (group(waiting=0), Forecast(NOW), Forecast(IN, 200.0)),
        (group(waiting=1000), Forecast(NEVER), Forecast(NOW)),
        # Hardly any difference is none.
        (group(read=595), Forecast(NEVER), Forecast(NEVER)),
        (group(waiting=None), Forecast(UNKNOWN), Forecast(UNKNOWN)),
        (group(read=None), Forecast(UNKNOWN), Forecast(UNKNOWN)),
    ],
)
def test_forecasts_go_on_as_in_the_last_minute(told: BrokerGroup, drain: Forecast, overflow: Forecast) -> None:
    assert drain_forecast(told, stream()) == drain
    assert overflow_forecast(told, stream(), most_messages=1000) == overflow


def test_without_a_limit_or_a_minute_nothing_is_foretold() -> None:
    assert overflow_forecast(group(), stream(), most_messages=0) == Forecast(NO_LIMIT)
    assert overflow_forecast(group(), stream(), most_messages=None) == Forecast(UNKNOWN)
    burst = stream(window_s=5.0)
    assert overflow_forecast(group(), burst, most_messages=1000) == Forecast(UNKNOWN)
    assert drain_forecast(group(), stream(added=None)) == Forecast(UNKNOWN)


def test_words_have_units_and_unknown_is_never_nothing() -> None:
    assert waiting_words(group(waiting=None), length=1204) == "unknown, at most 1,204 messages"
    assert waiting_words(group(waiting=None, at_most=20), length=1204) == "unknown, at most 20 messages"
    assert [waiting_words(group(waiting=n), length=9) for n in (0, 1)] == ["none", "1 message"]
    assert oldest_words(group(oldest_s=None)) == "unknown"
    assert oldest_words(group(oldest_s=240, oldest_is_bound=True)) == "at most 4 min"
    assert oldest_words(group(waiting=0)) == ""
    assert work_words(group(pending=0, consumers=1)) == "none, 1 consumer"
    assert [drain_words(Forecast(when, 90)) for when in (IN, NOW, UNKNOWN)] == [
        "in about 1 min",
        "nothing waits",
        "unknown",
    ]
    told = [overflow_words(Forecast(when, 90), most_messages=1000) for when in (IN, NOW, NEVER, UNKNOWN)]
    assert told == [
        "in about 1 min, at 1,000 messages",
        "now: 1,000 messages fit",
        "not as things go: 1,000 messages fit",
        "unknown",
    ]
    assert overflow_words(Forecast(UNKNOWN), most_messages=None) == "unknown: no config tells how many fit"
    gone = BrokerConsumer(name="w-7", pending=5, idle_s=185)
    assert stuck_words((gone,), 3) == "w-7 holds 5 messages and has not asked for 3 min; and 2 more"


def test_a_stream_that_fills_up_says_when_it_overflows() -> None:
    verdict = with_depth(OK, depth_of(stream("orders", group())))
    assert verdict == (
        "warn", "Filling up",
        "Overflow in about 2 min: 200 messages wait for packers, 5 /s more come in than are read, 1,000 messages fit.",
    )  # fmt: skip
    full = with_depth(OK, depth_of(stream("orders", group(waiting=1000))))
    assert (full.state, full.headline) == ("fail", "Full")
    assert full.sentence.startswith("What comes in is trimmed unread: 1,000 messages wait for packers")
    idle = with_depth(OK, depth_of(stream("orders", group(read=0)), most=None))
    assert idle == ("wait", "Not read", "200 messages wait for packers, which has read none in the last minute.")


def test_a_stream_no_line_tells_of_is_as_its_broker_says() -> None:
    idle = Verdict("idle", "Idle", "It has never been seen to run.")
    moving = with_depth(idle, depth_of(stream("orders", group(read=600)), most=None))
    assert moving == (
        "ok", "Moving", "600 messages were written in the last 60 s, its broker says; no line tells of a reader.",
    )  # fmt: skip
    still = with_depth(idle, depth_of(stream("orders", added=0)))
    assert still.state == "idle"
    assert still.sentence.startswith("No message was written in the last 60 s")
    assert with_depth(idle, depth_of(stream("orders", added=None))) == idle


@pytest.mark.parametrize(
    "depth",
    [
        StreamDepth(),
        depth_of(stream("orders", group(read=600))),
        # More than an hour is left.
        depth_of(stream("orders", group()), most=100_000),
        # Said too long ago, or by one that does not answer now.
        depth_of(stream("orders", group()), ago_s=60),
        depth_of(stream("orders", group()), status=ERROR),
    ],
)
def test_nothing_changes_a_verdict_that_brokers_do_not_know_better(depth: StreamDepth) -> None:
    assert with_depth(OK, depth) == OK


def test_a_stream_fills_from_where_it_is_and_at_the_rate_of_its_broker() -> None:
    (one, other) = sorted(refills_of(depth_of(stream("a", group()), stream("b", group(waiting=900)))), key=soonest)
    assert (one.waiting, one.per_s, one.overflow_s) == (900, 10.0, 10.0)
    assert other.overflow_s == 80.0
    assert refills_of(depth_of(stream("a", group(), group("late", waiting=None, read=1)))) == []


def test_a_group_that_was_left_behind_worries_nobody() -> None:
    left = group("packers.1x0", waiting=1000, read=0, trimmed=7, stuck_count=1)
    depth = depth_of(stream("orders", left, group(read=600)))
    assert [(each.told.name, each.is_current) for each in depth.queues[0].groups] == [
        ("packers", True), ("packers.1x0", False),
    ]  # fmt: skip
    assert with_depth(OK, depth) == OK
    assert list(broker_troubles(depth)) == []
    assert [refill.waiting for refill in refills_of(depth)] == [200]
    # One that reads is there, whoever declares it.
    assert with_depth(OK, depth_of(stream("orders", group("spies", waiting=1000)))).headline == "Full"


def test_a_declared_group_that_the_broker_does_not_have_is_missing() -> None:
    assert depth_of(stream("orders", group("spies"))).missing == ("packers",)
    assert depth_of(stream("a", group("spies")), stream("b", group())).missing == ()
    assert depth_of(stream("orders"), ago_s=60).missing == depth_of().missing == ()


def test_what_is_stuck_or_was_trimmed_is_trouble() -> None:
    gone = BrokerConsumer(name="w-7\u202e", pending=5, idle_s=185)
    told = list(broker_troubles(depth_of(stream("orders", group(trimmed=4, stuck=(gone,), stuck_count=1)))))
    assert [trouble.headline for trouble in told] == ["4 messages or more were trimmed unread", "1 consumer is stuck"]
    assert "holds 5 messages and has not asked for 3 min" in told[1].sentence
    assert list(broker_troubles(depth_of(stream("orders", group())))) == []


def node(node_id: str, *, kind: str = "stream", label: str = "") -> Node:
    return Node(id=node_id, kind=kind, label=label or node_id[1:], name="n", app="")


def edge(source: str, target: str, kind: str, queue: str = "") -> Edge:
    return Edge(id=f"{source}{target}{queue}", source=source, target=target, kind=kind, label=queue)


def test_a_queue_is_a_stream_of_its_own_at_the_broker() -> None:
    edges = [edge("web", ">s", "write"), edge(">s", "pack", "read", "express"), edge(">s", "pack", "read")]
    assert keys_of(node(">s"), edges, view=STANDARD) == ["s", "s.express"]
    assert keys_of(node(">s"), edges, view=STANDARD, queues=["express"]) == ["s.express"]
    assert keys_of(node(">s.express", label="s.express"), [], view=EXPANDED) == ["s.express"]
    assert undrawn_keys(["s", "s.express", "s.slow", "t"], [node(">s")], edges, view=STANDARD) == ["s.slow", "t"]
    assert undrawn_keys(["s", "t"], [node(">s.AUTO", label="s")], [], view=EXPANDED) == ["t"]


def test_streams_between_the_stages_of_an_event_are_inside_it_in_the_standard_view() -> None:
    shuffle = node("app.1x0.shuffle", kind="event")
    assert undrawn_keys(["app.1x0.shuffle.one"], [shuffle], [], view=STANDARD) == []
    assert undrawn_keys(["app.1x0.shuffle.one"], [shuffle], [], view=EXPANDED) == ["app.1x0.shuffle.one"]
