from __future__ import annotations

import pytest

from collector.models.heartbeat import CollectorBeat, RollupBeat
from visualizer.core.freshness import duration_words, judge_freshness
from visualizer.models.watch import Watch

NOW = 1000.0


def collector(name: str = "host:1", *, at_s: float = NOW, **more: object) -> CollectorBeat:
    fields = {"started_s": 0.0, "caught_up_s": at_s, "files": 2} | more
    return CollectorBeat(collector_id=name, at_s=at_s, **fields)  # type: ignore[arg-type]


def rollup(*, at_s: float = NOW, caught_up_s: float = NOW, problem: str = "") -> RollupBeat:
    return RollupBeat(at_s=at_s, caught_up_s=caught_up_s, problem=problem)


def test_it_is_as_old_as_the_one_who_is_furthest_behind() -> None:
    watch = Watch(
        collectors=(collector(caught_up_s=NOW - 0.4), collector("b:1")), rollups=(rollup(caught_up_s=NOW - 2),)
    )
    freshness = judge_freshness(watch, NOW)
    assert (freshness.behind_s, freshness.problems, freshness.files) == (2.0, (), 4)


def test_it_says_how_much_was_read_and_when_something_last_happened() -> None:
    rollups = (RollupBeat(at_s=NOW, caught_up_s=NOW, newest_s=NOW - 700), RollupBeat(at_s=NOW, caught_up_s=NOW), None)
    watch = Watch(collectors=(collector(lines_total=1200), collector("b:1", lines_total=4)), rollups=rollups)
    freshness = judge_freshness(watch, NOW)
    assert (freshness.lines, freshness.newest_s) == (1204, NOW - 700)


def test_time_between_two_words_is_no_delay_but_time_after_the_next_was_due_is() -> None:
    def behind_s(at_s: float) -> float | None:
        watch = Watch(collectors=(collector(at_s=at_s, caught_up_s=at_s - 0.1),), rollups=(rollup(),))
        return judge_freshness(watch, NOW).behind_s

    assert (behind_s(NOW), behind_s(NOW - 1.4), behind_s(NOW - 2.5)) == (0.1, 0.1, 1.1)


def test_nobody_is_believed_to_be_live_who_is_silent() -> None:
    freshness = judge_freshness(Watch(collectors=(collector(at_s=NOW - 12),), rollups=(rollup(),)), NOW)
    assert freshness.behind_s is None
    assert freshness.problems == ("Collector host:1 has not reported for 12 s.",)


def test_a_system_that_has_not_begun_says_what_is_missing() -> None:
    freshness = judge_freshness(Watch(), NOW)
    assert freshness.behind_s is None
    assert freshness.problems == ("No collector has reported.", "The rollup has not reported.")


def test_a_collector_that_was_killed_is_replaced_by_its_successor() -> None:
    old, new = collector("host:1", at_s=NOW - 30), collector("host:2", started_s=NOW - 20)
    assert judge_freshness(Watch(collectors=(old, new), rollups=(rollup(),)), NOW).behind_s == 0


def test_a_collector_of_another_machine_does_not_stand_in_for_one_that_died() -> None:
    old, other = collector("a:1", at_s=NOW - 30), collector("b:2", started_s=NOW - 20)
    assert judge_freshness(Watch(collectors=(old, other), rollups=(rollup(),)), NOW).behind_s is None


def test_a_clock_that_is_set_back_makes_nobody_the_successor_of_who_speaks() -> None:
    both = collector("host:1", started_s=NOW + 3600), collector("host:2")
    freshness = judge_freshness(Watch(collectors=both, rollups=(rollup(),)), NOW)
    assert (freshness.behind_s, freshness.problems, freshness.files) == (0, (), 4)


def test_the_problems_that_processes_tell_are_passed_on() -> None:
    watch = Watch(collectors=(collector(problems=["permission denied: a.log"]),), rollups=(rollup(problem="locked"),))
    assert judge_freshness(watch, NOW).problems == ("locked", "permission denied: a.log")


def test_every_shard_has_to_report() -> None:
    watch = Watch(layout="1:2", collectors=(collector(),), rollups=(rollup(), rollup(at_s=NOW - 90)))
    assert judge_freshness(watch, NOW).problems == ("The rollup of shard 1 has not reported for 1 min.",)


@pytest.mark.parametrize(("layout", "shards"), [("", 1), ("1:4", 4), ("garbage", 1), ("1:-3", 1)])
def test_the_layout_names_the_shards(layout: str, shards: int) -> None:
    assert Watch(layout=layout).shards == shards


@pytest.mark.parametrize(("seconds", "words"), [(-1, "0 s"), (12.4, "12 s"), (90, "1 min"), (7300, "2 h")])
def test_durations_are_said_in_words(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words
