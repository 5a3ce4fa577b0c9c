"""Columns: the things of each rank from top to bottom, with few crossings, and how high each one stands."""

from __future__ import annotations

from collections.abc import Sequence

from visualizer.core.layout_cycles import Links
from visualizer.core.layout_sizes import GRID_PX

#: Passes over all columns, to the right and back: more than that hardly ever changes anything.
_ORDER_SWEEPS = 4
_HEIGHT_SWEEPS = 3
#: How much less a thing without neighbours insists on its height.
_LOOSE_WEIGHT = 0.01

Columns = list[list[int]]


def order_columns(ranks: Sequence[int], links: Links) -> Columns:
    """
    The things of each rank, ordered by the mean place of their neighbours (barycenter), left and right in turn.

    Source: Sugiyama et al. 1981, crossing reduction.
    """
    columns: Columns = [[] for _ in range(max(ranks, default=-1) + 1)]
    for item, rank in enumerate(ranks):
        columns[rank].append(item)
    left, right = _neighbours(ranks, links)
    # Places are shares of the column, so that columns of different lengths can be compared.
    place = [0.0] * len(ranks)
    for column in columns:
        _number(column, place)
    for _ in range(_ORDER_SWEEPS):
        moved = False
        for neighbours, order in ((left, columns), (right, columns[::-1])):
            for column in order:
                moved |= _sort_by_neighbours(column, neighbours, place)
        if not moved:
            break
    return columns


def fold_columns(columns: Columns, heights: Sequence[int], *, gap_px: int, limit_px: int) -> Columns:
    """The columns, those higher than the limit broken into several of about equal length side by side."""
    folded: Columns = []
    for column in columns:
        height = sum(heights[item] + gap_px for item in column)
        parts = min(len(column), -(-height // max(limit_px, 1)))
        length = -(-len(column) // max(parts, 1))
        folded.extend(column[start : start + length] for start in range(0, len(column), length or 1))
    return folded


def stack_columns(columns: Columns, heights: Sequence[int], *, gap_px: int) -> list[int]:
    """The top of each thing when every column begins at 0."""
    tops = [0] * len(heights)
    for column in columns:
        top = 0
        for item in column:
            tops[item] = top
            top += heights[item] + gap_px
    return tops


def level_columns(columns: Columns, heights: Sequence[int], links: Links, *, gap_px: int) -> list[int]:
    """
    The top of each thing, as near to the height of its neighbours as the order allows; the highest begins at 0.

    Args:
        heights: multiples of the grid, as must be the gap.
    """
    column_of = [0] * len(heights)
    for number, column in enumerate(columns):
        for item in column:
            column_of[item] = number
    left, right = _neighbours(column_of, links)
    tops = stack_columns(columns, heights, gap_px=gap_px)
    for sweep in range(_HEIGHT_SWEEPS):
        neighbours, order = ((left, columns), (right, columns[::-1]))[sweep % 2]
        for column in order:
            _level(column, heights, neighbours, tops, gap_px)
    highest = min(tops, default=0)
    return [top - highest for top in tops]


def _neighbours(ranks: Sequence[int], links: Links) -> tuple[list[list[int]], list[list[int]]]:
    """Of each thing, what it is linked to in columns further left and further right."""
    left: list[list[int]] = [[] for _ in ranks]
    right: list[list[int]] = [[] for _ in ranks]
    for source, target in links:
        if ranks[source] > ranks[target]:
            source, target = target, source
        if ranks[source] != ranks[target]:
            right[source].append(target)
            left[target].append(source)
    return left, right


def _sort_by_neighbours(column: list[int], neighbours: list[list[int]], place: list[float]) -> bool:
    wanted = {}
    for item in column:
        near = neighbours[item]
        wanted[item] = sum([place[other] for other in near]) / len(near) if near else place[item]
    before = column.copy()
    column.sort(key=wanted.__getitem__)
    if column == before:
        return False
    _number(column, place)
    return True


def _number(column: list[int], place: list[float]) -> None:
    for index, item in enumerate(column):
        place[item] = (index + 0.5) / len(column)


def _level(
    column: list[int], heights: Sequence[int], neighbours: list[list[int]], tops: list[int], gap_px: int
) -> None:
    """
    Move one column's things as near as possible to where they want to be, keeping order and gaps.

    Source: pool adjacent violators (isotonic regression), the least sum of squared distances.
    """
    # A pool: [sum of weights, weighted sum of wanted starts, how many things]; a start is a top less all above it.
    pools: list[list[float]] = []
    above = 0
    for item in column:
        near = neighbours[item]
        weight = float(len(near)) or _LOOSE_WEIGHT
        middle = sum([tops[other] + heights[other] / 2 for other in near]) / len(near) if near else 0.0
        wanted = (middle - heights[item] / 2 if near else tops[item]) - above
        pools.append([weight, weight * wanted, 1])
        while len(pools) > 1 and pools[-2][1] * pools[-1][0] >= pools[-1][1] * pools[-2][0]:
            weight, total, number = pools.pop()
            pools[-1][0] += weight
            pools[-1][1] += total
            pools[-1][2] += number
        above += heights[item] + gap_px
    index, above = 0, 0
    for weight, total, number in pools:
        # Rounding down keeps the gaps: starts never fall, and all heights are multiples of the grid.
        start = int(total / weight // GRID_PX) * GRID_PX
        for item in column[index : index + int(number)]:
            tops[item] = start + above
            above += heights[item] + gap_px
        index += int(number)
