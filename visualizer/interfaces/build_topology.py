"""The flow: what hosts declare + what was seen → topology → layout → Redis, for both views."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import msgspec
import redis

from visualizer.core.declared_config import declared_config
from visualizer.core.layout import LAYOUT_REVISION, place_nodes
from visualizer.core.topology import build_topology
from visualizer.models.node_id import VIEWS
from visualizer.models.topology import DrawnTopology, Topology
from visualizer.repo.host_answers import keep_snapshots, read_host_answers
from visualizer.repo.topology import keep_drawn, read_calls, read_drawn_version, read_observed


def refresh_topology(client: redis.Redis, *, now: datetime) -> bool:
    """
    Bring the kept topologies up to date. May run any number of times, at the same time too.

    Returns:
        Whether anything had changed.

    Raises:
        redis.RedisError, django.db.DatabaseError: one of them does not answer; nothing is half done.
    """
    answers = read_host_answers(client)
    observed, calls = read_observed(), read_calls()
    changed: list[DrawnTopology] = []
    for view in VIEWS:
        topology = build_topology(declared_config(answers, view=view), observed, calls, view=view)
        version = content_version(topology)
        if version != read_drawn_version(client, view):
            layout = place_nodes(topology)
            changed.append(DrawnTopology(version=version, topology=topology, nodes=layout.nodes, apps=layout.apps))
    if changed:
        keep_drawn(client, changed)
    keep_snapshots(answers, now=now)
    return bool(changed)


def content_version(topology: Topology) -> str:
    """The same for the same content, placed in the same way."""
    return sha256(b"%d:" % LAYOUT_REVISION + msgspec.json.encode(topology)).hexdigest()[:16]
