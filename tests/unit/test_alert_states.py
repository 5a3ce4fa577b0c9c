from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.models.alert_rule import AlertRule
from visualizer.core.alert_signals import level_of
from visualizer.core.alert_states import QUIET_S, Alerts, step_alerts, unseen
from visualizer.models.alert import BAD, BETWEEN, GOOD, NONE, Signal

RULE = AlertRule(id="failing", measure="failures", above=0.1, clear_below=0.05, for_s=30, keep_s=60)
KEY = ("failing", "a")


def after(*looks: tuple[float, str], start: Alerts | None = None) -> Alerts:
    """The alerts after looks at these times that found these levels."""
    alerts = start or {}
    for now_s, level in looks:
        alerts = step_alerts(alerts, [Signal(*KEY, level=level)], {RULE.id: RULE}, now_s=now_s)
    return alerts


def test_it_fires_when_it_was_wrong_for_long_enough() -> None:
    assert not after((0, BAD), (29, BAD))[KEY].is_firing
    fired = after((0, BAD), (30, BAD))[KEY]
    assert (fired.bad_s, fired.firing_s) == (0, 30)


def test_what_was_wrong_for_a_moment_never_fires_later() -> None:
    assert not after((0, BAD), (10, GOOD), (40, BAD))[KEY].is_firing


def test_between_its_thresholds_everything_stays_what_it_is() -> None:
    assert [level_of(RULE, value) for value in (0.2, 0.1, 0.05, 0.04, None)] == [BAD, BETWEEN, BETWEEN, GOOD, NONE]
    assert after((0, BAD), (30, BAD), (500, BETWEEN))[KEY].is_firing
    assert after((0, BETWEEN)) == {}


def test_it_ends_when_it_was_well_for_long_enough_without_a_break() -> None:
    fired = after((0, BAD), (30, BAD), (40, GOOD), (99, GOOD))
    assert fired[KEY].is_firing
    assert after((100, GOOD), start=fired) == {}
    assert after((100, BAD), (101, GOOD), (160, GOOD), start=fired)[KEY].is_firing


def test_nothing_is_well_because_nothing_runs_but_one_day_it_is_over() -> None:
    fired = after((0, BAD), (30, BAD))
    quiet = after((200, NONE), (QUIET_S, NONE), start=fired)
    assert quiet[KEY].is_firing
    assert after((QUIET_S + 30, NONE), (QUIET_S + 91, NONE), start=quiet) == {}


def test_a_subject_of_which_nothing_is_said_and_a_rule_that_is_gone() -> None:
    fired = after((0, BAD), (30, BAD))
    assert step_alerts(fired, [], {RULE.id: RULE}, now_s=60)[KEY].is_firing
    assert step_alerts(fired, [], {}, now_s=60) == {}


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from([BAD, BETWEEN, GOOD, NONE])), max_size=30))
def test_looking_twice_at_the_same_changes_nothing(looks: list[tuple[int, str]]) -> None:
    once: Alerts = {}
    twice: Alerts = {}
    now_s = 0
    for pause_s, level in looks:
        now_s += pause_s
        once = after((now_s, level), start=once)
        twice = after((now_s, level), (now_s, level), start=twice)
        assert once == twice


def test_time_that_nobody_saw_brings_nothing_nearer_and_a_clock_set_back_nothing_later() -> None:
    pending, fired = after((100, BAD), (110, BAD))[KEY], after((100, BAD), (130, BAD), (140, GOOD))[KEY]
    assert after((720, BAD), start={KEY: unseen(pending, away_s=600)})[KEY].is_firing is False
    assert after((730, BAD), start={KEY: unseen(pending, away_s=600)})[KEY].is_firing
    away = unseen(fired, away_s=600)
    assert (away.bad_s, away.firing_s, away.good_s) == (100, 130, 740)
    assert after((799, GOOD), start={KEY: away})
    assert after((800, GOOD), start={KEY: away}) == {}
    back = unseen(fired, away_s=-50)
    assert (back.bad_s, back.firing_s, back.good_s, back.seen_s) == (50, 80, 90, 80)
