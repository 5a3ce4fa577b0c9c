"""Ranks: which column of a layered drawing each thing stands in, 0 is the leftmost. Plain ints, this is a hot path."""

from __future__ import annotations

from visualizer.core.layout_cycles import Links, without_cycles


def find_components(count: int, links: Links) -> list[list[int]]:
    """Weakly connected components, members ascending, in the order of their first member."""
    parent = list(range(count))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for source, target in links:
        one, other = root(source), root(target)
        if one != other:
            # The smaller one stays the root, so that the order does not depend on the order of the links.
            parent[max(one, other)] = min(one, other)
    members: dict[int, list[int]] = {}
    for item in range(count):
        members.setdefault(root(item), []).append(item)
    return list(members.values())


def link_components(count: int, links: Links) -> list[tuple[list[int], list[tuple[int, int]]]]:
    """The components, each with its links."""
    components = find_components(count, links)
    component_of = [0] * count
    for number, members in enumerate(components):
        for item in members:
            component_of[item] = number
    inner: list[list[tuple[int, int]]] = [[] for _ in components]
    for link in links:
        inner[component_of[link[0]]].append(link)
    return list(zip(components, inner, strict=True))


def assign_ranks(count: int, links: Links) -> list[int]:
    """
    The rank of each thing: longest path from the sources; links that close a cycle do not count.

    What leads on is then moved right as far as it goes, next to what it leads to: a line shall not cross half the
    picture. Where a flow ends stays where it is.

    Source: Sugiyama et al. 1981, layer assignment.
    """
    successors = without_cycles(count, links)
    waiting = [0] * count
    for targets in successors:
        for target in targets:
            waiting[target] += 1
    ranks = [0] * count
    order = [item for item in range(count) if not waiting[item]]
    for item in order:
        for target in successors[item]:
            ranks[target] = max(ranks[target], ranks[item] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    for item in reversed(order):
        if successors[item]:
            ranks[item] = min([ranks[target] for target in successors[item]]) - 1
    return ranks
