"""The path of an operation in words: each hop, and all of it."""

from __future__ import annotations

from datetime import UTC, datetime

from visualizer.core.untrusted import visible
from visualizer.core.verdict import duration_ms_words
from visualizer.models.operation import FAILED, MISSING, MOST_ENTRIES, RUNNING, Hop, OperationPath


def hop_words(hop: Hop) -> str:
    """How long it waited and ran, and how it ended."""
    if hop.status == MISSING:
        return "not seen: a config says it reads what was written"
    waited = f"waited {duration_ms_words(hop.waited_ms)}, " if hop.waited_ms is not None else ""
    if hop.status == RUNNING:
        return f"{waited}still runs: no end was kept"
    ran = f"ran {duration_ms_words(hop.ran_ms)}"
    return visible(
        f"{waited}{ran}, failed: {hop.cause or 'no cause told'}" if hop.status == FAILED else f"{waited}{ran}"
    )


def path_words(path: OperationPath) -> str:
    """How many runs, since when, for how long, and what of them did not end well."""
    counts = {status: sum(hop.status == status for hop in path.hops) for status in (FAILED, RUNNING, MISSING)}
    seen = len(path.seen)
    began, took = utc_words(path.began_s), duration_ms_words(path.took_ms)
    parts = [f"{seen} run{'s' if seen != 1 else ''} from {began}, {took} in all"]
    for status, word in ((FAILED, "failed"), (RUNNING, "still running"), (MISSING, "expected and not seen")):
        if counts[status]:
            parts.append(f"{counts[status]} {word}")
    told = f"{', '.join(parts)}."
    return f"{told} Only {MOST_ENTRIES:,} lines are looked at." if path.is_cut else told


def utc_words(at_s: float) -> str:
    """1800000000 → "2027-01-15 08:00:00 UTC"."""
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
