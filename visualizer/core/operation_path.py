"""
Entries of one request, and what is connected → the path it took: which run followed from which, how long each ran and
how long it had waited, what still runs, and what the configs expect and nobody saw.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from collector.models.activity import Status
from visualizer.models.node_id import (
    EXTERNAL_MARK,
    OUTGOING_MARK,
    activity_event_id,
    activity_stream_id,
    base_event,
)
from visualizer.models.operation import DONE, FAILED, IGNORED, MISSING, RUNNING, Hop, PathEntry
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, Edge

#: Clocks of two machines, and a caller's line that is written after its callee's: a cause may seem this much later.
SLACK_S = 0.05
_GRAVEST = (FAILED, RUNNING, DONE, IGNORED, MISSING)
_ENDS = {Status.DONE: DONE, Status.FAILED: FAILED, Status.IGNORED: IGNORED}


def find_path(entries: Iterable[PathEntry], edges: Sequence[Edge], *, view: str) -> tuple[Hop, ...]:
    """
    The hops, by when they began; what is missing after them.

    Args:
        entries: of one request, in any order.
        edges: of the view.
    """
    hops = sorted(_drawn(_runs(entries, view), edges), key=lambda hop: (hop.began_s, hop.node, hop.operation_id))
    causes = _without_circles(_causes(hops, _befores(edges)))
    placed = [replace(hop, after=cause) for hop, cause in zip(hops, causes, strict=True)]
    told = [replace(hop, waited_ms=_waited_ms(hop, placed)) for hop in placed]
    return (*told, *_missing(told, edges))


def path_lines(hops: Sequence[Hop]) -> list[tuple[str, str, str]]:
    """(source id, target id, status of the hop it leads to) of the lines the path goes along."""
    lines: dict[tuple[str, str], str] = {}
    for hop in hops:
        source = hops[hop.after].node if hop.after is not None else ""
        # Whatever became of a message: it was written.
        written = MISSING if hop.status == MISSING else DONE
        steps = [(source, hop.stream, written), (hop.stream, hop.node, hop.status)]
        for one, other, status in steps if hop.stream else [(source, hop.node, hop.status)]:
            if one:
                lines[one, other] = min(lines.get((one, other), MISSING), status, key=_GRAVEST.index)
    return [(*ends, status) for ends, status in lines.items()]


def _runs(entries: Iterable[PathEntry], view: str) -> list[Hop]:
    """A START and its end are one run; of equal ids an end closes the last that is open, as the counts have it."""
    open_runs = defaultdict[tuple[object, ...], list[Hop]](list)
    runs: list[Hop] = []
    # A START comes before an end of the same millisecond.
    for entry in sorted(entries, key=lambda each: (each.timestamp_s, each.status != Status.START)):
        node = activity_event_id(entry.key, view=view)
        run = (entry.key.app, entry.key.plugin, entry.key.event, entry.operation_id, entry.host_name, entry.pid)
        hop = Hop(
            node=node,
            stream=activity_stream_id(entry.key, view=view) or "",
            status=RUNNING,
            began_s=entry.timestamp_s,
            host_name=entry.host_name,
            pid=entry.pid,
            operation_id=entry.operation_id,
            message_id=entry.message_id,
        )
        if entry.status == Status.START:
            open_runs[run].append(hop)
            continue
        if entry.status not in _ENDS:
            continue
        ran_ms = entry.duration_ms
        if open_runs[run]:
            began = open_runs[run].pop()
            ran_ms = (entry.timestamp_s - began.began_s) * 1000 if ran_ms is None else ran_ms
        else:
            began = replace(hop, began_s=entry.timestamp_s - (ran_ms or 0.0) / 1000)
        stream, message_id = hop.stream or began.stream, hop.message_id or began.message_id
        status = _ENDS[Status(entry.status)]
        runs.append(
            replace(began, status=status, ran_ms=ran_ms, cause=entry.cause, stream=stream, message_id=message_id)
        )
    return runs + [hop for left in open_runs.values() for hop in left]


def _drawn(runs: list[Hop], edges: Iterable[Edge]) -> list[Hop]:
    """Without calls and writes of which the other side tells, too: those the graph has no node of their own for."""
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    marked = (EXTERNAL_MARK, OUTGOING_MARK)
    return [hop for hop in runs if not (hop.node[:1] in marked or hop.node[-1:] in marked) or hop.node in ends] or runs


def _befores(edges: Iterable[Edge]) -> Mapping[str, set[str]]:
    """Node id → events that may set it off: by a call, or through a stream; stages follow each other on their event."""
    edges = list(edges)
    entry_of = {edge.source: edge.target for edge in edges if edge.kind == REQUEST}
    writers, before = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for edge in edges:
        if edge.kind == WRITE:
            writers[edge.target].add(edge.source)
        elif edge.kind == CALL:
            before[entry_of.get(edge.target, edge.target)].add(edge.source)
    for edge in edges:
        if edge.kind == READ:
            before[edge.target] |= writers[edge.source]
    return before


def _causes(hops: Sequence[Hop], before: Mapping[str, set[str]]) -> list[int | None]:
    """Of each hop the newest run that may have set it off: of its own operation before others."""
    stages, sets_off = defaultdict[str, set[str]](set), defaultdict[str, list[str]](list)
    for hop in hops:
        stages[base_event(hop.node)].add(hop.node)
    for nodes in stages.values():
        for node in nodes:
            for other in before.get(node, set()) | (nodes - {node}):
                sets_off[other].append(node)
    # By what they may set off: places of all, and of one operation, in order.
    places = defaultdict[tuple[str, ...], list[int]](list)
    for place, hop in enumerate(hops):
        for node in sets_off.get(hop.node, ()):
            places[node,].append(place)
            places[node, hop.operation_id].append(place)
    found: list[int | None] = []
    for place, hop in enumerate(hops):
        of_own, of_any = places.get((hop.node, hop.operation_id), []), places.get((hop.node,), [])
        cause = _newest(of_own, place, hops, before)
        found.append(_newest(of_any, place, hops, before) if cause is None else cause)
    return found


def _newest(places: Sequence[int], place: int, hops: Sequence[Hop], before: Mapping[str, set[str]]) -> int | None:
    """The last of these places whose hop precedes the one at a place."""
    hop = hops[place]
    end = bisect_right(places, hop.began_s + SLACK_S, key=lambda at: hops[at].began_s)
    backwards = (places[back] for back in range(end - 1, -1, -1))
    return next((at for at in backwards if _precedes((hops[at], at), (hop, place), before)), None)


def _precedes(one: tuple[Hop, int], then: tuple[Hop, int], before: Mapping[str, set[str]]) -> bool:
    """Of two that may set each other off the first one does; else clocks may differ a little."""
    if one[0].began_s <= then[0].began_s:
        return (one[0].began_s, one[1]) < (then[0].began_s, then[1])
    return one[0].began_s <= then[0].began_s + SLACK_S and then[0].node not in before.get(one[0].node, ())


def _without_circles(causes: list[int | None]) -> list[int | None]:
    """Within the slack a circle of calls might set off itself: what began first in it was set off by nothing."""
    for place, cause in enumerate(causes):
        # Some run of a circle follows from one that began later.
        if cause is None or cause < place:
            continue
        circle = [place]
        at: int | None = cause
        while at is not None and at != place and len(circle) <= len(causes):
            circle.append(at)
            at = causes[at]
        if at == place:
            causes[min(circle)] = None
    return causes


def _waited_ms(hop: Hop, hops: Sequence[Hop]) -> float | None:
    if hop.after is None:
        return None
    cause = hops[hop.after]
    ended_s = cause.began_s + (cause.ran_ms or 0.0) / 1000
    since_s = ended_s if cause.ran_ms is not None and ended_s <= hop.began_s else cause.began_s
    return max(0.0, (hop.began_s - since_s) * 1000)


def _missing(hops: Sequence[Hop], edges: Sequence[Edge]) -> list[Hop]:
    """Readers of what a run that ended well writes to, of which nothing was kept."""
    seen, readers = {hop.node for hop in hops}, defaultdict[str, list[str]](list)
    for edge in edges:
        if edge.kind == READ and edge.declared:
            readers[edge.source].append(edge.target)
    missing: dict[str, Hop] = {}
    for place, hop in enumerate(hops):
        written = [edge.target for edge in edges if edge.kind == WRITE and edge.source == hop.node and edge.declared]
        for stream in written if hop.status == DONE else ():
            for reader in readers[stream]:
                if reader not in seen:
                    missing.setdefault(reader, Hop(node=reader, stream=stream, after=place, status=MISSING))
    return list(missing.values())
