"""
Finds knots, the strongly connected components: things that lead to each other in circles.

Own code instead of networkx: a worker that draws needs 27 MiB and half a second less without it. Without recursion.
"""

from __future__ import annotations

from collections.abc import Sequence


def knots(successors: Sequence[Sequence[int]]) -> list[int]:
    """The number of each thing's knot; a thing that no way leads back to is a knot of its own. Source: Tarjan 1972."""
    count = len(successors)
    knot_of, index_of, lowest = [-1] * count, [-1] * count, [0] * count
    stack: list[int] = []
    visited = 0
    for start in range(count):
        if index_of[start] >= 0:
            continue
        way: list[tuple[int, int]] = [(start, 0)]
        while way:
            item, step = way.pop()
            if step == 0:
                index_of[item] = lowest[item] = visited
                visited += 1
                stack.append(item)
            targets = successors[item]
            while step < len(targets):
                target = targets[step]
                step += 1
                if index_of[target] < 0:
                    way += [(item, step), (target, 0)]
                    break
                if knot_of[target] < 0:
                    lowest[item] = min(lowest[item], index_of[target])
            else:
                if lowest[item] == index_of[item]:
                    _close_knot(item, stack, knot_of)
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[item])
    return knot_of


def _close_knot(item: int, stack: list[int], knot_of: list[int]) -> None:
    while True:
        member = stack.pop()
        knot_of[member] = item
        if member == item:
            return
