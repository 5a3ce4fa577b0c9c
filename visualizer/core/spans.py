"""Buckets that follow each other, as spans of time."""

from __future__ import annotations

from collections.abc import Iterable


def joined_spans(starts: Iterable[int], *, width_s: int) -> list[tuple[int, int]]:
    """[from, until) of each row of buckets without a gap, from their starts in order."""
    spans: list[tuple[int, int]] = []
    for start_s in starts:
        if spans and spans[-1][1] == start_s:
            spans[-1] = (spans[-1][0], start_s + width_s)
        else:
            spans.append((start_s, start_s + width_s))
    return spans
