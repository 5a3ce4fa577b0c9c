"""A TopologyDiff as GitHub's Markdown, for a pull request: a line, a table, details folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from visualizer.core.diff_words import (
    KIND_WORDS,
    SIGNS,
    failed_words,
    p95_words,
    rate_words,
    summary,
    worse_words,
)
from visualizer.core.untrusted import visible
from visualizer.models.topology_diff import Change, TopologyDiff

#: Rows that are not folded; GitHub takes 65,536 characters of a comment, nobody reads so many.
_MOST_SHOWN = 20
#: Rows of one table at all.
_MOST_ROWS = 200


def diff_markdown(diff: TopologyDiff) -> str:
    """Names stand in code spans, where nothing is markup, nobody is mentioned, and no table ends."""
    return "\n".join(_lines(diff)) + "\n"


def code(text: str) -> str:
    r"""A code span that shows the text, in a table, too: "a`b|c" → "``a`b\|c``"."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    # An empty span is none, and a backtick at an end would lengthen the fence.
    pad = " " if not shown.strip() or shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _lines(diff: TopologyDiff) -> Iterator[str]:
    yield f"### Topology: {summary(diff.changes)}"
    yield ""
    yield f"{code(diff.before)} → {code(diff.after)}, {diff.view} view"
    rows = [_change_row(change) for change in diff.changes]
    yield from _table(("", "What", "Name", ""), rows[:_MOST_SHOWN])
    more = rows[_MOST_SHOWN:]
    if more:
        yield from _folded(f"{len(more):,} more", ("", "What", "Name", ""), more)
    settings = [
        (code(change.name), code(one.name), _value(one.before), _value(one.after))
        for change in diff.changes
        for one in change.settings
    ]
    if settings:
        yield from _folded(f"Settings that changed ({len(settings):,})", ("Of", "Setting", "Before", "After"), settings)
    if diff.behaviour:
        columns = ("Of", "Rate", "Failed", "p95", "")
        yield from _folded(f"Behaviour, before → after ({len(diff.behaviour):,})", columns, _behaviour_rows(diff))
    if diff.warnings:
        yield from _folded(f"Warnings ({len(diff.warnings):,})", ("",), [(code(text),) for text in diff.warnings])


def _change_row(change: Change) -> Sequence[str]:
    notes = [] if change.declared else ["seen in logs, not declared"]
    if change.settings:
        notes.append(", ".join(code(one.name) for one in change.settings[:3]))
    if len(change.settings) > 3:
        notes.append(f"{len(change.settings) - 3} more")
    return f"{SIGNS[change.how]} {change.how}", KIND_WORDS[change.kind], code(change.name), ", ".join(notes)


def _behaviour_rows(diff: TopologyDiff) -> Iterable[Sequence[str]]:
    for row in diff.behaviour:
        sides = row.before, row.after
        pairs = (" → ".join(words(side) for side in sides) for words in (rate_words, failed_words, p95_words))
        worse = worse_words(row)
        yield code(row.name), *pairs, f"▲ {worse}" if worse else ""


def _value(text: str) -> str:
    return code(text) if text else "not set"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for row in rows[:_MOST_ROWS]:
        yield f"| {' | '.join(row)} |"
    if len(rows) > _MOST_ROWS:
        yield ""
        yield f"… and {len(rows) - _MOST_ROWS:,} more"


def _folded(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from ("", f"<details><summary>{title}</summary>")
    yield from _table(columns, list(rows))
    yield from ("", "</details>")
