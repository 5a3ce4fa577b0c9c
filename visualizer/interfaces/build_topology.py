"""The flow: what hosts declare + what was seen → topology → places → SQL and Redis, for both views, and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec
import redis

from collector.models.activity import ActivityKey
from collector.models.host import HostAnswer
from visualizer.core.declared_config import declared_config
from visualizer.core.observed_calls import Calls
from visualizer.core.other_names import name_others
from visualizer.core.topology import build_topology
from visualizer.interfaces.draw_topology import draw_beside, drawn_version
from visualizer.interfaces.topology_history import record_topology
from visualizer.models.node_id import VIEWS
from visualizer.models.passed_limit import PassedLimit
from visualizer.models.topology import Topology
from visualizer.repo.app_ages import read_old_apps
from visualizer.repo.brokers import read_brokers
from visualizer.repo.cardinality import read_limits
from visualizer.repo.host_answers import keep_snapshots, read_host_answers
from visualizer.repo.places import read_stamp
from visualizer.repo.topology import keep_drawn, read_calls, read_drawn_version, read_observed


@dataclass(frozen=True, slots=True)
class Connected:
    """What is connected now, and what that rests on."""

    #: Both views.
    topologies: list[Topology]
    #: What hosts declare.
    answers: Sequence[HostAnswer]
    #: Keys of the apps that are hidden.
    old: Collection[str]


def refresh_topology(client: redis.Redis, *, now: datetime, hide_after_s: float | None = None) -> bool:
    """
    Bring the kept topologies up to date. May run any number of times, at the same time too.

    Args:
        hide_after_s: apps that gave no sign for so long are not drawn; None: all are.

    Returns:
        Whether anything had changed.

    Raises:
        redis.RedisError, django.db.DatabaseError: one of them does not answer; the next run mends what is half done.
        PlacesInDispute: others placed the same view again and again.
    """
    found = read_connected(client, now=now, hide_after_s=hide_after_s)
    versions = [content_version(topology) for topology in found.topologies]
    changed = [
        draw_beside(topology, content=version)
        for topology, version in zip(found.topologies, versions, strict=True)
        if drawn_version(version, read_stamp(topology.view)) != read_drawn_version(client, topology.view)
    ]
    if changed:
        keep_drawn(client, changed)
    record_topology(found.topologies, found.answers, versions=versions, old=found.old, now=now)
    return bool(changed)


def read_connected(client: redis.Redis, *, now: datetime, hide_after_s: float | None) -> Connected:
    """What is declared and was seen, as topologies. Raises: as refresh_topology."""
    answers = read_host_answers(client)
    # First: what a host declares now is not old.
    keep_snapshots(answers, now=now)
    old = read_old_apps(now_s=now.timestamp(), hide_after_s=hide_after_s) if hide_after_s is not None else {}
    observed = {key for key in read_observed() if key.app not in old}
    calls = {ends for ends in read_calls() if not any(key.app in old for key in ends)}
    streams = [stream for broker in read_brokers(client) for stream in broker.lasting]
    return Connected(build_views(answers, observed, calls, read_limits(), streams=streams), answers, old.keys())


def build_views(
    answers: Sequence[HostAnswer],
    observed: Collection[ActivityKey],
    calls: Calls,
    limits: Sequence[PassedLimit] = (),
    *,
    streams: Collection[str] = (),
) -> list[Topology]:
    """Both views of what is declared and was seen. Args: streams: that brokers have."""
    topologies = (
        build_topology(declared_config(answers, view=view), observed, calls, view=view, streams=streams)
        for view in VIEWS
    )
    return [name_others(topology, limits) for topology in topologies]


def content_version(topology: Topology) -> str:
    """The same for the same content."""
    return sha256(msgspec.json.encode(topology)).hexdigest()[:16]
