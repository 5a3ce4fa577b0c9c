"""Blocks: things placed together, ready to be placed as a whole. Layered where they are linked, a grid where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from visualizer.core.layout_columns import Columns, fold_columns, level_columns, order_columns, stack_columns
from visualizer.core.layout_cycles import Links
from visualizer.core.layout_packing import Size, pack_boxes, shape_cost
from visualizer.core.layout_ranks import assign_ranks
from visualizer.core.layout_sizes import ASPECT

#: A column is not folded below this height (ten nodes), however flat the picture.
_LEAST_FOLD_PX = 640
#: How much higher than the ideal shape a column may be before it is folded.
_FOLD_FACTOR = 1.5
#: Ranks stay in one row up to this width (about ten), and up to this many times the height.
_LEAST_WRAP_PX = 2800
_WRAP_RATIO = 4


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of things 0 … n - 1, CSS pixels."""

    #: Width of each.
    widths: Sequence[int]
    #: Height of each; multiples of the grid.
    heights: Sequence[int]
    #: Room each needs before its left edge, inside its column.
    leads: Sequence[int]


@dataclass(frozen=True, slots=True)
class Block:
    """Where each of some things is, from the block's own top left corner."""

    #: Thing → left, top, width.
    spots: dict[int, tuple[int, int, int]]
    #: Width and height of all.
    size: Size


def layered_block(
    items: Sequence[int], links: Links, sizes: Sizes, *, rank_gap_px: int, row_gap_px: int, level: bool
) -> Block:
    """
    Ranks from left to right; cycles are allowed.

    Args:
        items: some things, in the order in which equals are placed.
        links: between these items.
        level: True: each thing stands as high as its neighbours, and those of a column are equally wide;
            False: each column begins at the top.
    """
    index_of = {item: index for index, item in enumerate(items)}
    inner = [(index_of[source], index_of[target]) for source, target in links]
    heights = [sizes.heights[item] for item in items]
    columns = order_columns(assign_ranks(len(items), inner), inner)
    columns = fold_columns(columns, heights, gap_px=row_gap_px, limit_px=_fold_limit(items, sizes, rank_gap_px))
    if level:
        tops = level_columns(columns, heights, inner, gap_px=row_gap_px)
    else:
        tops = stack_columns(columns, heights, gap_px=row_gap_px)
    placed = [[items[index] for index in column] for column in columns]
    top_of = dict(zip(items, tops, strict=True))
    bands = [
        _spread(band, top_of, sizes, gap_px=rank_gap_px, same_width=level)
        for band in _wrap(placed, top_of, sizes, gap_px=rank_gap_px)
    ]
    return _stack(bands, gap_px=rank_gap_px)


def grid_block(items: Sequence[int], sizes: Sizes, *, columns: int, gap_px: int) -> Block:
    """Things that are not linked, read from top to bottom, column by column."""
    rows = max(-(-len(items) // columns), 1)
    split = [list(items[start : start + rows]) for start in range(0, len(items), rows)]
    heights = [sizes.heights[item] for item in items]
    order = [list(range(start, min(start + rows, len(items)))) for start in range(0, len(items), rows)]
    tops = stack_columns(order, heights, gap_px=gap_px)
    return _spread(split, dict(zip(items, tops, strict=True)), sizes, gap_px=gap_px, same_width=True)


def pack_blocks(blocks: Sequence[Block], *, gap_px: int) -> Block:
    """Blocks beside and below each other, as one."""
    corners, size = pack_boxes([block.size for block in blocks], gap_px=gap_px)
    return _join(zip(blocks, corners, strict=True), size)


def with_grid(main: Block, items: Sequence[int], sizes: Sizes, *, gap_px: int, row_gap_px: int) -> Block:
    """The block with a grid of further things below it or to its right, whatever gives the better shape."""
    if not items:
        return main
    cell_width = max(sizes.widths[item] + sizes.leads[item] for item in items) + row_gap_px
    cell_height = max(sizes.heights[item] for item in items) + row_gap_px
    width, height = main.size
    ideal = sqrt(len(items) * cell_height * ASPECT / cell_width)
    wanted = {round(ideal), width // cell_width, -(-len(items) // max(height // cell_height, 1))}
    tries: list[Block] = []
    for columns in sorted({min(max(number, 1), len(items)) for number in wanted}):
        grid = grid_block(items, sizes, columns=columns, gap_px=row_gap_px)
        if not main.spots:
            tries.append(grid)
            continue
        below = (max(width, grid.size[0]), height + gap_px + grid.size[1])
        beside = (width + gap_px + grid.size[0], max(height, grid.size[1]))
        tries.append(_join([(main, (0, 0)), (grid, (0, height + gap_px))], below))
        tries.append(_join([(main, (0, 0)), (grid, (width + gap_px, 0))], beside))
    return min(tries, key=lambda block: shape_cost(block.size))


def _wrap(columns: Columns, tops: dict[int, int], sizes: Sizes, *, gap_px: int) -> list[Columns]:
    """The columns in one row, or where that were a ribbon, in several rows as a text."""
    widths = [gap_px + max([sizes.leads[item] + sizes.widths[item] for item in column]) for column in columns]
    width, height = sum(widths), max([tops[item] + sizes.heights[item] for column in columns for item in column])
    if width <= max(_LEAST_WRAP_PX, _WRAP_RATIO * height):
        return [columns]
    row_px = width / round(sqrt(width / (ASPECT * height)))
    rows: list[Columns] = [[]]
    used = 0
    for column, column_width in zip(columns, widths, strict=True):
        if rows[-1] and used + column_width / 2 > row_px * len(rows):
            rows.append([])
        rows[-1].append(column)
        used += column_width
    return rows


def _stack(rows: Sequence[Block], *, gap_px: int) -> Block:
    """Rows below each other, each without the empty space above it."""
    if len(rows) == 1:
        return rows[0]
    placed: list[tuple[Block, tuple[int, int]]] = []
    bottom = 0
    for row in rows:
        highest = min(top for _, top, _ in row.spots.values())
        placed.append((row, (0, bottom - highest)))
        bottom += row.size[1] - highest + gap_px
    return _join(placed, (max(row.size[0] for row in rows), bottom - gap_px))


def _fold_limit(items: Sequence[int], sizes: Sizes, gap_px: int) -> int:
    area = sum((sizes.widths[item] + sizes.leads[item] + gap_px) * (sizes.heights[item] + gap_px) for item in items)
    highest = max(sizes.heights[item] for item in items) + gap_px
    return max(_LEAST_FOLD_PX, highest, int(_FOLD_FACTOR * sqrt(area / ASPECT)))


def _spread(columns: Columns, tops: dict[int, int], sizes: Sizes, *, gap_px: int, same_width: bool) -> Block:
    """Give the columns their places from left to right."""
    spots: dict[int, tuple[int, int, int]] = {}
    left = height = 0
    for column in columns:
        lead = max([sizes.leads[item] for item in column])
        widest = max([sizes.widths[item] for item in column])
        for item in column:
            spots[item] = (left + lead, tops[item], widest if same_width else sizes.widths[item])
            height = max(height, tops[item] + sizes.heights[item])
        left += lead + widest + gap_px
    return Block(spots, (left - gap_px, height))


def _join(blocks: Iterable[tuple[Block, tuple[int, int]]], size: Size) -> Block:
    spots: dict[int, tuple[int, int, int]] = {}
    for block, (x, y) in blocks:
        for item, (left, top, width) in block.spots.items():
            spots[item] = (x + left, y + top, width)
    return Block(spots, size)
