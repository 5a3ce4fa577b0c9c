"""What brokers say of streams → what the alert rules `overflow` and `stuck-consumer` say of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from collector.models.alert_rule import AlertRule
from visualizer.core.alert_signals import matches
from visualizer.core.depth_verdict import overflow_sentence
from visualizer.core.depth_words import stuck_words
from visualizer.core.untrusted import visible
from visualizer.models.alert import BAD, BETWEEN, GOOD, NONE, Signal
from visualizer.models.stream_depth import IN, NO_LIMIT, NOW, UNKNOWN, Forecast, StreamDepth

#: What overflows sooner is wrong, what overflows later than the second is not any more.
_BAD_S, _GOOD_S = 900.0, 1800.0


def broker_signals(rules: Iterable[AlertRule], depths: Mapping[str, StreamDepth]) -> Iterator[Signal]:
    """Args: depths: by node id. What is not of now is not told: then everything stays as it is."""
    measures = {"overflow": _overflow, "stuck-consumer": _stuck}
    for rule in rules:
        for stream, depth in depths.items() if rule.measure in measures else ():
            if matches(rule, stream) and depth.groups:
                yield Signal(rule.id, stream, *measures[rule.measure](depth))


def _overflow(depth: StreamDepth) -> tuple[str, str]:
    levels = {_level(group.overflow) for _, group in depth.groups}
    level = next((level for level in (BAD, BETWEEN, GOOD) if level in levels), NONE)
    return level, overflow_sentence(depth) if level == BAD else ""


def _level(overflow: Forecast) -> str:
    if overflow.when in (UNKNOWN, NO_LIMIT):
        return NONE
    if overflow.when == NOW or (overflow.when == IN and overflow.seconds <= _BAD_S):
        return BAD
    return BETWEEN if overflow.when == IN and overflow.seconds <= _GOOD_S else GOOD


def _stuck(depth: StreamDepth) -> tuple[str, str]:
    told = [(group.told, group.told.stuck_count) for _, group in depth.groups if group.told.stuck_count]
    words = "; ".join(f"of {visible(group.name)}: {stuck_words(group.stuck, count)}" for group, count in told)
    return (BAD, f"Consumers are stuck, {words}.") if told else (GOOD, "")
