"""Formats: which format reads a source, and what happens when one breaks."""

from __future__ import annotations

from typing import ClassVar

import pytest

from collector.kernel.application import Bind
from collector.kernel.bus import Bus
from collector.kernel.discovery import BUILT_IN, load_applications
from collector.kernel.events import BatchesParsed, LinesRead, ParseFailed
from collector.kernel.format import Format
from collector.kernel.formats import Formats
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import CountTable
from collector.models.errors import ApplicationError
from collector.models.file_record import FileRecord
from collector.models.haul import ParsedPart, SourceLines
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.log_span import LogSpan
from collector.models.options import Options
from collector.models.parsed_chunk import ParsedChunk


class Marked(Format):
    """Knows lines that begin with its mark, and counts each chunk as one message."""

    name: ClassVar[str] = "marked"
    mark: ClassVar[bytes] = b"M"
    uncounted_bytes: ClassVar[int] = 0

    def recognise(self, sample: bytes) -> float:
        return float(sample.startswith(self.mark))

    def make_parser(self) -> Marked:
        return self

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        skipped = {self.name: Skipped(chunk.count(b"\n"), len(chunk) - self.uncounted_bytes)}
        return ParsedChunk(LogBatch(received_s, [], [], CountTable.of([]), skipped))


class Other(Marked):
    name: ClassVar[str] = "other"
    mark: ClassVar[bytes] = b"O"


class Breaks(Marked):
    mark: ClassVar[bytes] = b"B"

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        raise ValueError("cannot")


class Miscounts(Marked):
    uncounted_bytes: ClassVar[int] = 1


async def read(formats: list[Format], *chunks: bytes) -> list[ParsedPart | ParseFailed]:
    """What is told when the chunks of one source are read."""
    bus, offset = Bus(), 0
    told: list[ParsedPart | ParseFailed] = []

    async def hear_parsed(event: BatchesParsed) -> None:
        told.extend(event.parts)

    async def hear_failed(event: ParseFailed) -> None:
        told.append(event)

    bus.listen(BatchesParsed, hear_parsed)
    bus.listen(ParseFailed, hear_failed)
    Formats(formats).bind(Bind(registry=None, options=Options(), bus=bus))  # type: ignore[arg-type]
    for chunk in chunks:
        span = LogSpan(FileRecord(file_id="f", offset=offset), 0, offset + len(chunk), "")
        await bus.publish(LinesRead((SourceLines(span, chunk),), 1.0))
        offset += len(chunk)
    return told


def reasons(told: list[ParsedPart | ParseFailed]) -> list[str]:
    return [next(iter(part.batch.skipped)) for part in told if isinstance(part, ParsedPart)]


async def test_the_surest_format_reads_a_source_to_its_end() -> None:
    assert reasons(await read([Marked(), Other()], b"O first\n", b"M later\n")) == ["other", "other"]


async def test_lines_nobody_knows_are_unparsable_until_one_knows_more() -> None:
    assert reasons(await read([Marked(), Other()], b"? strange\n", b"O known\n")) == ["unparsable", "other"]


async def test_a_format_that_breaks_on_one_source_costs_no_other_of_the_same_wake_up() -> None:
    bus, parsed, failed = Bus(), [], []

    async def hear_parsed(event: BatchesParsed) -> None:
        parsed.append([part.span.record.file_id for part in event.parts])

    async def hear_failed(event: ParseFailed) -> None:
        failed.append(event.span.record.file_id)

    bus.listen(BatchesParsed, hear_parsed)
    bus.listen(ParseFailed, hear_failed)
    Formats([Marked(), Breaks()]).bind(Bind(registry=None, options=Options(), bus=bus))  # type: ignore[arg-type]
    parts = [
        SourceLines(LogSpan(FileRecord(file_id=file_id), 0, len(data), ""), data)
        for file_id, data in (("a", b"M one\n"), ("b", b"B two\n"), ("c", b"M three\n"))
    ]
    await bus.publish(LinesRead(tuple(parts), 1.0))
    assert (parsed, failed) == ([["a", "c"]], ["b"])


async def test_a_format_that_miscounts_is_not_believed() -> None:
    (told,) = await read([Miscounts()], b"M one\n")
    assert isinstance(told, ParseFailed)
    assert "counted 5 of 6 bytes" in told.error


async def test_without_a_format_lines_are_an_error_and_not_lost() -> None:
    with pytest.raises(ApplicationError, match="no application that is a format"):
        Formats([]).choose(b"line\n")


def test_all_built_in_applications_are_found_under_their_names() -> None:
    assert [each.name for each in load_applications(list(BUILT_IN))] == list(BUILT_IN)


def test_an_unknown_application_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ApplicationError, match="unknown application 'log_file', did you mean 'log_files'"):
        load_applications(["log_file"])
