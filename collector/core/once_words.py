"""What `collect --once` prints: its progress in a line, and the summary at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collector.core.shipped_sums import ShippedSums
from collector.lib.amounts import bytes_words, grouped, rate_words

_BAR_CHARS = 24


def progress_line(*, done_bytes: int, waiting_bytes: int, lines: int, files: int, took_s: float) -> str:
    """ "[######------]  50 %  1.2 of 2.4 GB  612k lines/s  12 files  3 s left"."""
    total = done_bytes + waiting_bytes
    share = done_bytes / total if total else 0.0
    bar = "#" * int(share * _BAR_CHARS)
    parts = [
        f"[{bar:-<{_BAR_CHARS}}] {100 * share:3.0f} %",
        f"{bytes_words(done_bytes)} of {bytes_words(total)}",
        f"{_lines_per_s(lines, took_s)} lines/s",
        _files(files),
    ]
    if done_bytes and waiting_bytes:
        parts.append(f"{_time_words(took_s * waiting_bytes / done_bytes)} left")
    return "  ".join(parts)


def summary(sums: ShippedSums, *, took_s: float, waiting_bytes: int, problems: Sequence[str], counted: str) -> str:
    """
    The end of the run, in lines.

    Args:
        waiting_bytes: bytes that could not be shipped.
        problems: what kept files from being read.
        counted: whether history has it all, in a sentence.
    """
    return "\n".join(_summary(sums, took_s, waiting_bytes, problems, counted))


def _summary(
    sums: ShippedSums, took_s: float, waiting_bytes: int, problems: Sequence[str], counted: str
) -> Iterator[str]:
    if sums.read_bytes:
        size = f"{grouped(sums.lines)} lines, {grouped(sums.read_bytes)} bytes of {_files(len(sums.files))}"
        yield f"{size} in {took_s:.1f} s ({_lines_per_s(sums.lines, took_s)} lines/s)"
        for status, lines in sums.runs.items():
            yield f"  {status:<20}{grouped(lines):>15}"
        for reason, lines in sorted(sums.skipped.items()):
            yield f"  {'skipped ' + reason:<20}{grouped(lines):>15}"
    else:
        yield "Nothing new: all that is there was read before."
    for reason, size_bytes in sorted(sums.lost_bytes.items()):
        yield f"  {'lost ' + reason:<20}{grouped(size_bytes):>15} bytes, gone before they could be read"
    yield from (f"Problem: {problem}" for problem in problems)
    yield _verdict(sums, waiting_bytes)
    yield counted


def _verdict(sums: ShippedSums, waiting_bytes: int) -> str:
    missing = {
        "could not be read": waiting_bytes,
        "were lost": sums.lost_bytes.total(),
        "were counted as nothing": sums.missing_bytes,
    }
    told = [f"{grouped(size_bytes)} bytes {what}" for what, size_bytes in missing.items() if size_bytes]
    if told:
        return f"Missing: {', '.join(told)}."
    sizes = f"parsed {grouped(sums.parsed_bytes)} + skipped {grouped(sums.skipped_bytes)}"
    return f"Nothing is missing: {sizes} = read {grouped(sums.read_bytes)} bytes."


def _lines_per_s(lines: int, took_s: float) -> str:
    return rate_words(lines / took_s if took_s > 0 else 0.0).removesuffix("/s")


def _files(count: int) -> str:
    return f"{grouped(count)} file{'' if count == 1 else 's'}"


def _time_words(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
