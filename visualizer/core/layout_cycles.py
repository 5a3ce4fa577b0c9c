"""
Cuts cycles, so that what is left has an order from left to right.

Own code instead of networkx: a worker that draws needs 27 MiB and half a second less without it.
"""

from __future__ import annotations

from collections.abc import Sequence

#: [(source, target), …] between things 0 … n - 1.
Links = Sequence[tuple[int, int]]


def without_cycles(count: int, links: Links) -> list[list[int]]:
    """
    The successors of each thing, ascending, without the links that would close a cycle.

    Where things lead to each other in circles, a link counts only if it leads away from where the circle is entered
    (breadth first). So a dense knot becomes a few ranks deep, not as deep as it has members.
    """
    successors: list[list[int]] = [[] for _ in range(count)]
    for source, target in sorted(set(links)):
        if source != target:
            successors[source].append(target)
    knot_of = _knots(successors)
    depths = _depths_in_knots(successors, knot_of)
    return [
        [target for target in targets if knot_of[target] != knot_of[item] or depths[target] > depths[item]]
        for item, targets in enumerate(successors)
    ]


def _knots(successors: list[list[int]]) -> list[int]:
    """The strongly connected component of each thing, as a number. Source: Tarjan 1972, without recursion."""
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


def _depths_in_knots(successors: list[list[int]], knot_of: list[int]) -> list[int]:
    """Steps from where a thing's knot is entered; a knot that nothing leads to is entered at its first member."""
    count = len(successors)
    entered = [False] * count
    for item, targets in enumerate(successors):
        for target in targets:
            if knot_of[target] != knot_of[item]:
                entered[target] = True
    has_entry = {knot_of[item] for item in range(count) if entered[item]}
    depths = [-1] * count
    wave: list[int] = []
    for item in range(count):
        if entered[item] or knot_of[item] not in has_entry:
            has_entry.add(knot_of[item])
            depths[item] = 0
            wave.append(item)
    for item in wave:
        for target in successors[item]:
            if knot_of[target] == knot_of[item] and depths[target] < 0:
                depths[target] = depths[item] + 1
                wave.append(target)
    return depths
