"""
Flow of `manage.py inspect_logs`: patterns → files → the collector's own reading and parsing → what it would count.

Nothing but the files is touched: no Redis, no database, no record of how far was read.
"""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from collector.core.batch_builder import oversize_batch
from collector.core.inspection_builder import InspectionBuilder
from collector.io.log_file import Changed, Lines, NoLine, open_log, read_lines
from collector.io.log_paths import scan
from collector.kernel.format import SAMPLE_BYTES, Format, Parser
from collector.kernel.formats import Formats
from collector.models.batch import LogBatch
from collector.models.file_record import FileRecord
from collector.models.inspection import Inspection
from collector.models.log_span import MAX_LINE_BYTES


class _ChangedMeanwhile(OSError):
    """The file was truncated or rewritten while it was read."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The next whole lines of a file."""

    #: What they say.
    batch: LogBatch
    #: Their bytes.
    size_bytes: int


def inspect_logs(patterns: Sequence[str], formats: Sequence[Format]) -> Inspection:
    """Read every file that the patterns match, chunk by chunk: memory does not grow with them."""
    started_s = time.perf_counter()
    inspection = InspectionBuilder()
    found = scan([_as_pattern(pattern) for pattern in patterns])
    for pattern, matches in found.patterns.items():
        if not matches:
            inspection.complain(_why_no_match(pattern))
    for path, reason in found.skipped.items():
        inspection.complain(f"{path} is not read: {reason}")
    for file in found.files.values():
        # Rotated siblings are the collector's business; here is read what was asked for.
        if not file.sibling:
            _inspect_file(file.path, Formats(list(formats)), inspection)
    return inspection.build(elapsed_s=time.perf_counter() - started_s)


def _as_pattern(path: str) -> str:
    # A shell that expanded the pattern hands over names, and a name may hold brackets.
    return glob.escape(path) if os.path.lexists(path) else os.path.expanduser(path)


def _why_no_match(pattern: str) -> str:
    if os.path.isdir(pattern):
        return f"{pattern} is a folder: name its files, such as {os.path.join(pattern, '*.log')}"
    folder = os.path.dirname(pattern) or "."
    if not glob.has_magic(folder) and not os.path.isdir(folder):
        return f"{pattern} matches nothing: there is no folder {os.path.abspath(folder)}"
    return f"{pattern} matches nothing" if os.path.isabs(pattern) else f"{pattern} matches nothing in {os.getcwd()}"


def _inspect_file(path: str, formats: Formats, inspection: InspectionBuilder) -> None:
    try:
        descriptor = open_log(path)
    except OSError as exc:
        inspection.complain(f"{path} cannot be read: {(exc.strerror or type(exc).__name__).lower()}")
        return
    try:
        sample = os.pread(descriptor, SAMPLE_BYTES, 0)
        chosen, confidence = formats.choose(sample)
        complaint = chosen.complain(sample) if confidence < 1 else ""
        file = inspection.begin_file(path, format_name=chosen.name, confidence=confidence, complaint=complaint)
        for part in _read_parts(descriptor, chosen.make_parser()):
            inspection.add(file, part.batch, size_bytes=part.size_bytes)
    except OSError as exc:
        inspection.complain(f"{path} was not read to its end: {(exc.strerror or str(exc)).lower()}")
    finally:
        os.close(descriptor)


def _read_parts(descriptor: int, parser: Parser) -> Iterator[_Part]:
    record = FileRecord(file_id="")
    scanned_to = 0
    while True:
        found = read_lines(descriptor, record, scanned_to=scanned_to)
        if isinstance(found, Changed):
            raise _ChangedMeanwhile("it was truncated or rewritten meanwhile")
        if isinstance(found, NoLine):
            if not found.has_more:
                yield from _rest(descriptor, parser, record.offset)
                return
            scanned_to = found.scanned_to
            continue
        if isinstance(found, Lines):
            end = record.offset + len(found.data)
            batch = parser.parse(found.data, offset=record.offset, received_s=time.time()).batch
        else:
            end = found.end
            batch = oversize_batch(end - record.offset, received_s=time.time())
        yield _Part(batch, end - record.offset)
        record = msgspec.structs.replace(record, offset=end, tail_hash=found.tail_hash)


def _rest(descriptor: int, parser: Parser, offset: int) -> Iterator[_Part]:
    """What stands behind the last newline: the collector waits for its end, here it counts as a line."""
    size_bytes = os.fstat(descriptor).st_size - offset
    if size_bytes > MAX_LINE_BYTES:
        yield _Part(oversize_batch(size_bytes, received_s=time.time()), size_bytes)
    elif size_bytes > 0:
        data = os.pread(descriptor, size_bytes, offset)
        yield _Part(parser.parse(data, offset=offset, received_s=time.time()).batch, len(data))
