"""A TopologyDiff for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.core.diff_words import (
    SIGNS,
    change_words,
    counts_words,
    failed_words,
    p95_words,
    rate_words,
    worse_words,
)
from visualizer.core.untrusted import visible
from visualizer.models.topology_diff import TopologyDiff


def diff_text(diff: TopologyDiff) -> str:
    """Lines; names out of configs and logs cannot drive the terminal."""
    return "\n".join(_lines(diff))


def _lines(diff: TopologyDiff) -> Iterator[str]:
    yield f"{visible(diff.before)} → {visible(diff.after)}, {diff.view} view: {counts_words(diff.changes)}"
    if diff.changes:
        yield ""
    for change in diff.changes:
        yield f"{SIGNS[change.how]} {visible(change_words(change))}"
        for one in change.settings:
            yield f"    {visible(one.name)}: {visible(one.before or '(not set)')} → {visible(one.after or '(not set)')}"
    if diff.behaviour:
        yield from ("", "What it touches, before → after:")
    for row in diff.behaviour:
        sides = row.before, row.after
        worse = worse_words(row)
        yield f"  {visible(row.name)}{f' ▲ {worse}' if worse else ''}"
        for what, words in (("rate", rate_words), ("failed", failed_words), ("p95", p95_words)):
            before, after = (words(side) for side in sides)
            yield f"    {what:<7}{before} → {after}"
