from __future__ import annotations

from collector.applications.sources.log_files.line_rates import MAX_SOURCES, LineRates
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import ActivityCount, CountTable


def batch(at_s: float, *, lines: int, second: int = 0) -> LogBatch:
    rows = [ActivityCount(second, 0, 0, 0, lines, lines)] if second else []
    return LogBatch(at_s, [], [], CountTable.of(rows), {} if second else {"message": Skipped(lines, lines)})


def test_a_rate_looks_back_ten_seconds() -> None:
    rates = LineRates()
    for second in range(20):
        rates.note(("a", 0), batch(100.5 + second, lines=7))
        rates.note(("a", 0), batch(100.6 + second, lines=3))
    read = rates.of(("a", 0))
    assert read is not None
    assert read.lines_per_s(119.9) == 10
    assert read.lines_per_s(124.9) == 5
    assert read.lines_per_s(140) == 0


def test_the_newest_line_is_told_by_itself_else_by_when_it_was_read() -> None:
    rates = LineRates()
    rates.note(("a", 0), batch(100.5, lines=1, second=50))
    rates.note(("a", 0), batch(101.5, lines=1, second=40))
    rates.note(("b", 0), batch(100.5, lines=1))
    assert [read.last_line_s for each in "ab" if (read := rates.of((each, 0)))] == [50, 100.5]
    assert rates.of(("c", 0)) is None


def test_only_so_many_sources_are_remembered() -> None:
    rates = LineRates()
    for number in range(MAX_SOURCES + 1):
        rates.note((str(number), 0), batch(1, lines=1))
    assert rates.of(("0", 0)) is None
    assert rates.of((str(MAX_SOURCES), 0)) is not None
