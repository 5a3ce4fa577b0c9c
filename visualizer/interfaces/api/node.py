"""/node, /node/series and /node/lines: how one node does, its history, and texts out of its log lines."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus

from django.http import HttpRequest

from collector.models.activity import ActivityKey
from visualizer.core.depth_verdict import with_depth
from visualizer.core.history_steps import MOST_POINTS
from visualizer.core.skew import compare_servers
from visualizer.core.verdict import give_verdict
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.history import asked_range, series_points
from visualizer.interfaces.api.parameters import Instant, NodeId, Points, View
from visualizer.interfaces.api.problem import ApiProblem, unavailable
from visualizer.interfaces.api.queues import queues
from visualizer.interfaces.broker_panel import read_depth
from visualizer.interfaces.neighbours import find_neighbours
from visualizer.interfaces.node_history import read_node_history
from visualizer.interfaces.node_panel import node_stats
from visualizer.interfaces.node_troubles import find_troubles
from visualizer.interfaces.panel_facts import PanelFacts, guessed_node, read_facts
from visualizer.models.api_node import Instance, Lines, Neighbour, NodeReport, Numbers, Series
from visualizer.models.api_token import READ_GRAPH, READ_LINES
from visualizer.models.delta import NodeStats
from visualizer.models.node_details import NodeDetails
from visualizer.models.node_id import STREAM
from visualizer.models.stream_flow import StreamPart
from visualizer.models.topology import Node
from visualizer.repo.live_lines import read_newest_lines
from visualizer.repo.node_details import read_keys, read_node_details
from visualizer.resources import shared_redis


@dataclass(frozen=True, slots=True)
class Found:
    """A node that is drawn, or that history knows."""

    node: Node
    facts: PanelFacts
    keys: Mapping[int, ActivityKey]
    #: Ids of its activities in SQL.
    activity_ids: tuple[int, ...]

    @property
    def waits(self) -> bool:
        """Does it count how long messages wait?"""
        return self.node.kind == STREAM

    def details(self) -> NodeDetails:
        """What history says of it."""
        belongs = self.facts.belongs(self.node.id)
        return read_node_details(self.keys, belongs, waits=self.waits, now_s=time.time())


@get("/node", answer=NodeReport, scope=READ_GRAPH)
def node(request: HttpRequest, id: NodeId, view: View = "standard") -> NodeReport:
    """How a node does: its last minute, its processes, its neighbours, what goes wrong with its messages."""
    found = _find(id, view)
    details = found.details()
    stats = node_stats(found.node.kind, details, found.facts.pending)
    verdict = give_verdict(found.node.kind, stats, details.servers, seen=details.seen)
    depth = read_depth(found.facts, found.keys.values(), StreamPart(id)) if found.waits else None
    verdict = with_depth(verdict, depth) if depth else verdict
    instances = compare_servers(details.servers, [] if found.waits else found.facts.living(found.node))
    neighbours = find_neighbours(found.facts, id, found.keys)
    return NodeReport(
        node=found.node,
        **verdict._asdict(),
        last_60_s=_numbers(stats, is_pending_known=found.facts.pending is not None),
        instances=tuple(Instance(**asdict(one.server), share=round(one.share, 1), flag=one.flag) for one in instances),
        neighbours=tuple(
            Neighbour(
                way=each.way,
                id=each.node.id,
                rate=each.numbers.rate,
                ended=each.numbers.ended,
                failed=each.numbers.failed,
                said=each.said,
            )
            for each in neighbours
        ),
        troubles=tuple(find_troubles(found.node, found.facts, found.activity_ids, found.keys, depth)),
        queues=queues(depth),
    )


@get("/node/series", answer=Series, scope=READ_GRAPH)
def node_series(
    request: HttpRequest,
    id: NodeId,
    view: View = "standard",
    since: Instant = None,
    until: Instant = None,
    points: Points = MOST_POINTS,
) -> Series:
    """
    The history of a node in steps.

    Without `since` the hour before `until`; without `until` up to now. Steps are as fine as history is kept that far
    back, and as wide as it takes to have no more points than asked for; `since` and `until` of the answer say which
    whole steps it tells. The last one may not be over yet.
    """
    found = _find(id, view)
    since_s, until_s = asked_range(since, until)
    if since_s == until_s:
        return Series(id=id, step=1, since=until_s, until=until_s, points=())
    # One more begins before `since` where that is within a step.
    told = read_node_history(found.facts, id, since_s=since_s, until_s=until_s, most=points - 1)
    return Series(id=id, step=told.step_s, since=told.from_s, until=told.until_s, points=series_points(told))


@get("/node/lines", answer=Lines, scope=READ_LINES)
def node_lines(request: HttpRequest, id: NodeId, view: View = "standard") -> Lines:
    """The newest lines of a node, and its failures by cause."""
    found = _find(id, view)
    if not found.facts.answers:
        raise unavailable()
    newest = read_newest_lines(shared_redis(), found.activity_ids, shards=found.facts.shards)
    return Lines(newest=tuple(newest), failures=found.details().failures)


def _find(node_id: str, view: str) -> Found:
    facts, keys = read_facts(view), read_keys()
    belongs = facts.belongs(node_id)
    activity_ids = tuple(pk for pk, key in keys.items() if belongs(key))
    if node_id not in facts.nodes and not activity_ids:
        if not facts.answers:
            raise unavailable()
        detail = "Expected the id of a node of this view, as /graph has them; there is none with this id (any more)."
        raise ApiProblem(HTTPStatus.NOT_FOUND, detail)
    return Found(facts.nodes.get(node_id) or guessed_node(node_id), facts, keys, activity_ids)


def _numbers(stats: NodeStats, *, is_pending_known: bool) -> Numbers:
    return Numbers(
        started=stats.started,
        done=stats.done,
        failed=stats.failed,
        ignored=stats.ignored,
        pending=stats.pending if is_pending_known else None,
        rate=stats.rate,
        p50=stats.p50,
        p95=stats.p95,
        p99=stats.p99,
        wait=stats.wait,
    )
