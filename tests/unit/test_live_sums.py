from __future__ import annotations

from tests.drawn_world import PACK_KEY, PLACE_KEY, ran
from visualizer.core.live_sums import LiveSums
from visualizer.models.live import ActivityStats, LiveUpdate


def test_the_shards_are_added_up() -> None:
    sums = LiveSums()
    sums.take(0, [LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=2, last_s=5, pending=1)])])
    (total,) = sums.take(1, [LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, failed=3, last_s=4)])])
    assert (total.started, total.done, total.failed, total.pending, total.last_s) == (5, 2, 3, 1, 5)
    assert sum(total.durations.values()) == 5


def test_a_shards_own_numbers_are_replaced_not_added() -> None:
    sums = LiveSums()
    sums.take(0, [LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=2)])])
    (total,) = sums.take(0, [LiveUpdate(at_s=2, changed=[ran(PLACE_KEY, done=3)])])
    assert total.done == 3


def test_a_rollup_that_began_again_takes_back_what_it_does_not_repeat() -> None:
    sums = LiveSums()
    sums.take(0, [LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=2), ran(PACK_KEY, done=1)])])
    touched = sums.take(0, [LiveUpdate(at_s=2, changed=[ran(PACK_KEY, done=1)], reset=True)])
    assert {stats.key: stats.done for stats in touched} == {PLACE_KEY: 0, PACK_KEY: 1}
    assert [stats.key for stats in sums.all()] == [PACK_KEY]


def test_what_left_the_window_is_told_once_and_forgotten() -> None:
    sums = LiveSums()
    sums.take(0, [LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=2)])])
    (gone,) = sums.take(0, [LiveUpdate(at_s=2, changed=[ActivityStats(key=PLACE_KEY, last_s=9)])])
    assert gone.done == 0
    assert sums.all() == []
