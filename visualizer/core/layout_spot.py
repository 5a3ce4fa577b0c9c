"""The free spot that is nearest to where something would best stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from visualizer.core.layout_room import Room, widened
from visualizer.models.topology import Box

#: How far around the wanted place boxes are looked at, and how many of them; the next step when nothing is free there.
_REACHES = ((400, 12), (1600, 24), (6400, 48), (100_000, 96))


@dataclass(frozen=True, slots=True)
class Gaps:
    """Distances, CSS pixels."""

    #: At least this much stays free beside a new thing, and above and below it.
    across: float
    down: float
    #: A spot right or left of something is tried this far from it: room for the lines between them.
    column: float


def find_spot(
    room: Room,
    wanted: Box,
    *,
    gaps: Gaps,
    price: Callable[[Box], float | None] = lambda _: 0.0,
    lefts: Iterable[float] = (),
    tops: Iterable[float] = (),
) -> Box | None:
    """
    Where a thing of the wanted box's size may stand: as near to it as can be, in line with what stands around.

    Args:
        price: what a spot costs beyond its distance, in pixels; None: it is not allowed.
        lefts, tops: further edges to try.

    Returns:
        None when none of the spots that were tried is free. The same for the same room.
    """
    for reach_px, most in _REACHES:
        around = sorted(room.near(widened(wanted, reach_px, reach_px)), key=lambda box: _distance(box, wanted))[:most]
        best: tuple[float, Box] | None = None
        for far, spot in _spots(wanted, around, gaps, [*lefts], [*tops]):
            if best and far >= best[0]:
                break
            more = price(spot)
            if more is None or (best and far + more >= best[0]):
                continue
            if room.is_free(widened(spot, gaps.across, gaps.down)):
                best = far + more, spot
        if best:
            return best[1]
    return None


def _spots(
    wanted: Box, around: list[Box], gaps: Gaps, lefts: list[float], tops: list[float]
) -> Iterator[tuple[float, Box]]:
    """Distance and box, the nearest first: beside, above, below and in line with what stands around."""
    across = {wanted.x, *lefts}
    down = {wanted.y, *tops}
    for box in around:
        across.update((box.x, box.x + box.w + gaps.column, box.x - gaps.column - wanted.w))
        down.update((box.y, box.y + box.h + gaps.down, box.y - gaps.down - wanted.h))
    places = sorted((abs(x - wanted.x) + abs(y - wanted.y), y, x) for x in across for y in down)
    return ((far, Box(x, y, wanted.w, wanted.h)) for far, y, x in places)


def _distance(box: Box, wanted: Box) -> tuple[float, float, float]:
    """From edge to edge; then by place, so that the order is the same each time."""
    across = max(box.x - wanted.x - wanted.w, wanted.x - box.x - box.w, 0)
    down = max(box.y - wanted.y - wanted.h, wanted.y - box.y - box.h, 0)
    return across + down, box.y, box.x
