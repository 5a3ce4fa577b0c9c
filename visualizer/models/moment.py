"""Moment: the graph as it was at a time."""

from __future__ import annotations

from dataclasses import dataclass

from visualizer.models.delta import Delta
from visualizer.models.topology_version import TopologyVersion


@dataclass(frozen=True, slots=True)
class Moment:
    """A view with its numbers, as a hub would have told it then."""

    #: Everything, with `reset`; `at` is the time that was asked for.
    delta: Delta
    #: The topology that was current.
    version: TopologyVersion
    #: What the numbers are of, unix seconds: the minute before, or a bucket where only wider ones are kept.
    from_s: int
    until_s: int
    #: Within so many seconds nothing of it changes.
    step_s: int
    #: As a Frame's.
    drawn: str
