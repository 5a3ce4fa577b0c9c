"""What is seen now, over what was known before → the alerts as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from collector.models.alert_rule import AlertRule
from visualizer.models.alert import BAD, GOOD, NONE, Alert, Signal

#: A subject that says nothing any more keeps its alert for so long: nothing is well because nobody runs.
QUIET_S = 900.0

#: Between two looks. Where nobody looked for longer, nothing is known of that time.
LONGEST_STEP_S = 60.0

Alerts = dict[tuple[str, str], Alert]


def step_alerts(
    before: Mapping[tuple[str, str], Alert], signals: Iterable[Signal], rules: Mapping[str, AlertRule], *, now_s: float
) -> Alerts:
    """
    The alerts after a look.

    Args:
        before: those that are kept, by (rule, subject).
        signals: at most one of each (rule, subject). What has none says nothing.
        rules: those that are on, by id; an alert of another rule is over.
        now_s: unix seconds.
    """
    after: Alerts = {}
    told = {(signal.rule, signal.subject): signal for signal in signals}
    for key in before.keys() | told.keys():
        rule = rules.get(key[0])
        alert = rule and _step(before.get(key), told.get(key) or Signal(*key, level=NONE), rule, now_s)
        if alert:
            after[key] = alert
    return after


def unseen(alert: Alert, *, away_s: float) -> Alert:
    """
    As if no time had passed in which nobody saw: what is only about to fire, or to be over, is no nearer to it. The
    clock that is set is such a time, too.

    Args:
        away_s: how long; negative where the clock was set back.
    """
    since_s = 0.0 if alert.is_firing else away_s
    # What fires began when it did, but not later than now.
    back_s = min(away_s, 0.0) if alert.is_firing else 0.0
    return replace(
        alert,
        bad_s=alert.bad_s + since_s + back_s,
        firing_s=alert.firing_s and max(alert.firing_s + back_s, 1.0),
        good_s=alert.good_s and alert.good_s + away_s,
        seen_s=alert.seen_s + away_s,
    )


def _step(alert: Alert | None, signal: Signal, rule: AlertRule, now_s: float) -> Alert | None:
    if signal.level == BAD:
        alert = replace(alert or Alert(rule.id, signal.subject, now_s), seen_s=now_s, good_s=0.0, words=signal.words)
        ripe = not alert.is_firing and now_s - alert.bad_s >= rule.for_s
        return replace(alert, firing_s=now_s) if ripe else alert
    if alert is None:
        return None
    is_good = signal.level == GOOD or (signal.level == NONE and now_s - alert.seen_s >= QUIET_S)
    if not is_good:
        return replace(alert, good_s=0.0)
    if not alert.is_firing:
        return None
    good_s = alert.good_s or now_s
    return None if now_s - good_s >= rule.keep_s else replace(alert, good_s=good_s)
