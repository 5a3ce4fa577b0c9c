"""What is usual, out of history as a rollup writes it and the worker coarsens it."""

from __future__ import annotations

import pytest

from collector.models.activity import Status
from collector.models.resolution import DEFAULT_RESOLUTIONS
from tests.integration.history_database import make_rows, write
from visualizer.interfaces.usual_rates import EVERY_S, UsualRates
from visualizer.repo.compaction import coarsen

pytestmark = pytest.mark.django_db(transaction=True)
#: A quarter past an hour.
NOW = 480_000 * 3600 + 900
DAY_S = 86400


def test_the_same_hour_of_days_before_is_held_against_the_last_ten_minutes() -> None:
    make_rows(activities=2, servers=2)
    for day in range(1, 6):
        # Another hour has nothing to do with it.
        write(NOW - day * DAY_S, 1, statuses={Status.START: 6000 + day, Status.DONE: 6000 + day})
        write(NOW - day * DAY_S - 7200, 1, statuses={Status.DONE: 90_000})
        # Begins are not told.
        write(NOW - day * DAY_S, 2, server=2, statuses={Status.DONE: 600})
    write(NOW - 60, 1, statuses={Status.START: 90, Status.DONE: 90})
    write(NOW - 60, 2, statuses={Status.DONE: 60, Status.FAILED: 40})
    write(NOW - 700, 2, statuses={Status.DONE: 5000})
    rates = UsualRates()
    found = rates.look(DEFAULT_RESOLUTIONS, now_s=NOW)
    deviation, words = found["shop.e1"]
    assert deviation < -6
    assert words == "90 runs in the last 10 min; usual at this hour are 1,000 (median of 5 days)."
    assert 0 <= found["shop.e2"][0] <= 2
    coarsen(DEFAULT_RESOLUTIONS, now_s=NOW, go_on=lambda: True)
    assert UsualRates().look(DEFAULT_RESOLUTIONS, now_s=NOW) == found
    write(NOW - 10, 1, statuses={Status.START: 1000})
    assert rates.look(DEFAULT_RESOLUTIONS, now_s=NOW + 1) == found
    assert rates.look(DEFAULT_RESOLUTIONS, now_s=NOW + EVERY_S)["shop.e1"][0] > -6


def test_days_that_were_not_watched_do_not_count() -> None:
    make_rows(activities=1, servers=1)
    for day in (1, 2, 3):
        write(NOW - day * DAY_S, 1, statuses={Status.DONE: 6000})
    assert UsualRates().look(DEFAULT_RESOLUTIONS, now_s=NOW) == {}
