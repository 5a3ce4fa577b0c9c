"""Cuts cycles, so that what is left has an order from left to right."""

from __future__ import annotations

from collections.abc import Sequence

from visualizer.core.knots import knots

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
    knot_of = knots(successors)
    depths = _depths_in_knots(successors, knot_of)
    return [
        [target for target in targets if knot_of[target] != knot_of[item] or depths[target] > depths[item]]
        for item, targets in enumerate(successors)
    ]


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
