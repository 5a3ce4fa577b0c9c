from __future__ import annotations

import pytest

from collector.models.alert_rule import DEFAULT_RULES, AlertRule
from collector.models.broker import BrokerConsumer, BrokerGroup
from tests.told_brokers import group, stream
from tests.unit.test_stream_depth import OK, depth_of
from visualizer.core.broker_signals import broker_signals
from visualizer.core.depth_verdict import with_depth
from visualizer.models.alert import BAD, BETWEEN, GOOD, NONE, Signal
from visualizer.models.stream_depth import StreamDepth

RULES = {rule.id: rule for rule in DEFAULT_RULES}


def signal(rule: str, depth: StreamDepth) -> Signal:
    (found,) = broker_signals([RULES[rule]], {">orders": depth})
    return found


@pytest.mark.parametrize(
    ("told", "most", "level"),
    [
        # 5 /s more come in than are read: what has room for 800 overflows in 160 s, for 5,000 in 1,000 s.
        (group(), 1000, BAD),
        (group(waiting=1000), 1000, BAD),
        (group(), 5200, BETWEEN),
        (group(), 50_000, GOOD),
        (group(read=900), 1000, GOOD),
        (group(), 0, NONE),
        (group(waiting=None), 1000, NONE),
    ],
)
def test_an_overflow_ahead_is_wrong_until_there_is_time(told: BrokerGroup, most: int, level: str) -> None:
    found = signal("overflow", depth_of(stream("orders", told), most=most))
    assert (found.rule, found.subject, found.level) == ("overflow", ">orders", level)
    assert bool(found.words) == (level == BAD)


def test_the_words_are_those_of_the_verdict() -> None:
    found = signal("overflow", depth_of(stream("orders", group(), group("quick", read=900))))
    assert found.words.startswith("Overflow in about 2 min: 200 messages wait for packers")


def test_stuck_consumers_are_named() -> None:
    gone = BrokerConsumer(name="w-7", pending=5, idle_s=185)
    found = signal("stuck-consumer", depth_of(stream("orders", group(stuck=(gone,), stuck_count=1))))
    assert found.level == BAD
    assert found.words == "Consumers are stuck, of packers: w-7 holds 5 messages and has not asked for 3 min."
    assert signal("stuck-consumer", depth_of(stream("orders", group()))).level == GOOD


def test_names_of_others_turn_nothing_around() -> None:
    gone = BrokerConsumer(name="w\u202e", pending=5, idle_s=185)
    odd = stream("orders", group("g\u202e", stuck=(gone,), stuck_count=1))
    words = [signal(rule, depth_of(odd)).words for rule in ("overflow", "stuck-consumer")]
    assert all(text.isprintable() and "g\\u202e" in text for text in words)
    assert with_depth(OK, depth_of(stream("orders", group("g\u202e", read=0)), most=None)).sentence.isprintable()


def test_what_is_not_of_now_or_not_meant_says_nothing() -> None:
    old = depth_of(stream("orders", group()), ago_s=60)
    elsewhere = AlertRule(id="other", measure="overflow", match="mails")
    assert list(broker_signals(DEFAULT_RULES, {">orders": old})) == []
    assert list(broker_signals([elsewhere], {">orders": depth_of(stream("orders", group()))})) == []
