"""Moments that follow each other → frames, each told as what is otherwise than in the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from visualizer.core.graph_state import Difference, whole
from visualizer.core.then_graph import Numbers, ThenGraph, difference_of
from visualizer.models.delta import Delta
from visualizer.models.frame import Frame
from visualizer.models.live import ActivityStats


class Then(NamedTuple):
    """What was at one moment."""

    #: Unix second.
    at_s: int
    #: The topology that was current.
    graph: ThenGraph
    #: What ran in [from_s, until_s).
    activities: list[ActivityStats]
    from_s: int
    until_s: int


def frames_of(moments: Iterable[Then], *, view: str) -> Iterator[Frame]:
    """One after the other; apply(the frame before, delta) == the graph at the moment."""
    before: tuple[ThenGraph, Numbers] | None = None
    for seq, then in enumerate(moments):
        now = then.graph, then.graph.numbers(then.activities)
        told = difference_of(before, now) if before else whole(then.graph.picture(now[1]))
        before = now
        delta = told_delta(told, at_s=then.at_s, seq=seq, view=view)
        yield Frame(at_s=then.at_s, from_s=then.from_s, until_s=then.until_s, drawn=then.graph.version, delta=delta)


def told_delta(told: Difference, *, at_s: float, seq: int = 0, view: str) -> Delta:
    """The delta of a frame: the first one is everything."""
    return Delta(
        seq=seq,
        view="" if seq else view,
        at=at_s,
        reset=not seq,
        add=told.add,
        update=told.update,
        remove=told.remove,
    )
