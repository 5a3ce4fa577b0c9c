"""Compares the running processes of a node: which one fails or idles while the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from visualizer.core.node_state import ENOUGH_FAILURES, ENOUGH_RUNS
from visualizer.models.node_details import ServerShare

#: So many times the failures of the others is another matter than chance.
SKEWED = 3.0


class Instance(NamedTuple):
    """A running process beside its siblings."""

    server: ServerShare
    #: Its share of the runs, percent.
    share: float
    #: Share of its own runs that failed, percent; None when it had none.
    failed: float | None
    #: What is odd about it, in words; "" for nothing.
    flag: str


def compare_servers(servers: Sequence[ServerShare], living: Iterable[tuple[str, str]]) -> list[Instance]:
    """
    The instances, odd ones first, then the busiest.

    Args:
        living: (host name, pid) of the processes that say they run its app. Those without work are odd when there was
            enough of it for everybody.
    """
    runs = sum(server.runs for server in servers)
    busy = {(server.host_name, server.pid) for server in servers}
    spare = [
        ServerShare(host_name, pid, 0, 0) for host_name, pid in dict.fromkeys(living) if (host_name, pid) not in busy
    ]
    everybody = [*servers, *(spare if runs >= ENOUGH_RUNS * (len(busy) + len(spare)) else ())]
    found = [
        Instance(
            server,
            100 * server.runs / runs if runs else 0.0,
            100 * server.failed / server.runs if server.runs else None,
            _flag(server, everybody),
        )
        for server in everybody
    ]
    return sorted(found, key=lambda instance: (not instance.flag, -instance.server.runs))


def _flag(server: ServerShare, everybody: Sequence[ServerShare]) -> str:
    if not server.runs:
        return "alive, and has no work"
    others = [other.failed for other in everybody if other is not server and other.runs]
    if not others or server.failed < ENOUGH_FAILURES or server.failed <= SKEWED * median(others):
        return ""
    usual = median(others)
    return f"{server.failed / usual:.0f} × the failures of the others" if usual else "only here runs fail"
