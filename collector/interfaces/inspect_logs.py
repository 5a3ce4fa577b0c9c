"""
Flow of `manage.py inspect_logs`: patterns → files → the collector's own reading and parsing → what it would count.

Nothing but the files is touched: no Redis, no database, no record of how far was read.
"""

from __future__ import annotations

import asyncio
import glob
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import svcs

from collector.core.batch_builder import oversize_batch
from collector.core.inspection_builder import InspectionBuilder
from collector.io.log_file import Changed, Lines, NoLine, open_log, read_lines
from collector.io.log_paths import scan
from collector.kernel.application import Bind
from collector.kernel.bus import Bus
from collector.kernel.format import SAMPLE_BYTES, Format
from collector.kernel.formats import Formats
from collector.models.batch import LogBatch
from collector.models.file_record import FileRecord
from collector.models.haul import SourceLines
from collector.models.inspection import Inspection
from collector.models.log_span import LogSpan
from collector.models.options import Options


class _ChangedMeanwhile(OSError):
    """The file was truncated or rewritten while it was read."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The next whole lines of a file."""

    #: What they say.
    batch: LogBatch
    #: Their bytes.
    size_bytes: int


def bound_formats(formats: Sequence[Format], options: Options) -> Formats:
    """
    The formats with what the settings tell them, outside a collector.

    Raises:
        ApplicationError: the settings name a format that is none.
    """

    async def bind() -> None:
        bind = Bind(registry=svcs.Registry(), options=options, bus=Bus())
        for each in formats:
            await each.on_bind(bind)

    asyncio.run(bind())
    return Formats(formats, overrides=options.formats)


def inspect_logs(patterns: Sequence[str], formats: Formats) -> Inspection:
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
            _inspect_file(file.path, formats, inspection)
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
        chosen, recognition = formats.choose(sample, path=os.path.abspath(path))
        file = inspection.begin_file(path, recognition)
        record = FileRecord(file_id=path, path=os.path.abspath(path))
        for part in _read_parts(descriptor, formats, record, max_line_bytes=chosen.max_line_bytes):
            inspection.add(file, part.batch, size_bytes=part.size_bytes)
    except OSError as exc:
        inspection.complain(f"{path} was not read to its end: {(exc.strerror or str(exc)).lower()}")
    finally:
        os.close(descriptor)


def _read_parts(descriptor: int, formats: Formats, record: FileRecord, *, max_line_bytes: int) -> Iterator[_Part]:
    scanned_to = 0
    while True:
        found = read_lines(descriptor, record, scanned_to=scanned_to, max_line_bytes=max_line_bytes)
        if isinstance(found, Changed):
            raise _ChangedMeanwhile("it was truncated or rewritten meanwhile")
        if isinstance(found, NoLine):
            if not found.has_more:
                yield from _rest(descriptor, formats, record, max_line_bytes=max_line_bytes)
                return
            scanned_to = found.scanned_to
            continue
        if isinstance(found, Lines):
            part = _parse(found.data, formats, record)
        else:
            size_bytes = found.end - record.offset
            part = _Part(oversize_batch(size_bytes, received_s=time.time()), size_bytes)
        yield part
        record = msgspec.structs.replace(record, offset=record.offset + part.size_bytes, tail_hash=found.tail_hash)


def _rest(descriptor: int, formats: Formats, record: FileRecord, *, max_line_bytes: int) -> Iterator[_Part]:
    """What stands behind the last newline: the collector waits for its end, here it counts as a line."""
    size_bytes = os.fstat(descriptor).st_size - record.offset
    if size_bytes > max_line_bytes:
        yield _Part(oversize_batch(size_bytes, received_s=time.time()), size_bytes)
    elif size_bytes > 0:
        yield _parse(os.pread(descriptor, size_bytes, record.offset), formats, record)


def _parse(data: bytes, formats: Formats, record: FileRecord) -> _Part:
    span = LogSpan(record, shard=0, end=record.offset + len(data), tail_hash="")
    return _Part(formats.parse(SourceLines(span, data), time.time()).batch, len(data))
