"""The processes a polled host says it runs: ListedServers, the little of a HostAnswer the rollup needs."""

from __future__ import annotations

import msgspec

from collector.models.activity import Server


class ListedServers(msgspec.Struct, frozen=True, kw_only=True):
    """One host's processes."""

    #: ALIVE or ERROR (collector/models/host.py).
    status: str
    #: Unix time since which the status holds.
    since_s: float
    #: Unix time of the last poll.
    polled_s: float
    #: App key → its processes in the last good answer.
    apps: dict[str, frozenset[Server]]
