"""The live window tells what ran in the last minute, what still runs, and each change of it once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.activity import ActivityKey, Status
from tests.shipped_file import KEY
from visualizer.core import live_window
from visualizer.core.counts import Counts
from visualizer.core.live_window import LiveWindow
from visualizer.models.live import ActivityStats

NOW = 1000


def counts(*statuses: Status, durations: dict[int, int] | None = None, last_s: float = 0.0) -> Counts:
    made = Counts()
    for status in statuses:
        made.statuses[status] += 1
    made.durations = durations or {}
    made.last_s = last_s
    return made


def window(now_s: float = NOW) -> LiveWindow:
    made = LiveWindow()
    made.slide(now_s)
    made.name(1, KEY)
    return made


def add(live: LiveWindow, activity_id: int, server_id: int, *, second: int, counts: Counts) -> None:
    """Runs as they come in."""
    live.add_open(activity_id, server_id, runs=counts.statuses[Status.START] - counts.ended)
    live.add_seen(activity_id, second=second, counts=counts)


def only(changes: list[ActivityStats]) -> ActivityStats:
    (stats,) = changes
    return stats


def test_what_runs_is_told_once() -> None:
    live = window()
    add(live, 1, 9, second=NOW, counts=counts(Status.START, Status.DONE, durations={4: 1}, last_s=1000.3))
    assert only(live.take_changes()) == ActivityStats(
        key=KEY, started=1, done=1, recent=1, durations={4: 1}, last_s=1000.3
    )
    assert live.take_changes() == []


def test_two_servers_are_one_activity() -> None:
    live = window()
    for server in (9, 10):
        add(live, 1, server, second=NOW, counts=counts(Status.START))
    stats = only(live.take_changes())
    assert (stats.started, stats.pending) == (2, 2)


def test_a_rate_falls_after_ten_seconds_and_a_count_after_sixty() -> None:
    live = window()
    add(live, 1, 9, second=NOW, counts=counts(Status.START, Status.DONE))
    told = []
    for now_s in (NOW, NOW + 9, NOW + 10, NOW + 59, NOW + 60):
        live.slide(now_s)
        told += [(now_s - NOW, s.recent, s.done) for s in live.take_changes()]
    assert told == [(0, 1, 1), (10, 0, 1), (60, 0, 0)]
    assert list(live.told()) == [], "it has left the window"


def test_the_rate_is_that_of_starts_where_nothing_ends() -> None:
    live = window()
    add(live, 1, 9, second=NOW, counts=counts(Status.START, Status.START))
    assert only(live.take_changes()).recent == 2


def test_a_late_line_changes_what_is_open_but_not_the_window() -> None:
    live = window()
    add(live, 1, 9, second=NOW - 500, counts=counts(Status.START))
    stats = only(live.take_changes())
    assert (stats.started, stats.pending) == (0, 1)


def test_a_run_that_ends_is_not_pending_any_more() -> None:
    live = window()
    live.add_open(1, 9, runs=3)
    assert only(live.take_changes()).pending == 3
    add(live, 1, 9, second=NOW, counts=counts(Status.DONE, Status.FAILED, Status.IGNORED))
    assert only(live.take_changes()).pending == 0


def test_nothing_is_pending_on_a_server_that_is_gone() -> None:
    live = window()
    live.add_open(1, 9, runs=2)
    live.add_open(1, 10, runs=1)
    live.take_changes()
    live.set_gone({(KEY.app, 9), ("another.1x0", 10)})
    assert only(live.take_changes()).pending == 1
    live.set_gone(frozenset())
    assert only(live.take_changes()).pending == 3


def test_ends_without_starts_hide_no_other_server() -> None:
    live = window()
    live.add_open(1, 9, runs=-5)
    live.add_open(1, 10, runs=2)
    assert only(live.take_changes()).pending == 2


def test_open_servers_are_named_with_their_app() -> None:
    live = window()
    live.name(2, ActivityKey("other.1x0", "", "e", "request"))
    live.add_open(1, 9, runs=1)
    live.add_open(2, 9, runs=-1)
    assert live.open_servers() == {(KEY.app, 9)}


def test_a_full_window_takes_another_activity_once_one_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_window, "MOST_ACTIVITIES", 1)
    live = window()
    add(live, 1, 9, second=NOW, counts=counts(Status.START, Status.DONE))
    live.take_changes()
    assert (live.name(1, KEY), live.name(2, KEY)) == (True, False)
    live.slide(NOW + 61)
    live.take_changes()
    assert live.name(2, KEY)


steps = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 70), st.sampled_from(Status)), max_size=40)


@given(steps)
def test_a_window_that_slid_equals_one_built_anew(runs: list[tuple[int, int, Status]]) -> None:
    live, now, seen = window(), NOW, []
    for wait, ago, status in runs:
        now += wait
        live.slide(now)
        add(live, 1, 9, second=now - ago, counts=counts(status, durations={ago: 1}))
        seen.append((now - ago, status, ago))
    live.take_changes()
    fresh = window(now)
    for second, status, ago in seen:
        add(fresh, 1, 9, second=second, counts=counts(status, durations={ago: 1}))
    fresh.take_changes()
    assert list(live.told()) == list(fresh.told())
