"""How long it takes to compare two configs of 500 events, in both views, from answers as decoded to the diff."""

from __future__ import annotations

from time import process_time
from typing import Any

from tests.runtime_apps import answer, app, call, connection, event, read, write
from visualizer.core.declared_settings import declared_settings
from visualizer.core.diff_markdown import diff_markdown
from visualizer.core.kept_topology import keep_topology
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.core.topology_diff import diff_topologies
from visualizer.models.kept_topology import KeptTopology, encode_kept
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.topology_diff import TopologyDiff

_EVENTS = 500
_RUNS = 5


def main() -> None:
    """Print the best of some runs; CPU time, as others on the machine only ever add to it."""
    before, after = a_config(1, "1.0"), a_config(2, "1.1")
    best_s = min(_seconds(before, after) for _ in range(_RUNS))
    one, other = _kept(before), _kept(after)
    changes = diff_topologies(one, other, view=STANDARD)
    began = process_time()
    text = diff_markdown(TopologyDiff(view=STANDARD, before="a", after="b", changes=changes))
    markdown_ms = (process_time() - began) * 1000
    print(f"two configs of {_EVENTS} events: {len(changes):,} changes in {best_s * 1000:.1f} ms (allowed: 300 ms)")
    print(
        f"as Markdown: {len(text):,} characters in {markdown_ms:.1f} ms; kept in SQL: {len(encode_kept(one)):,} bytes"
    )


def a_config(seed: int, version: str) -> dict[str, Any]:
    """An answer; another seed differs in every tenth event."""
    apps = [
        app(
            f"app-{number}",
            {f"event_{place}": _event(place, seed if place % 10 == 0 else 0) for place in range(25)},
            version=version,
            connections={"next": connection(f"app-{(number + 1) % 20}", version)},
        )
        for number in range(_EVENTS // 25)
    ]
    return answer(*apps)


def _event(place: int, seed: int) -> dict[str, Any]:
    if place % 3 == 0:
        return event("GET", route=f"/{place}/{seed}", connections=[call("next", "event_3")])
    if place % 3 == 1:
        return event("POST", write_stream=write(f"stream_{place + seed}", "AUTO", "express"))
    return event("STREAM", read_stream=read(f"stream_{place - 1}", "AUTO", "express"))


def _kept(told: dict[str, Any]) -> KeptTopology:
    config = read_runtime_apps(told, source="a host")
    return keep_topology((build_topology(config, view=view) for view in VIEWS), declared_settings([told]))


def _seconds(before: dict[str, Any], after: dict[str, Any]) -> float:
    began = process_time()
    one, other = _kept(before), _kept(after)
    for view in VIEWS:
        diff_topologies(one, other, view=view)
    return process_time() - began
