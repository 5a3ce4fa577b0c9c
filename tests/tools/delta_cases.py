"""
`python -m tests.tools.delta_cases`: write tests/fixtures/delta_cases.json, on which the browser's graph.js is held to
the law of visualizer/core/graph_state.py: apply(before, delta) == after.

{"name", "before": {"nodes": {id: NodeView}, "edges": {…}, "apps": {…}}, "delta": Delta, "after": like "before"}, as on
the wire: fields that have their default are left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, drawn, ran
from visualizer.core.graph_state import Difference, Picture, apply, difference, whole, with_evidence
from visualizer.core.live_graph import LiveGraph
from visualizer.core.state_memory import StateMemory
from visualizer.models.delta import Delta
from visualizer.models.node_id import EXPANDED, STANDARD
from visualizer.models.topology import Node

CASES_FILE = Path(__file__).resolve().parent.parent / "fixtures" / "delta_cases.json"
HOSTILE = '</script><img src=x onerror=alert(1)>"\u2028__proto__'


def delta_cases() -> list[dict[str, Any]]:
    """The cases, as they stand in the file."""
    quiet = LiveGraph(drawn(), memory=StateMemory()).picture()
    busy = _after(ran(PLACE_KEY, done=30, failed=3, last_s=100.5), ran(PACK_KEY, done=7, last_s=100.75))
    calmer = _after(ran(PLACE_KEY, done=31, failed=3, last_s=101.5))
    grown = _after(ran(PLACE_KEY, done=31, last_s=101.5), extra=(HOSTILE, "constructor", "new"))
    queues = LiveGraph(drawn(EXPANDED), memory=StateMemory()).picture()
    without_numbers = {key: node for key, node in grown.nodes.items() if key not in ("new", PACK)}
    pairs = [
        ("nothing to something", Picture(), quiet),
        ("numbers come", quiet, busy),
        ("numbers move, and one falls silent", busy, calmer),
        ("numbers go", busy, quiet),
        ("nodes come, hostile names among them", calmer, grown),
        ("nodes go, with their edges", grown, Picture(without_numbers, {}, grown.apps)),
        (
            "an app goes",
            busy,
            Picture(busy.nodes, busy.edges, {key: app for key, app in busy.apps.items() if key[:2] == "sh"}),
        ),
        ("a node moves and keeps its numbers", busy, _moved(busy)),
        ("what edges rest on is told without their numbers", busy, _rests(busy, "quiet", asks=True)),
        ("an answer is given, and numbers move", _rests(busy, "undeclared", asks=True), _rests(calmer, "undeclared")),
        ("everything goes", grown, Picture()),
    ]
    cases = [_case(name, before, difference(before, after), after) for name, before, after in pairs]
    return [*cases, _case("a snapshot forgets what was there", grown, whole(queues), queues, reset=True)]


def _after(*activities: Any, extra: tuple[str, ...] = ()) -> Picture:
    nodes = [Node(id=name, kind="event", label=name, name=name, app="") for name in extra]
    graph = LiveGraph(drawn(extra=nodes), memory=StateMemory())
    graph.take(activities, 0)
    return graph.picture()


def _moved(picture: Picture) -> Picture:
    nodes = dict(picture.nodes)
    box = msgspec.structs.replace(nodes[PLACE].box, x=77.0)
    nodes[PLACE] = msgspec.structs.replace(nodes[PLACE], box=box)
    return Picture(nodes, picture.edges, picture.apps)


def _rests(picture: Picture, state: str, *, asks: bool = False) -> Picture:
    told = {key: with_evidence(edge, (state, 50, 90, asks)) for key, edge in picture.edges.items()}
    return Picture(picture.nodes, told, picture.apps)


def _case(name: str, before: Picture, change: Difference, after: Picture, *, reset: bool = False) -> dict[str, Any]:
    delta = Delta(
        hub="h", seq=2, view=STANDARD, at=100.0, reset=reset, add=change.add, update=change.update, remove=change.remove
    )
    assert apply(before, delta) == after, name
    return {"name": name, "before": _plain(before), "delta": _plain(delta), "after": _plain(after)}


def _plain(value: Any) -> Any:
    """As it is after a journey over the wire."""
    return json.loads(msgspec.json.encode(value))


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case) for case in delta_cases())
    CASES_FILE.write_text(f"[\n{lines}\n]\n", "utf-8")
