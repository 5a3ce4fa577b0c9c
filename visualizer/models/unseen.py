"""What is not seen while some collectors are silent and others are not: processes, and the nodes that they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class UnseenPart(NamedTuple):
    """Of one node."""

    #: How many of its processes nobody sees, at least one.
    unseen: int
    #: How many it has.
    processes: int
    #: Ids of the silent collectors that would read them.
    collectors: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Nothing of the node is seen: it is unknown. Else it is part unseen."""
        return self.unseen == self.processes


@dataclass(frozen=True, slots=True)
class Unseen:
    """At one moment."""

    #: Id of a process → unix second up to which its lines were read.
    until_s: Mapping[int, float] = field(default_factory=dict)
    #: View → node id → how much of it is not seen; no entry for what is seen.
    views: Mapping[str, Mapping[str, UnseenPart]] = field(default_factory=dict)
    #: Ids of the collectors of which it is known what they read.
    readers: frozenset[str] = frozenset()

    def of(self, view: str) -> Mapping[str, UnseenPart]:
        """Of one view."""
        return self.views.get(view, {})
