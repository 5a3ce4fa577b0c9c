from __future__ import annotations

import pytest

from collector.lib.log_buckets import bucket_index
from tests.drawn_world import PACK_KEY, PLACE_KEY, ran
from visualizer.core.node_state import event_stats, request_stats, stream_stats
from visualizer.models.live import ActivityStats


@pytest.mark.parametrize(
    ("done", "failed", "state"),
    [
        (0, 0, "idle"),
        (1, 0, "ok"),
        (1, 2, "ok"),  # two failures of three runs: too few of both to judge
        (0, 3, "fail"),  # three failures are enough
        (30, 3, "warn"),  # 9.1 %
        (27, 3, "fail"),  # 10 %
        (18, 1, "ok"),  # 19 runs
        (19, 1, "warn"),  # 20 runs
    ],
)
def test_an_event_is_judged_by_its_share_of_failures_and_not_on_a_handful(done: int, failed: int, state: str) -> None:
    assert event_stats([ran(PLACE_KEY, done=done, failed=failed)]).state == state


def test_an_event_sums_its_activities_up() -> None:
    stats = event_stats([ran(PLACE_KEY, done=5, last_s=7), ran(PACK_KEY, done=3, failed=1, last_s=9, pending=2)])
    assert (stats.started, stats.done, stats.failed, stats.pending, stats.rate, stats.last) == (9, 8, 1, 2, 0.9, 9)


def test_quantiles_are_right_to_two_percent_and_rounded() -> None:
    durations = {bucket_index(value): 1 for value in (10.0, 20.0, 30.0, 40.0, 1234.5)}
    stats = event_stats([ActivityStats(key=PLACE_KEY, done=5, durations=durations)])
    assert stats.p50 == pytest.approx(30, rel=0.025)
    assert stats.p99 == pytest.approx(40, rel=0.025)
    assert f"{stats.p50:.3g}" == str(stats.p50)


def test_something_that_runs_and_has_not_ended_is_not_idle() -> None:
    assert event_stats([ActivityStats(key=PLACE_KEY, pending=1)]).state == "ok"


@pytest.mark.parametrize(("age_ms", "state"), [(20.0, "ok"), (990.0, "ok"), (1100.0, "wait"), (3200.0, "wait")])
def test_a_stream_waits_when_its_messages_wait_longer_than_a_second(age_ms: float, state: str) -> None:
    part = ActivityStats(key=PACK_KEY, started=4, failed=4, stream_ages={bucket_index(age_ms): 4})
    stats = stream_stats([part])
    assert stats.state == state
    assert stats.wait == pytest.approx(age_ms, rel=0.025)
    assert stats.failed == 0  # how its consumers fare is theirs


def test_an_entry_shows_what_came_in() -> None:
    stats = request_stats([ran(PLACE_KEY, started=12, done=3, failed=9)])
    assert (stats.started, stats.failed, stats.state) == (12, 0, "ok")
