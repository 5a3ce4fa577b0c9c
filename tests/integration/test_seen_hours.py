"""When runs and calls were seen is kept by the hour, once, whatever comes twice or late."""

from __future__ import annotations

import pytest

from collector.models.activity import CALLER, ActivityKey, Status
from collector.models.batch import BatchEnvelope, CallCount, LogBatch
from collector.models.count_table import CountTable
from collector.models.name_caps import NameCaps
from tests.shipped_file import KEY, SERVER, counts_of
from visualizer.core.incoming import Incoming
from visualizer.interfaces.history_writer import HistoryWriter
from visualizer.models.seen_hour import Pair
from visualizer.repo.compaction import compact
from visualizer.repo.models import CallEdge, SeenHour
from visualizer.repo.seen_hours import SEEN_HOURS_S, add_seen_hours, read_seen_hours

pytestmark = pytest.mark.django_db

HOUR = 500 * 3600
WEB = ActivityKey("web.1x0", "", "ask", CALLER)
Rows = set[tuple[int, ...]]


@pytest.fixture
def writer() -> HistoryWriter:
    return HistoryWriter(0, retention_s=1e9, caps=NameCaps())


def ship(writer: HistoryWriter, *seconds: int, calls: tuple[int, ...] = (), at: int = 0) -> None:
    """A batch of runs and calls in these seconds, at this place of its file."""
    counts = [count for second in seconds for count in counts_of(Status.START, second=second, size_bytes=1)]
    told = [CallCount(second, 1, 0, 1) for second in calls]
    batch = LogBatch(HOUR + 9000.0, [KEY, WEB], [SERVER], CountTable.of(counts), {}, calls=told)
    envelope = BatchEnvelope("f" * 24, 0, 0, at, at + len(seconds), len(seconds), "aa")
    writer.count([Incoming(b"1-0", envelope, batch, b"")], now_s=HOUR + 9000.0)


def rows() -> Rows:
    """(is it a call, start, first, last, gap), from the hour on."""
    found = SeenHour.objects.values_list("caller_id", "start_s", "first_s", "last_s", "gap_s")
    return {(caller > 0, start - HOUR, first - HOUR, last - HOUR, gap) for caller, start, first, last, gap in found}


def test_an_hour_holds_the_first_the_last_and_the_longest_way_between(writer: HistoryWriter) -> None:
    ship(writer, HOUR + 11, HOUR + 25, HOUR + 3599, HOUR + 3601, calls=(HOUR + 60,))
    assert rows() == {(False, 0, 10, 3590, 3570), (False, 3600, 3600, 3600, 0), (True, 0, 60, 60, 0)}


def test_ticks_join_to_what_one_tick_would_have_told(writer: HistoryWriter) -> None:
    for at, second in enumerate((HOUR + 5, HOUR + 7, HOUR + 100, HOUR + 40, HOUR + 400)):
        ship(writer, second, calls=(second,), at=at)
    # 40 came late: the way from 0 to 100 stays told.
    assert rows() == {(False, 0, 0, 400, 300), (True, 0, 0, 400, 300)}


def test_a_batch_that_comes_twice_and_a_writer_that_begins_anew_change_nothing(writer: HistoryWriter) -> None:
    ship(writer, HOUR + 5, HOUR + 900, calls=(HOUR + 5,))
    before = rows()
    ship(writer, HOUR + 5, HOUR + 900, calls=(HOUR + 5,))
    writer.forget()
    ship(writer, HOUR + 901, calls=(HOUR + 5,), at=2)
    assert rows() == before
    assert writer.calls == {(edge.caller_id, edge.callee_id) for edge in CallEdge.objects.all()}
    assert len(writer.calls) == 1


def test_a_slot_is_written_once_however_often_it_is_added_to(writer: HistoryWriter) -> None:
    ship(writer, HOUR + 5)
    SeenHour.objects.all().delete()
    ship(writer, HOUR + 7, at=1)
    assert rows() == set()


def test_hours_of_all_shards_are_read_and_old_ones_let_go(writer: HistoryWriter) -> None:
    ship(writer, HOUR + 5)
    activity = SeenHour.objects.get().activity_id
    runs, others = Pair(activity), Pair(activity, 7)
    add_seen_hours({runs: [HOUR + 50], others: [HOUR]}, shard=1)
    found = read_seen_hours([runs, Pair(activity, 9)], from_s=HOUR)
    assert found.keys() == {runs}
    assert [hour.first_s - HOUR for hour in sorted(found[runs])] == [0, 50]
    assert read_seen_hours([runs], from_s=HOUR + 1) == {}
    assert compact(now_s=HOUR + SEEN_HOURS_S + 1.0, retention_s=1e9, fine_s=900) >= 3
    assert rows() == set()
