"""
Which servers are gone: their process is in no config any more although the app is polled, or their host has been
down for a minute. Nothing runs on a server that is gone, whatever its log last said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from collector.models.activity import Server
from collector.models.host import ALIVE
from visualizer.models.listed_servers import ListedServers

#: A host that restarts is back within this time; its last answer is believed so long.
DOWN_S = 60


def listed_servers(hosts: Iterable[ListedServers], *, now_s: float) -> dict[str, frozenset[Server]]:
    """App key → the processes that hosts list that are believed: those that answer, or did a moment ago."""
    listed: dict[str, frozenset[Server]] = {}
    for host in hosts:
        if _is_believed(host, now_s):
            for app, processes in host.apps.items():
                listed[app] = listed.get(app, frozenset()) | processes
    return listed


def gone_servers(
    servers: Iterable[tuple[str, int]],
    hosts: Sequence[ListedServers],
    *,
    named: Mapping[int, Server],
    seen_s: Mapping[int, float],
    now_s: float,
) -> frozenset[tuple[str, int]]:
    """
    The gone ones of `servers`, (app key, server id) each.

    Args:
        hosts: what each polled host answered last.
        named: server id → the process.
        seen_s: server id → unix time of its newest line. A process younger than the last poll is not judged by it.
    """
    listed = listed_servers(hosts, now_s=now_s)
    polled_s: dict[str, float] = {}
    for host in hosts:
        for app in host.apps:
            polled_s[app] = min(polled_s.get(app, host.polled_s), host.polled_s)
    return frozenset(
        (app, server_id)
        for app, server_id in servers
        if app in polled_s
        and named[server_id] not in listed.get(app, ())
        and seen_s.get(server_id, 0.0) < polled_s[app]
    )


def _is_believed(host: ListedServers, now_s: float) -> bool:
    return host.status == ALIVE or now_s - host.since_s < DOWN_S
