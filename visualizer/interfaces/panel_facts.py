"""What the panels of nodes and edges take from Redis; without it they say less."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import redis
from django.http import QueryDict
from django.urls import reverse

from collector.models.activity import ActivityKey
from collector.models.broker import BrokerAnswer
from collector.models.errors import StoreUnavailable
from visualizer.core.edge_numbers import passes
from visualizer.core.freshness import BLIND_AFTER_S, is_blind
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.models.alert import APP_MARK, COLLECTOR_MARK, EDGE_MARK, HOST_MARK
from visualizer.models.node_id import (
    EVENT,
    REQUEST,
    STANDARD,
    STREAM,
    STREAM_MARK,
    activity_event_id,
    activity_stream_id,
)
from visualizer.models.standstill import Standstill
from visualizer.models.told_then import ToldThen
from visualizer.models.topology import REQUEST as REQUEST_EDGE
from visualizer.models.topology import DrawnTopology, Edge, Node
from visualizer.models.topology_version import TopologyVersion
from visualizer.models.unseen import UnseenPart
from visualizer.repo.brokers import read_brokers
from visualizer.repo.drawn import read_drawn, read_pending
from visualizer.repo.redis_state import read_sampling
from visualizer.repo.standstills import read_standstills
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

#: An id is made of names; a longer one is nobody's.
MAX_ID_CHARS = 2048
Belongs = Callable[[ActivityKey], bool]


@dataclass(frozen=True)
class PanelFacts:
    """What Redis says of one view, nothing while it does not answer; or what is kept of the view as it was."""

    #: standard | expanded.
    view: str
    #: Does it answer?
    answers: bool = False
    #: The view as drawn.
    drawn: DrawnTopology | None = None
    #: What is running now, by activity.
    pending: Mapping[ActivityKey, int] | None = None
    #: The sampling threshold; None when it is not known.
    sampling: int | None = None
    #: Number of shards.
    shards: int = 1
    #: What brokers say.
    brokers: tuple[BrokerAnswer, ...] = ()
    #: What stands still, by node id.
    standstills: Mapping[str, Standstill] = field(default_factory=dict)
    #: Does nobody read or count lines?
    is_blind: bool = False
    #: What is not seen, or in part, while others are, by node id.
    unseen: Mapping[str, UnseenPart] = field(default_factory=dict)
    #: The moment it is all of, and the topology that was current then; None: now.
    then: ToldThen | None = None
    version: TopologyVersion | None = None

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """What is drawn, by id."""
        return {node.id: node for node in self.drawn.topology.nodes} if self.drawn else {}

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges whose ends are drawn."""
        edges = self.drawn.topology.edges if self.drawn else ()
        return tuple(edge for edge in edges if edge.source in self.nodes and edge.target in self.nodes)

    @cached_property
    def _entered(self) -> Mapping[str, Collection[str]]:
        entered = defaultdict[str, set[str]](set)
        for edge in self.edges:
            if edge.kind == REQUEST_EDGE:
                entered[edge.source].add(edge.target)
        return entered

    def entered(self, node_id: str) -> Collection[str]:
        """Ids of the events to which a node is the entry."""
        return self._entered.get(node_id, ())

    def belongs(self, node_id: str) -> Belongs:
        """Which activities count for a node."""
        if events := self._entered.get(node_id):
            return lambda key: key.kind == REQUEST and activity_event_id(key, view=self.view) in events
        return lambda key: node_id in (activity_event_id(key, view=self.view), activity_stream_id(key, view=self.view))

    def passes(self, edges: Collection[Edge]) -> Belongs:
        """Which activities tell how any of some edges does."""
        return lambda key: any(passes(edge, key, view=self.view, entered=self.entered(edge.target)) for edge in edges)

    def living(self, node: Node) -> list[tuple[str, str]]:
        """(host name, pid) of the processes that say they run the node's app."""
        apps = self.drawn.topology.apps if self.drawn else ()
        return [(server.host_name, server.pid) for app in apps if app.key == node.app for server in app.servers]

    @property
    def moment(self) -> dict[str, str]:
        """What an address of a panel says of the time; nothing of now."""
        return {"at": str(self.then.at_s)} if self.then else {}

    def address(self, **state: str) -> str:
        """The address of the graph page in this state, now or at the moment."""
        moment = {"at_time": str(self.then.at_s)} if self.then else {}
        return graph_address(view=self.view, **state, **moment)


def read_facts(view: str) -> PanelFacts:
    """What Redis says now."""
    try:
        client = shared_redis()
        drawn, watch = read_drawn(client, view), read_watch(client)
        pending, brokers = read_pending(client, shards=watch.shards), tuple(read_brokers(client))
        now_s, topologies = time.time(), {view: drawn.topology} if drawn else {}
        unseen = find_unseen(watch, topologies, now_s=now_s, after_s=BLIND_AFTER_S).of(view)
        halts = read_standstills(client, view), is_blind(watch, now_s), unseen
        return PanelFacts(view, True, drawn, pending, read_sampling(client), watch.shards, brokers, *halts)
    except (redis.RedisError, StoreUnavailable):
        return PanelFacts(view)


def guessed_node(node_id: str) -> Node:
    """What can be said of a node that only history knows."""
    kind = STREAM if node_id.startswith(STREAM_MARK) else EVENT
    name = node_id.removeprefix(STREAM_MARK)
    return Node(id=node_id, kind=kind, label=name, name=name, app="", declared=False, observed=True)


def subject_state(subject: str) -> dict[str, str]:
    """What the graph page shows of an alert's subject (visualizer/models/alert.py); nothing of what is not on it."""
    if subject.startswith((HOST_MARK, COLLECTOR_MARK)):
        return {}
    if subject.startswith(APP_MARK):
        return {"app": subject.removeprefix(APP_MARK)}
    if EDGE_MARK in subject:
        return {"view": STANDARD, "edge": subject.replace(EDGE_MARK, ">", 1)}
    return {"node": subject}


def graph_address(**state: str) -> str:
    """The address of the graph page in this state (static/js/url_state.js)."""
    query = QueryDict(mutable=True)
    query.update(state)
    return f"{reverse('graph')}?{query.urlencode()}"
