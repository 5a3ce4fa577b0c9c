"""What changed about processes → what the alert rule `crash-loop` says of each app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from collector.models.alert_rule import AlertRule
from visualizer.core.alert_signals import matches
from visualizer.core.process_changes import LOOP_S
from visualizer.core.time_marks import change_words
from visualizer.models.alert import APP_MARK, BAD, GOOD, Signal
from visualizer.models.process_change import LOOP, ProcessChange

MEASURE = "crash-loop"
#: What has been going on for so long is how it is meant.
LONG_S = 86400


def process_signals(
    rules: Sequence[AlertRule], changes: Iterable[ProcessChange], *, read_to_s: float
) -> Iterator[Signal]:
    """
    Args:
        changes: in order; those of the last LONG_S at least.
        read_to_s: unix second up to which logs are read.
    """
    told: dict[tuple[str, str], Signal] = {}
    for change in changes:
        for rule in (one for one in rules if one.measure == MEASURE and change.kind == LOOP):
            app = change.after[-1]
            goes_on = read_to_s - change.until_s <= LOOP_S and read_to_s - change.at_s < LONG_S
            if matches(rule, app):
                level, words = (BAD, f"{change_words(change)}.") if goes_on else (GOOD, "")
                told[rule.id, app] = Signal(rule.id, APP_MARK + app, level, words)
    yield from told.values()
