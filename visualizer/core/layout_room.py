"""Room: boxes by where they are, so that "is this free?" does not ask all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from visualizer.models.topology import Box

_CELL_PX = 512


class Room:
    """What is taken; boxes may touch, and may share cells, but not points."""

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)
        #: The box around all that was ever taken; None before the first.
        self.bounds: Box | None = None
        for box in boxes:
            self.take(box)

    def take(self, box: Box) -> None:
        """Something stands here now."""
        for cell in _cells(box):
            self._cells[cell].append(box)
        self.bounds = hull(self.bounds, box) if self.bounds else box

    def leave(self, box: Box) -> None:
        """What was taken by an equal box is free."""
        for cell in _cells(box):
            self._cells[cell].remove(box)

    def is_free(self, area: Box) -> bool:
        """Does no box share a point inside with the area?"""
        return not any(overlap(area, box) for cell in _cells(area) for box in self._cells.get(cell, ()))

    def near(self, area: Box) -> list[Box]:
        """Boxes that touch the area or stand near it, each once, in the order in which they came to their cells."""
        if self.bounds is None:
            return []
        cells = _cells(_common(area, self.bounds))
        return list(dict.fromkeys(box for cell in cells for box in self._cells.get(cell, ())))


def overlap(one: Box, other: Box) -> bool:
    """Do they share a point inside?"""
    across = one.x < other.x + other.w and other.x < one.x + one.w
    return across and one.y < other.y + other.h and other.y < one.y + one.h


def encloses(outer: Box, inner: Box) -> bool:
    """Does one lie in the other, edges included?"""
    across = outer.x <= inner.x and inner.x + inner.w <= outer.x + outer.w
    return across and outer.y <= inner.y and inner.y + inner.h <= outer.y + outer.h


def hull(one: Box, other: Box) -> Box:
    """The box around two."""
    left, top = min(one.x, other.x), min(one.y, other.y)
    right, bottom = max(one.x + one.w, other.x + other.w), max(one.y + one.h, other.y + other.h)
    return Box(left, top, right - left, bottom - top)


def widened(box: Box, across_px: float, down_px: float) -> Box:
    """The box with so much more on each side."""
    return Box(box.x - across_px, box.y - down_px, box.w + 2 * across_px, box.h + 2 * down_px)


def moved(box: Box, right_px: float, down_px: float) -> Box:
    """The same box elsewhere."""
    return Box(box.x + right_px, box.y + down_px, box.w, box.h)


def _common(area: Box, bounds: Box) -> Box:
    """The part of an area that lies in the bounds; of one that lies beside them, the nearest edge."""
    left, top = max(area.x, bounds.x), max(area.y, bounds.y)
    right, bottom = min(area.x + area.w, bounds.x + bounds.w), min(area.y + area.h, bounds.y + bounds.h)
    return Box(min(left, right), min(top, bottom), abs(right - left), abs(bottom - top))


def _cells(area: Box) -> Iterator[tuple[int, int]]:
    right, bottom = int((area.x + area.w) // _CELL_PX), int((area.y + area.h) // _CELL_PX)
    for row in range(int(area.y // _CELL_PX), bottom + 1):
        for column in range(int(area.x // _CELL_PX), right + 1):
            yield column, row
