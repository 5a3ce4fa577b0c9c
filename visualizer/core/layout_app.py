"""The inside of one app: its events, streams and requests, from the box's own top left corner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from visualizer.core.layout_blocks import Block, Sizes, layered_block, pack_blocks, with_grid
from visualizer.core.layout_cycles import Links
from visualizer.core.layout_packing import Size
from visualizer.core.layout_ranks import link_components
from visualizer.core.layout_sizes import (
    APP_HEADER_PX,
    APP_PADDING_PX,
    BLOCK_GAP_PX,
    NODE_HEIGHT_PX,
    RANK_GAP_PX,
    REQUEST_LEAD_PX,
    REQUEST_PX,
    ROW_GAP_PX,
    node_width,
)
from visualizer.models.topology import Box, Node


@dataclass(frozen=True, slots=True)
class Unit:
    """What is placed as one: a node, with its request if it is an event that has one."""

    #: The node.
    node: Node
    #: Its request's id, drawn left of it, or "".
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """A drawn app."""

    #: Node id → box, from the app box's corner.
    boxes: dict[str, tuple[int, int, int, int]]
    #: Width and height of the app's box.
    size: Size


def place_inside(units: Sequence[Unit], links: Links, *, linked_outside: Collection[int], min_width: int) -> Inside:
    """
    Place an app's units.

    Args:
        links: between units of this app.
        linked_outside: units linked to other apps; those are kept where the picture begins, not in the grid.
        min_width: what the header needs.
    """
    sizes = Sizes(
        widths=[node_width(unit.node) for unit in units],
        heights=[NODE_HEIGHT_PX] * len(units),
        leads=[REQUEST_LEAD_PX if unit.request_id else 0 for unit in units],
    )
    linked, loose = _split(len(units), links, linked_outside)
    blocks = [
        layered_block(items, inner, sizes, rank_gap_px=RANK_GAP_PX, row_gap_px=ROW_GAP_PX, level=True)
        for items, inner in linked
    ]
    main = pack_blocks(blocks, gap_px=BLOCK_GAP_PX)
    whole = with_grid(main, loose, sizes, gap_px=BLOCK_GAP_PX, row_gap_px=ROW_GAP_PX)
    return _boxed(units, whole, min_width)


def place_free(node: Node) -> Inside:
    """A node that belongs to no app: its box and nothing around it."""
    width = node_width(node)
    return Inside({node.id: (0, 0, width, NODE_HEIGHT_PX)}, (width, NODE_HEIGHT_PX))


def absolute_boxes(inside: Inside, left: float, top: float) -> Iterable[tuple[str, Box]]:
    """The nodes' boxes when the app's corner is at (left, top)."""
    for node_id, (x, y, width, height) in inside.boxes.items():
        yield node_id, Box(left + x, top + y, width, height)


def _split(
    count: int, links: Links, linked_outside: Collection[int]
) -> tuple[list[tuple[list[int], Links]], list[int]]:
    """Linked units, component by component with their links, and the loose ones."""
    linked: list[tuple[list[int], Links]] = []
    entries: list[int] = []
    loose: list[int] = []
    for members, inner in link_components(count, links):
        if len(members) > 1:
            linked.append((members, inner))
        else:
            (entries if members[0] in linked_outside else loose).append(members[0])
    if not entries:
        return linked, loose
    if not linked:
        return [(entries, [])], loose
    # They stand above the beginnings of the app's largest flow: calls from outside reach them all in one column.
    largest = max(range(len(linked)), key=lambda number: (len(linked[number][0]), -number))
    linked[largest] = (entries + linked[largest][0], linked[largest][1])
    return linked, loose


def _boxed(units: Sequence[Unit], block: Block, min_width: int) -> Inside:
    boxes: dict[str, tuple[int, int, int, int]] = {}
    for index, (left, top, width) in block.spots.items():
        unit, x, y = units[index], left + APP_PADDING_PX, top + APP_HEADER_PX
        boxes[unit.node.id] = (x, y, width, NODE_HEIGHT_PX)
        if unit.request_id:
            middle = y + (NODE_HEIGHT_PX - REQUEST_PX) // 2
            boxes[unit.request_id] = (x - REQUEST_LEAD_PX, middle, REQUEST_PX, REQUEST_PX)
    width, height = block.size
    frame = (max(width + 2 * APP_PADDING_PX, min_width), height + APP_HEADER_PX + (APP_PADDING_PX if units else 0))
    return Inside(boxes, frame)
