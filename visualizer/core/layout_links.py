"""What things are linked to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class LinksOf(Generic[K]):
    """Predecessors and successors of nodes, by their ids, or of whatever else links lead to."""

    def __init__(self, links: Iterable[tuple[K, K]]) -> None:
        # Dictionaries as sets that keep their order.
        self._before: defaultdict[K, dict[K, None]] = defaultdict(dict)
        self._after: defaultdict[K, dict[K, None]] = defaultdict(dict)
        for source, target in links:
            if source != target:
                self._before[target][source] = None
                self._after[source][target] = None

    def around(self, things: Sequence[K]) -> tuple[list[K], list[K]]:
        """What leads to any of these, and what they lead to; themselves left out."""
        return self._others(self._before, things), self._others(self._after, things)

    def _others(self, linked: defaultdict[K, dict[K, None]], things: Sequence[K]) -> list[K]:
        found = dict.fromkeys(other for thing in things for other in linked.get(thing, ()))
        return [other for other in found if other not in things]
