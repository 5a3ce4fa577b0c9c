"""The flow: topologies as they are drawn now → history, when they are other ones than before."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from collector.models.host import HostAnswer
from visualizer.core.declared_settings import declared_settings
from visualizer.core.diff_words import summary
from visualizer.core.kept_topology import keep_topology
from visualizer.core.topology_causes import find_causes, host_configs
from visualizer.core.topology_diff import diff_topologies
from visualizer.models.kept_topology import KeptTopology, kept_version
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import Topology
from visualizer.models.topology_version import FIRST, Cause, TopologyVersion
from visualizer.repo.topology_history import add_version, keep_current, read_kept, read_newest

log = logging.getLogger(__name__)

#: A host that is not told of for so long is gone. Sooner, Redis may have been emptied, and the collector is about to
#: tell again: nobody removed all events.
GONE_AFTER_S = 120


def record_topology(
    topologies: Sequence[Topology],
    answers: Sequence[HostAnswer],
    *,
    versions: Sequence[str],
    old: Collection[str],
    now: datetime,
) -> bool:
    """
    Keep the topology if it is another one than the newest that is kept. May run at the same time elsewhere.

    Args:
        topologies: both views.
        versions: their hashes.
        old: keys of the apps that are hidden.

    Returns:
        Whether a version was added.

    Raises:
        django.db.DatabaseError: nothing is half done.
    """
    now_s, newest = int(now.timestamp()), read_newest()
    basis = _basis(answers, versions)
    if newest and newest.basis == basis:
        keep_current(newest, now_s=now_s, basis=basis, hosts=newest.hosts)
        return False
    hosts = host_configs(answers)
    if newest and not newest.hosts.keys() <= hosts.keys() and now_s - newest.last_s < GONE_AFTER_S:
        return False
    kept = keep_answers(topologies, answers)
    if newest and newest.content == kept_version(kept):
        keep_current(newest, now_s=now_s, basis=basis, hosts=hosts)
        return False
    words, causes = _what_changed(newest, kept, hosts, old)
    return add_version(kept, after=newest, now_s=now_s, basis=basis, hosts=hosts, summary=words, causes=causes)


def keep_answers(topologies: Sequence[Topology], answers: Sequence[HostAnswer]) -> KeptTopology:
    """What is kept of views that were made from these answers."""
    # Stages of an event have its settings: either answer has them all.
    return keep_topology(topologies, declared_settings(answer.standard for answer in answers if answer.standard))


def _what_changed(
    newest: TopologyVersion | None, kept: KeptTopology, hosts: dict[str, str], old: Collection[str]
) -> tuple[str, tuple[Cause, ...]]:
    if newest is None:
        return "", (Cause(FIRST),)
    try:
        changes = diff_topologies(read_kept(newest), kept, view=STANDARD)
    except ValueError as exc:
        log.warning("topology_damaged: %s", exc)
        return "what it was before cannot be read", find_causes(newest.hosts, hosts, (), old=old)
    return summary(changes), find_causes(newest.hosts, hosts, changes, old=old)


def _basis(answers: Sequence[HostAnswer], versions: Sequence[str]) -> str:
    parts = [[answer.url, answer.content_hash] for answer in answers]
    return sha256(msgspec.json.encode([parts, list(versions)])).hexdigest()
