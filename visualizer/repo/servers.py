"""Processes that were seen, by their ids."""

from __future__ import annotations

from collections.abc import Collection

from collector.models.activity import OTHER, Server
from visualizer.repo.models import SeenServer

_AT_ONCE = 500


def read_servers(ids: Collection[int]) -> dict[int, Server]:
    """Id → the process, of those of the ids that there are."""
    wanted, found = sorted(ids), dict[int, Server]()
    for at in range(0, len(wanted), _AT_ONCE):
        rows = SeenServer.objects.filter(id__in=wanted[at : at + _AT_ONCE]).values_list("id", "host_name", "pid")
        found |= {pk: Server(host_name, pid) for pk, host_name, pid in rows}
    return found


def read_host_names() -> frozenset[str]:
    """Of every host that a line was ever read of."""
    names = SeenServer.objects.values_list("host_name", flat=True).distinct()
    return frozenset(name for name in names if name not in ("", OTHER))
