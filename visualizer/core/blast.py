"""
Who suffers when something is down, and what, being down, would make something suffer.

A node is down, or fails, or starves; a stream that is not read fills. What follows from what:

- down: it fails; a stream it reads fills, so that what is written waits there, and is thrown away when it is full
- a stream is down: who writes to it or reads it fails
- it fails: who calls it and waits fails, too; a stream it writes to starves
- a stream starves: who reads it starves. It starves: a stream it writes to does

So what fails suffers now, what starves or fills suffers later. Declared lines count whether they were seen or not. The
other way round the same steps are gone backwards: Y suffers from X exactly when X is among the causes of Y.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from msgspec.structs import replace

from visualizer.models.blast import FAILS, FILLS, LATER, NOW, STARVES, SUFFERS, Impact
from visualizer.models.node_id import STREAM
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, Edge, Node

#: (source id, target id) of a line → share of what passes that passes over it, 0 … 1. What calls an HTTP event leads to
#: the event, not to its entry.
Shares = Mapping[tuple[str, str], float]

_DOWN = "down"
#: (node id, what is wrong with it).
_State = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One state follows from another one."""

    to: _State
    #: None: the line was never seen.
    share: float | None


class BlastGraph:
    """The steps of one topology; made once, asked often."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge], shares: Shares) -> None:
        """
        Args:
            shares: of a call its caller's runs that make it; of a write its stream's messages that come over it; of a
                read its reader's messages that do. A line that is not in it was never seen.
        """
        self._kinds = {node.id: node.kind for node in nodes}
        self._forth: defaultdict[_State, list[_Step]] = defaultdict(list)
        self._back: defaultdict[_State, list[_Step]] = defaultdict(list)
        edges = list(edges)
        self._event_of = {edge.source: edge.target for edge in edges if edge.kind == REQUEST}
        for node_id, kind in self._kinds.items():
            if kind != STREAM:
                self._add((node_id, _DOWN), (node_id, FAILS), 1.0)
        for edge in edges:
            if edge.source in self._kinds and edge.target in self._kinds:
                self._add_edge(edge, shares)

    def find(self, starts: Mapping[str, float], way: str) -> tuple[Impact, ...]:
        """
        What suffers from these nodes being down, or what would make them suffer; they themselves are left out.

        Args:
            starts: node id → share of it that is down: 0.5 when one of its two hosts is.
            way: suffers | causes.

        Returns:
            Now before later, then by share, then by distance.
        """
        known = {self._event_of.get(node_id, node_id): share for node_id, share in starts.items()}
        known = {node_id: share for node_id, share in known.items() if node_id in self._kinds}
        found = self._suffer(known) if way == SUFFERS else self._cause(known)
        return tuple(sorted(found.values(), key=_order))

    def _suffer(self, starts: Mapping[str, float]) -> dict[str, Impact]:
        found: dict[str, Impact] = {}
        for impact, state in self._reach({(node_id, _DOWN): share for node_id, share in starts.items()}, self._forth):
            if state[1] != _DOWN and impact.id not in starts:
                _keep(found, impact)
        return found

    def _cause(self, targets: Mapping[str, float]) -> dict[str, Impact]:
        """Each way in which it may suffer is gone back on its own: what it is decides what it is called."""
        found: dict[str, Impact] = {}
        for how in (FAILS, STARVES, FILLS):
            for impact, state in self._reach({(node_id, how): 1.0 for node_id in targets}, self._back):
                if state[1] == _DOWN and impact.id not in targets:
                    when = NOW if how == FAILS else LATER
                    _keep(found, replace(impact, when=when, how=how))
        return found

    def _reach(
        self, starts: Mapping[_State, float], steps: Mapping[_State, list[_Step]]
    ) -> Iterable[tuple[Impact, _State]]:
        """Every state that is reached, each once: over a way that was seen if there is one, of the largest share."""
        queue = [(False, -share, 0, state, "") for state, share in starts.items()]
        done: set[_State] = set()
        while queue:
            unseen, weight, hops, state, via = heappop(queue)
            if state in done:
                continue
            done.add(state)
            node_id, how = state
            share = None if unseen else -weight
            if hops or how != _DOWN:
                when = NOW if how == FAILS else LATER
                yield Impact(id=node_id, when=when, how=how, via=via, hops=hops, share=share), state
            for step in steps.get(state, ()):
                if step.to not in done:
                    moved = step.to[0] != node_id
                    line = 1.0 if step.share is None else step.share
                    is_unseen, after = unseen or step.share is None, node_id if moved else via
                    heappush(queue, (is_unseen, weight * line, hops + moved, step.to, after))

    def _add_edge(self, edge: Edge, shares: Shares) -> None:
        source, target = edge.source, self._event_of.get(edge.target, edge.target)
        share = shares.get((source, target))
        if edge.kind == CALL:
            self._add((target, FAILS), (source, FAILS), share)
        elif edge.kind == WRITE:
            self._add((source, FAILS), (target, STARVES), share)
            self._add((source, STARVES), (target, STARVES), share)
            self._add((target, _DOWN), (source, FAILS), 1.0)
        elif edge.kind == READ:
            self._add((source, STARVES), (target, STARVES), share)
            self._add((source, _DOWN), (target, FAILS), share)
            self._add((target, _DOWN), (source, FILLS), 1.0)

    def _add(self, one: _State, then: _State, share: float | None) -> None:
        self._forth[one].append(_Step(then, share))
        self._back[then].append(_Step(one, share))


def _keep(found: dict[str, Impact], impact: Impact) -> None:
    """Of two ways to suffer the worse one."""
    known = found.get(impact.id)
    if known is None or _order(impact) < _order(known):
        found[impact.id] = impact


def _order(impact: Impact) -> tuple[bool, float, int, str]:
    return impact.when != NOW, -(impact.share if impact.share is not None else -1.0), impact.hops, impact.id
