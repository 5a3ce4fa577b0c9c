"""Puts boxes that have nothing to do with each other together into a picture of a pleasant shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from visualizer.core.layout_sizes import ASPECT

#: Widths tried, as parts of the ideal one.
_WIDTHS = (0.9, 1.0, 1.15, 1.3, 1.5, 1.8)
#: Above so many boxes the gaps of plain rows are no longer seen, and trying is slow.
_MANY_BOXES = 300

Size = tuple[int, int]


def pack_boxes(sizes: Sequence[Size], *, gap_px: int) -> tuple[list[tuple[int, int]], Size]:
    """
    Place boxes of (width, height) without overlap, big ones first.

    Returns:
        Left and top of each, and the size of all; the same for the same sizes in the same order.
    """
    if not sizes:
        return [], (0, 0)
    order = sorted(range(len(sizes)), key=lambda index: (-sizes[index][1], -sizes[index][0], index))
    widest = max(width for width, _ in sizes)
    ideal = sqrt(ASPECT * sum((width + gap_px) * (height + gap_px) for width, height in sizes))
    factors = _WIDTHS if len(sizes) <= _MANY_BOXES else _WIDTHS[1:2]
    place = _skyline if len(sizes) <= _MANY_BOXES else _rows
    limits = dict.fromkeys(max(widest, int(ideal * factor)) for factor in factors)
    tries = [place(sizes, order, limit, gap_px) for limit in limits]
    return min(((spots, _extent(spots, sizes)) for spots in tries), key=lambda packed: shape_cost(packed[1]))


def shape_cost(size: Size) -> tuple[float, int]:
    """How far one must zoom out to see it all on a screen of the ideal shape, then its area: less is better."""
    return max(size[0] / ASPECT, size[1]), size[0] * size[1]


def _skyline(sizes: Sequence[Size], order: Sequence[int], limit: int, gap_px: int) -> list[tuple[int, int]]:
    """Each box as high as it fits, then as far left. Source: Burke et al. 2004, bottom-left on a skyline."""
    spots = [(0, 0)] * len(sizes)
    #: [left, right, top of what is free], left to right, without holes.
    skyline = [(0, limit + gap_px, 0)]
    for index in order:
        width, height = sizes[index][0] + gap_px, sizes[index][1] + gap_px
        top, left = min(_candidates(skyline, width, limit + gap_px))
        spots[index] = (left, top)
        skyline = _raise(skyline, left, left + width, top + height)
    return spots


def _candidates(skyline: list[tuple[int, int, int]], width: int, limit: int) -> list[tuple[int, int]]:
    """Top and left of the box for each left edge of the skyline."""
    found = []
    for first, (left, _, _) in enumerate(skyline):
        if left + width > limit and first:
            break
        top = 0
        for start, _, height in skyline[first:]:
            if start >= left + width:
                break
            top = max(top, height)
        found.append((top, left))
    return found


def _raise(skyline: list[tuple[int, int, int]], left: int, right: int, top: int) -> list[tuple[int, int, int]]:
    raised: list[tuple[int, int, int]] = []
    for start, end, height in skyline:
        if start < left:
            raised.append((start, min(end, left), height))
        if start <= left < end:
            raised.append((left, right, top))
        if end > right:
            raised.append((max(start, right), end, height))
    return raised


def _rows(sizes: Sequence[Size], order: Sequence[int], limit: int, gap_px: int) -> list[tuple[int, int]]:
    """Row by row."""
    spots = [(0, 0)] * len(sizes)
    left = top = height = 0
    for index in order:
        if left and left + sizes[index][0] > limit:
            left, top, height = 0, top + height + gap_px, 0
        spots[index] = (left, top)
        left += sizes[index][0] + gap_px
        height = max(height, sizes[index][1])
    return spots


def _extent(spots: Sequence[tuple[int, int]], sizes: Sequence[Size]) -> Size:
    pairs = list(zip(spots, sizes, strict=True))
    return max(x + w for (x, _), (w, _) in pairs), max(y + h for (_, y), (_, h) in pairs)
