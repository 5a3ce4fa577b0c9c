"""Lines counted by column are counted as they are one by one, whatever they hold."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.core.hopeit_columns import MAX_WINDOW_FAILURES, MAX_WINDOW_SAMPLES
from collector.core.hopeit_lines import HopeitLines
from collector.lib.sampling import EVERYTHING, is_sampled, sample_hash
from collector.models.batch import KeptEntry, LogBatch
from collector.models.keep import COUNTS_ONLY, Keep
from tests.hopeit_hostile_lines import any_lines
from tests.hopeit_line import APP, hopeit_line, statuses, sums, trace_of

RECORDED = sorted((Path(__file__).resolve().parent.parent / "fixtures" / "hopeit" / "logs").glob("*.log"))
#: More than any window here has.
NEVER = 2**40


@lru_cache(maxsize=100_000)
def _read_alone(line: bytes) -> Counter[tuple[object, ...]]:
    return sums(HopeitLines(min_column_bytes=NEVER).parse(line, offset=0, received_s=0).batch)


def _line_by_line(data: bytes) -> Counter[tuple[object, ...]]:
    """What each line says to a parser that knows no other."""
    found: Counter[tuple[object, ...]] = Counter()
    *lines, rest = data.split(b"\n")
    for line in [*(line + b"\n" for line in lines), *([rest] if rest else [])]:
        found.update(_read_alone(line))
    return found


def _parse(chunks: list[bytes], *, keep: Keep = COUNTS_ONLY, min_column_bytes: int = 0) -> list[LogBatch]:
    """The batches of a parser that knows the lines already: it has seen them all before."""
    parser, batches, offset = HopeitLines(min_column_bytes=min_column_bytes), [], 0
    parser.parse(b"".join(chunks) + b"\n", offset=0, received_s=0)
    for chunk in chunks:
        batches.append(parser.parse(chunk, offset=offset, received_s=0, keep=keep).batch)
        offset += len(chunk)
    return batches


def _whole(batches: list[LogBatch], name: str) -> list[tuple[object, ...]]:
    """Entries kept whole, with what their indices stand for."""
    found = []
    for batch in batches:
        for entry in getattr(batch, name):
            values = [getattr(entry, field) for field in KeptEntry.__struct_fields__ if field not in ("key", "server")]
            found.append((*values, batch.keys[entry.key], batch.servers[entry.server]))
    return found


@st.composite
def _chunks(draw: st.DrawFn) -> list[bytes]:
    lines = draw(st.lists(any_lines(), min_size=1, max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(lines)), max_size=4)))
    chunks = [b"".join(lines[a:b]) for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    return [chunk for chunk in chunks if chunk]


@settings(max_examples=150)
@given(_chunks())
def test_every_line_byte_and_bucket_is_counted_as_if_it_stood_alone(chunks: list[bytes]) -> None:
    # A chunk that ends in the middle of a line is a line of its own.
    expected = sum(map(_line_by_line, chunks), Counter())
    assert sums(*_parse(chunks)) == expected
    assert sums(*_parse(chunks, keep=Keep(sample_below=EVERYTHING // 2))) == expected
    assert sums(*_parse(chunks, min_column_bytes=NEVER)) == expected


@settings(max_examples=150)
@given(_chunks())
def test_what_is_kept_whole_does_not_depend_on_the_way(chunks: list[bytes]) -> None:
    keep = Keep(sample_below=EVERYTHING // 2)
    by_column, by_line = _parse(chunks, keep=keep), _parse(chunks, keep=keep, min_column_bytes=NEVER)
    assert sorted(_whole(by_column, "samples")) == sorted(_whole(by_line, "samples"))
    kept = _whole(by_column, "failures")
    assert set(kept) <= set(_whole(by_line, "failures"))
    if sum(statuses(batch).get("FAILED", 0) for batch in by_line) <= MAX_WINDOW_FAILURES:
        assert kept == _whole(by_line, "failures")


@pytest.mark.parametrize("chunk_bytes", [1500, 40_000, 2**30])
def test_recorded_lines_are_counted_as_if_each_stood_alone(chunk_bytes: int) -> None:
    for path in RECORDED:
        data = 2 * path.read_bytes()
        chunks, begin = [], 0
        while begin < len(data):
            end = data.rfind(b"\n", begin, begin + chunk_bytes) + 1 or data.index(b"\n", begin) + 1
            chunks.append(data[begin:end])
            begin = end
        assert sums(*_parse(chunks)) == _line_by_line(data), path.name


def test_all_recorded_lines_may_stand_in_one_file() -> None:
    data = b"".join(path.read_bytes() for path in RECORDED)
    assert sums(*_parse([data, data])) == _line_by_line(data + data)


def _run(message: str, number: int, *, request: int = 0) -> bytes:
    ids = f"track.operation_id={UUID(int=number)} | track.request_id={UUID(int=request or number)}"
    return hopeit_line(message, ids, APP)


def test_of_many_failures_some_of_each_activity_are_kept_with_their_causes() -> None:
    known = _run("FAILED", 0) + _run("FAILED", 0).replace(b" query ", b" other ")
    error = hopeit_line("Oh", f"track.operation_id={UUID(int=900)}", APP, trace_of("KeyError: 'x'"), level="ERROR")
    other = error + _run("FAILED", 900).replace(b" query ", b" other ")
    batch = _parse([known, b"".join(_run("FAILED", n) for n in range(1, 500)) + other])[1]

    assert statuses(batch) == {"FAILED": 500}
    assert len(batch.failures) == MAX_WINDOW_FAILURES
    assert [entry.cause for entry in batch.failures if entry.operation_id == str(UUID(int=900))] == ["KeyError: 'x'"]


def test_of_many_sampled_runs_those_with_the_lowest_hashes_are_kept() -> None:
    runs = [_run("START", n, request=n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128) for n in range(1, 150)]
    (batch,) = _parse([b"".join(runs)], keep=Keep(sample_below=EVERYTHING))

    hashes = sorted(sample_hash(line.split(b"request_id=")[1][:36]) for line in runs)
    assert statuses(batch) == {"START": 149}
    assert sorted(sample_hash(e.request_id.encode()) for e in batch.samples) == hashes[:MAX_WINDOW_SAMPLES]


def test_a_sampled_operation_is_kept_from_its_start_to_its_end() -> None:
    n = next(n for n in range(1, 2000) if is_sampled(str(UUID(int=n)).encode(), EVERYTHING // 100))
    data = b"".join(_run(message, k) for k in range(1, n + 50) for message in ("START", "FAILED"))
    (batch,) = _parse([data], keep=Keep(sample_below=EVERYTHING // 100))

    assert [entry.status for entry in batch.samples if entry.request_id == str(UUID(int=n))] == [0, 2]


def test_the_last_engine_line_tells_its_version() -> None:
    parser = HopeitLines(min_column_bytes=0)
    lines = [hopeit_line("Hello", logger=f"hopeit.engine {version} engine vm 1") for version in ("0.30.1", "0.30.2")]
    parser.parse(b"".join(lines), offset=0, received_s=0)
    for last in (lines, lines[::-1]):
        parsed = parser.parse(b"".join(last * 3) + hopeit_line(), offset=0, received_s=0)
        assert parsed.engine_versions["hopeit.engine"].encode() in last[-1]
        assert parsed.batch.skipped["message"].lines == 6
