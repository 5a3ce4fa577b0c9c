"""What is open is kept with its batch's claim: it outlives the rollup, and a batch that comes twice counts once."""

from __future__ import annotations

import pytest

from collector.models.batch import BatchEnvelope, LogBatch, Skipped
from collector.models.count_table import CountTable
from collector.models.name_caps import NameCaps
from collector.models.open_run import OpenedRun, OtherRuns
from tests.shipped_file import KEY, SERVER
from visualizer.core.incoming import Incoming
from visualizer.interfaces.history_writer import HistoryWriter
from visualizer.repo.models import SourceOpenRuns
from visualizer.repo.open_runs import read_all_open

pytestmark = pytest.mark.django_db
NOW = 1_000_000.0


def new_writer() -> HistoryWriter:
    writer = HistoryWriter(0, retention_s=1e9, caps=NameCaps())
    writer.forget()
    return writer


def ship(writer: HistoryWriter, *opened: int, closed: tuple[int, ...] = (), more: int = 0, at: int = 0) -> None:
    """A batch that opens and closes these runs, at this place of its file."""
    runs = [OpenedRun(NOW - 5, 0, 0, run, f"op {run}") for run in opened]
    others = [OtherRuns(0, 0, sorted(closed), more_opened=more)]
    skipped = {"message": Skipped(1, 100)}
    batch = LogBatch(NOW, [KEY], [SERVER], CountTable.of([]), skipped, opened=runs, other_runs=others)
    envelope = BatchEnvelope("f" * 24, 0, 0, 100 * at, 100 * at + 100, 1, "aa")
    writer.count([Incoming(b"1-0", envelope, batch, b"")], now_s=NOW)


def kept() -> list[tuple[list[str], int]]:
    return [([run.operation_id for run in row.open.runs], row.open.more) for row in read_all_open()]


def test_what_is_open_outlives_the_rollup_and_a_batch_that_comes_twice_counts_once() -> None:
    ship(new_writer(), 1, 2, 3, more=7)
    writer = new_writer()
    for _ in range(2):
        ship(writer, 4, closed=(2,), at=1)
        assert kept() == [(["op 1", "op 3", "op 4"], 7)]
    assert {place: found.more for _, place, found in writer.open_runs} == {(1, 1): 7}
    ship(new_writer(), closed=(1, 3, 4, *range(90, 97)), at=2)
    assert not SourceOpenRuns.objects.exists()


def test_what_runs_on_a_process_that_is_gone_is_let_go() -> None:
    writer = new_writer()
    ship(writer, 1)
    server = next(iter(writer.activities.servers))
    writer.end_open_runs({("other.1x0", server), (KEY.app, server + 1)}, now_s=NOW)
    assert kept() == [(["op 1"], 0)]
    writer.end_open_runs({(KEY.app, server)}, now_s=NOW)
    assert not SourceOpenRuns.objects.exists()
    assert not list(writer.open_runs)
