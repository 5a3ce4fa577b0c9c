"""New nodes of an app that stands already: beside what they are linked to, in its box and what that may grow into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from visualizer.core.layout_app import Unit
from visualizer.core.layout_ground import Ground
from visualizer.core.layout_links import LinksOf
from visualizer.core.layout_room import Room, encloses, hull, overlap, widened
from visualizer.core.layout_sizes import (
    APP_GAP_PX,
    APP_HEADER_PX,
    APP_PADDING_PX,
    NODE_HEIGHT_PX,
    RANK_GAP_PX,
    REQUEST_LEAD_PX,
    REQUEST_PX,
    ROW_GAP_PX,
    node_width,
)
from visualizer.core.layout_spot import Gaps, find_spot
from visualizer.models.topology import Box

_GAPS = Gaps(across=ROW_GAP_PX, down=ROW_GAP_PX, column=RANK_GAP_PX)
#: A circle fits between two rows.
_CIRCLE_GAPS = Gaps(across=1, down=1, column=1)
_CIRCLE_DOWN_PX = (NODE_HEIGHT_PX - REQUEST_PX) // 2


def place_newcomers(ground: Ground, app: str, units: Sequence[Unit], links: LinksOf[str]) -> list[Unit]:
    """
    Give each unit that has none a place in the boxes of its app.

    Args:
        units: all of the app.

    Returns:
        Those for which there is no room: nothing may be moved or covered for them.
    """
    left: list[Unit] = []
    waiting = [unit for unit in units if not is_placed(ground, unit)]
    while waiting:
        # Linked ones first: they say where those behind them would best stand.
        unit = next((unit for unit in waiting if _is_linked(ground, unit, links)), waiting[0])
        waiting.remove(unit)
        if not _place(ground, app, unit, links):
            left.append(unit)
    return left


def grow_into(ground: Ground, app: str, block: Box) -> bool:
    """Let one of the app's boxes grow around a block, if that meets nothing; returns whether it did."""
    for number in range(len(ground.frames[app])):
        if _price(ground, app, number)(block) is not None:
            _grow(ground, app, number, block)
            return True
    return False


def unit_ids(unit: Unit) -> list[str]:
    """Ids of the unit's nodes."""
    return [unit.node.id, *([unit.request_id] if unit.request_id else [])]


def is_placed(ground: Ground, unit: Unit) -> bool:
    """Have all of the unit's nodes their places?"""
    return all(node in ground.nodes for node in unit_ids(unit))


def _place(ground: Ground, app: str, unit: Unit, links: LinksOf[str]) -> bool:
    event, request = unit.node.id, unit.request_id
    if event in ground.nodes:
        box = ground.nodes[event]
        wanted = Box(box.x - REQUEST_LEAD_PX, box.y + _CIRCLE_DOWN_PX, REQUEST_PX, REQUEST_PX)
        spot = _find(ground, app, [wanted], _CIRCLE_GAPS)
        if spot:
            ground.put(request, spot)
        return spot is not None
    lead = REQUEST_LEAD_PX if request and request not in ground.nodes else 0
    size = node_width(unit.node) + lead, NODE_HEIGHT_PX
    if request in ground.nodes:
        circle = ground.nodes[request]
        wishes = [Box(circle.x + REQUEST_LEAD_PX, circle.y - _CIRCLE_DOWN_PX, *size)]
    else:
        wishes = [_wanted(ground, frame, unit, links, size) for frame in ground.frames[app]]
    spot = _find(ground, app, wishes, _GAPS)
    if spot is None:
        return False
    ground.put(event, Box(spot.x + lead, spot.y, spot.w - lead, spot.h))
    if lead:
        ground.put(request, Box(spot.x, spot.y + _CIRCLE_DOWN_PX, REQUEST_PX, REQUEST_PX))
    return True


def _find(ground: Ground, app: str, wishes: Sequence[Box], gaps: Gaps) -> Box | None:
    """In the app's first box that has or gets the room."""
    for number, frame in enumerate(ground.frames[app]):
        wanted = wishes[min(number, len(wishes) - 1)]
        price = _price(ground, app, number)
        edges = {"lefts": [frame.x + APP_PADDING_PX], "tops": [frame.y + APP_HEADER_PX]}
        edges["lefts"].append(frame.x + frame.w - APP_PADDING_PX - wanted.w)
        edges["tops"].append(frame.y + frame.h - APP_PADDING_PX + ROW_GAP_PX)
        spot = find_spot(ground.inner, wanted, gaps=gaps, price=price, **edges)
        if spot:
            _grow(ground, app, number, spot)
            return spot
    return None


def _price(ground: Ground, app: str, number: int) -> Callable[[Box], float | None]:
    """What a spot costs in one of the app's boxes: nothing inside, half of what it must grow by, None elsewhere."""
    frame = ground.frames[app][number]

    def price(spot: Box) -> float | None:
        if spot.x < frame.x + APP_PADDING_PX or spot.y < frame.y + APP_HEADER_PX:
            return None
        grown = _around(frame, spot)
        if grown == frame:
            return 0
        return (grown.w - frame.w + grown.h - frame.h) / 2 if _may_become(ground.outer, frame, grown) else None

    return price


def _may_become(outer: Room, frame: Box, grown: Box) -> bool:
    """Boxes grow to the right and down: their headers stay. Whatever stands near must stay as far away as it should."""
    wide = widened(grown, APP_GAP_PX, APP_GAP_PX)
    return all(other == frame or not overlap(wide, other) for other in outer.near(wide))


def _around(frame: Box, spot: Box) -> Box:
    return hull(frame, Box(spot.x, spot.y, spot.w + APP_PADDING_PX, spot.h + APP_PADDING_PX))


def _grow(ground: Ground, app: str, number: int, spot: Box) -> None:
    frame = ground.frames[app][number]
    grown = _around(frame, spot)
    if grown != frame:
        ground.grow(app, number, grown)


def _wanted(ground: Ground, frame: Box, unit: Unit, links: LinksOf[str], size: tuple[int, int]) -> Box:
    """Right of what leads to it, left of what it leads to, at their height; else below everything in the box."""
    width, height = size
    before, after = (
        [ground.nodes[node] for node in nodes if node in ground.nodes] for nodes in links.around(unit_ids(unit))
    )
    near_before = [box for box in before if encloses(frame, box)]
    near_after = [box for box in after if encloses(frame, box)]
    if near_before:
        left = max(box.x + box.w for box in near_before) + RANK_GAP_PX
    elif near_after:
        left = min(box.x for box in near_after) - RANK_GAP_PX - width
    else:
        left = frame.x + (frame.w - APP_PADDING_PX - width if after and not before else APP_PADDING_PX)
    beside = near_before + near_after or before + after
    if not beside:
        return Box(left, frame.y + frame.h - APP_PADDING_PX + ROW_GAP_PX, width, height)
    return Box(left, round(fmean(box.y + box.h / 2 for box in beside) - height / 2), width, height)


def _is_linked(ground: Ground, unit: Unit, links: LinksOf[str]) -> bool:
    before, after = links.around(unit_ids(unit))
    return any(node in ground.nodes for node in (*before, *after))
