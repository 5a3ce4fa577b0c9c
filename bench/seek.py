"""
How long the page waits for the graph at a moment, for the frames of a replay, and for a file of either, through the
addresses it asks: a graph of 1,000 nodes in a fleet of 20,000 series, each busy for 72 minutes of a day. Cold: the
first a process is asked.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.history import BUSY_S, DAY_S, NOW, SERIES

NODES, NODES_PER_APP = 1_000, 30
_SEEKS = 20


def main() -> None:
    """Fill a database in a temporary folder, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="eventscope-bench-") as folder:
        os.environ |= {"EVENTSCOPE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "visualizer.settings"}
        import django

        django.setup()
        with patch.object(time, "time", lambda: float(NOW)):
            _measure(Path(folder) / "eventscope.sqlite3")


def _measure(path: Path) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from bench.history_fill import Filling
    from visualizer.interfaces.graph_moment import draw_kept

    filling = Filling(path, series=SERIES, busy_s=BUSY_S, now_s=NOW)
    drawn = _keep_topology()
    begin = time.perf_counter()
    filling.fill_day((300, 3 * 3600, 20 * 3600), ahead_s=1800)
    print(f"{drawn} nodes; filled in {time.perf_counter() - begin:.0f} s")
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create(username="bench"))
    client.get("/healthz")
    for name, ago_s in (("5 min", 300), ("3 h", 3 * 3600), ("20 h", 20 * 3600)):
        for what, param in (("moments", "at"), ("reels", "from")):
            at_s, spread_s = NOW - ago_s, 0 if ago_s < 600 else 20

            def ask(number: int, *, what: str = what, param: str = param, at_s: int = at_s + spread_s) -> int:
                response = client.get(f"/time/{what}/standard", {param: at_s + number * 10})
                assert response.status_code == 200, response.content
                return len(response.content)

            draw_kept.cache_clear()
            cold, size_bytes = _timed(lambda ask=ask: ask(0))  # type: ignore[misc]
            warm = [_timed(lambda number=number, ask=ask: ask(number))[0] for number in range(_SEEKS)]  # type: ignore[misc]
            clock_ms, cpu_ms = np.quantile(warm, 0.95, axis=0) * 1000
            print(
                f"{what:8} {name:>5} ago: cold {cold[0] * 1000:6.1f} ms ({cold[1] * 1000:6.1f} of CPU), "
                f"warm {clock_ms:6.1f} ms ({cpu_ms:6.1f} of CPU, p95 of {_SEEKS}), {size_bytes / 1e3:,.0f} kB"
            )
    incident = _keep_incident(NOW - 3 * 3600, took_s=1800)
    for name, query in (("moment", {"at_time": NOW - 3 * 3600}), ("incident", {"incident": incident})):
        clock, size_bytes = _timed(lambda query=query: len(client.get("/time/saved", query).content))  # type: ignore[misc]
        print(f"saved {name:8}: {clock[0] * 1000:6.0f} ms ({clock[1] * 1000:6.0f} of CPU), {size_bytes / 1e3:,.0f} kB")


def _keep_incident(opened_s: int, *, took_s: int) -> str:
    """An incident that was over after a while; returns its key."""
    from visualizer.repo.incident_models import KeptIncident

    head = {"rule": "failing", "subject": "bench", "name": "bench", "since_s": opened_s, "words": "It failed."}
    times = {"opened_s": opened_s, "resolved_s": opened_s + took_s}
    return KeptIncident.objects.create(key="bench", root="bench", severity="warning", members=[head], **times).key


def _keep_topology() -> int:
    """One large topology is current all the time, and its events are the first of the series; returns its nodes."""
    from datetime import UTC, datetime

    import msgspec

    from tests.topologies import large_topology
    from visualizer.interfaces.draw_topology import draw_beside
    from visualizer.interfaces.topology_history import record_topology
    from visualizer.models.node_id import EVENT, VIEWS
    from visualizer.repo.models import Activity

    topology = large_topology(NODES, nodes_per_app=NODES_PER_APP)
    views = [msgspec.structs.replace(topology, view=view) for view in VIEWS]
    for view in views:
        draw_beside(view, content="bench")
    record_topology(views, [], versions=["bench", "bench"], old=(), now=datetime.fromtimestamp(NOW - 7 * DAY_S, UTC))
    events = [node for node in topology.nodes if node.kind == EVENT]
    rows = [
        Activity(id=number + 1, app=node.app, event=node.name, kind="request") for number, node in enumerate(events)
    ]
    Activity.objects.bulk_update(rows, ["app", "event"], batch_size=200)
    return len(topology.nodes)


def _timed(work: Callable[[], int]) -> tuple[tuple[float, float], int]:
    begin, cpu = time.perf_counter(), time.process_time()
    found = work()
    return (time.perf_counter() - begin, time.process_time() - cpu), found
