"""Watch: what the other processes and the polled hosts say of themselves, as read at one moment."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from collector.models.heartbeat import CollectorBeat, RollupBeat


class HostState(msgspec.Struct, kw_only=True, frozen=True):
    """A HostAnswer (collector/models/host.py) without what the host declares, which is big."""

    url: str
    position: int
    status: str
    reason: str = ""
    since_s: float = 0
    polled_s: float = 0
    latency_ms: float | None = None
    api_version: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Redis's small, global keys."""

    #: "<layout version>:<shards>", "" before the first rollup.
    layout: str = ""
    #: Counter of the drawn topologies, "" before the first.
    topology_version: str = ""
    #: Counter of what edges rest on, "" before anybody looked.
    evidence_version: str = ""
    #: Counter of what stands still, "" before anybody looked.
    standstills_version: str = ""
    #: Counter of what hosts declare and whether they live, "" before the first poll.
    config_version: str = ""
    #: Every collector that has reported and was not forgotten.
    collectors: tuple[CollectorBeat, ...] = ()
    #: A beat a shard; None where no rollup has reported.
    rollups: tuple[RollupBeat | None, ...] = (None,)
    #: Every configured host, in the order of the configuration; empty when they were not asked for.
    hosts: tuple[HostState, ...] = ()
    #: Every configured document, in the same way.
    documents: tuple[HostState, ...] = ()
    #: Why the receiver of OTLP has just sent somebody away; "" when it has not.
    receiver_problem: str = ""
    #: Unix time at which the worker last ended a task, and beat last asked for one; 0 when it never did.
    worker_at_s: float = 0
    beat_at_s: float = 0

    @property
    def shards(self) -> int:
        """Number of shards; 1 until a rollup has said otherwise."""
        count = self.layout.partition(":")[2]
        return int(count) if count.isdecimal() else 1
