"""
Topology and former places → places: nothing that is still there moves, what is new is placed beside it.

New nodes stand in their app's box, which grows to the right and down into free room; an app that has no room left gets
an annex, a further box near it. New apps stand next to what they are linked to. The same input gives the same places.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from visualizer.core.layout import pack_groups, place_group, place_nodes
from visualizer.core.layout_app import Inside, Unit, absolute_boxes, place_inside
from visualizer.core.layout_ground import Ground, ground_of
from visualizer.core.layout_groups import APP, Group, GroupKey, group_nodes
from visualizer.core.layout_links import LinksOf
from visualizer.core.layout_newcomers import grow_into, is_placed, place_newcomers, unit_ids
from visualizer.core.layout_room import hull, moved
from visualizer.core.layout_sizes import (
    APP_GAP_PX,
    APP_HEADER_PX,
    APP_PADDING_PX,
    APP_RANK_GAP_PX,
    ASPECT,
    BLOCK_GAP_PX,
    RANK_GAP_PX,
    app_width,
)
from visualizer.core.layout_spot import Gaps, find_spot
from visualizer.models.layout import Layout
from visualizer.models.topology import App, Box, Topology

_GAPS = Gaps(across=APP_GAP_PX, down=APP_GAP_PX, column=APP_RANK_GAP_PX)
#: A picture may be so wide, and high in proportion, whatever its shape; each pixel of a ribbon more counts as so many
#: pixels of distance.
_LEAST_WIDE_PX = 2800
_RIBBON_PRICE = 3
#: So many newcomers are placed one by one, as long as they are not more than what is there or than the second number;
#: a crowd is drawn as a picture of its own, which reads better.
_FEW = 8
_MOST = 64


def place_beside(topology: Topology, former: Layout) -> Layout:
    """
    Give every node and every app a box; those that have one keep it.

    Args:
        former: former places, of what is gone, too.

    Returns:
        No two nodes overlap, no two boxes of apps; each node of an app lies in its app's box or an annex. Without any
        former place it is place_nodes(topology).
    """
    ground = ground_of(topology, former)
    if not ground.nodes and not ground.frames:
        return place_nodes(topology)
    groups, between = group_nodes(topology)
    links = LinksOf(sorted((edge.source, edge.target) for edge in topology.edges))
    apps = {app.key: app for app in topology.apps}
    alone = {node.id: Unit(node) for node in topology.nodes}
    for (kind, key), group in groups.items():
        if kind == APP and key in ground.frames:
            _complete(ground, apps[key], group, links, alone)
    fresh = {key: place_group(key, group, apps) for key, group in groups.items() if not _stands(ground, key)}
    if _is_crowd(len(fresh), len(groups) - len(fresh)):
        _place_picture(ground, fresh, between)
    else:
        _place_each(ground, fresh, LinksOf(sorted(between)))
    return ground.layout()


def _complete(ground: Ground, app: App, group: Group, links: LinksOf[str], alone: dict[str, Unit]) -> None:
    """Place what is new in an app that stands already."""
    new = [unit for unit in group.units if not is_placed(ground, unit)]
    if not _is_crowd(len(new), len(group.units) - len(new)):
        new = place_newcomers(ground, app.key, group.units, links)
    elif all(node not in ground.nodes for unit in new for node in unit_ids(unit)):
        new = [] if _add_block(ground, app.key, _inside(group, new, min_width=0)) else new
    if new:
        rest = [_rest(ground, unit, alone) for unit in new]
        _add_annex(ground, app.key, _inside(group, rest, min_width=app_width(app)))


def _rest(ground: Ground, unit: Unit, alone: dict[str, Unit]) -> Unit:
    """What has no place yet of a unit: all of it, or its event or its request."""
    missing = [node for node in unit_ids(unit) if node not in ground.nodes]
    return unit if len(missing) == len(unit_ids(unit)) else alone[missing[0]]


def _inside(group: Group, units: Sequence[Unit], *, min_width: int) -> Inside:
    number_of = {id(unit): number for number, unit in enumerate(units)}
    numbers = {place: number_of[id(unit)] for place, unit in enumerate(group.units) if id(unit) in number_of}
    links = sorted((numbers[a], numbers[b]) for a, b in group.links if a in numbers and b in numbers)
    outside = {numbers[place] for place in group.linked_outside if place in numbers}
    return place_inside(units, links, linked_outside=outside, min_width=min_width)


def _add_block(ground: Ground, app: str, inside: Inside) -> bool:
    """Below what is there, or right of it, as the app's boxes may grow."""
    width, height = inside.size[0] - 2 * APP_PADDING_PX, inside.size[1] - APP_HEADER_PX - APP_PADDING_PX
    for frame in list(ground.frames[app]):
        below = frame.x + APP_PADDING_PX, frame.y + frame.h - APP_PADDING_PX + BLOCK_GAP_PX
        right = frame.x + frame.w - APP_PADDING_PX + RANK_GAP_PX, frame.y + APP_HEADER_PX
        for left, top in (below, right):
            if grow_into(ground, app, Box(left, top, width, height)):
                _put_nodes(ground, inside, left - APP_PADDING_PX, top - APP_HEADER_PX)
                return True
    return False


def _add_annex(ground: Ground, app: str, inside: Inside) -> None:
    first = ground.frames[app][0]
    spot = _find(ground, Box(first.x, first.y + first.h + APP_GAP_PX, *inside.size))
    ground.put_frame(app, spot)
    _put_nodes(ground, inside, spot.x, spot.y)


def _place_each(ground: Ground, fresh: dict[GroupKey, Inside], links: LinksOf[GroupKey]) -> None:
    """One by one, those first that are linked to what stands."""
    waiting = list(fresh)
    while waiting:
        key = next((key for key in waiting if any(_linked(ground, key, links))), waiting[0])
        waiting.remove(key)
        _put_group(ground, key, fresh[key], _find(ground, _wanted(ground, key, fresh[key], links)))


def _place_picture(
    ground: Ground, fresh: dict[GroupKey, Inside], between: Collection[tuple[GroupKey, GroupKey]]
) -> None:
    """All together, below or right of everything."""
    whole = pack_groups(list(fresh.values()), list(fresh), between)
    corner = _beyond(ground)
    for number, (key, inside) in enumerate(fresh.items()):
        left, top, _ = whole.spots[number]
        _put_group(ground, key, inside, moved(Box(left, top, *inside.size), corner.x, corner.y))


def _put_group(ground: Ground, key: GroupKey, inside: Inside, box: Box) -> None:
    if key[0] == APP:
        ground.put_frame(key[1], box)
        _put_nodes(ground, inside, box.x, box.y)
    else:
        ground.put_free(key[1], box)


def _put_nodes(ground: Ground, inside: Inside, left: float, top: float) -> None:
    for node, box in absolute_boxes(inside, left, top):
        ground.put(node, box)


def _find(ground: Ground, wanted: Box) -> Box:
    beyond, bounds = _beyond(ground), ground.outer.bounds or wanted

    def price(spot: Box) -> float:
        whole = hull(bounds, spot)
        return _RIBBON_PRICE * (_too_much(whole) - _too_much(bounds))

    spot = find_spot(ground.outer, wanted, gaps=_GAPS, price=price, lefts=[beyond.x, bounds.x], tops=[beyond.y])
    return spot or Box(beyond.x, beyond.y, wanted.w, wanted.h)


def _too_much(whole: Box) -> float:
    """By how much a picture is wider or higher than a screen of its other side, if it is large at all."""
    wide = whole.w - max(_LEAST_WIDE_PX, ASPECT * whole.h)
    return max(wide, whole.h - max(_LEAST_WIDE_PX, whole.w) / ASPECT, 0)


def _beyond(ground: Ground) -> Box:
    """The corner from which everything is free: below what stands, or right of it where that is the better shape."""
    bounds = ground.outer.bounds or Box(0, 0, 0, 0)
    if bounds.w > ASPECT * bounds.h:
        return Box(bounds.x, bounds.y + bounds.h + APP_GAP_PX, 0, 0)
    return Box(bounds.x + bounds.w + APP_RANK_GAP_PX, bounds.y, 0, 0)


def _wanted(ground: Ground, key: GroupKey, inside: Inside, links: LinksOf[GroupKey]) -> Box:
    """Right of what leads to it, left of what it leads to; else beyond everything."""
    width, height = inside.size
    before, after = _linked(ground, key, links)
    if before:
        return Box(max(box.x + box.w for box in before) + APP_RANK_GAP_PX, min(box.y for box in before), width, height)
    if after:
        left = min(box.x for box in after) - APP_RANK_GAP_PX - width
        return Box(left, min(box.y for box in after), width, height)
    beyond = _beyond(ground)
    return Box(beyond.x, beyond.y, width, height)


def _linked(ground: Ground, key: GroupKey, links: LinksOf[GroupKey]) -> tuple[list[Box], list[Box]]:
    """Boxes of the groups that lead to one, and of those it leads to, as far as they stand."""
    before, after = ([_box(ground, other) for other in some if _stands(ground, other)] for some in links.around([key]))
    return before, after


def _stands(ground: Ground, key: GroupKey) -> bool:
    return key[1] in (ground.frames if key[0] == APP else ground.nodes)


def _box(ground: Ground, key: GroupKey) -> Box:
    return ground.frames[key[1]][0] if key[0] == APP else ground.nodes[key[1]]


def _is_crowd(new: int, there: int) -> bool:
    return new > max(_FEW, there) or new > _MOST
