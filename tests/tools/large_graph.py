"""A graph of any size, placed as ours are, with made-up numbers: for pictures and for measuring the page."""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import msgspec

from tests import runtime_apps
from visualizer.core.graph_state import still_picture, whole
from visualizer.core.layout import place_nodes
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.delta import Delta, NodeStats, encode_text
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import DrawnTopology

#: How often a state is drawn among a hundred nodes.
STATES = {"ok": 72, "idle": 22, "warn": 2, "fail": 2, "wait": 2}
#: Apps that know each other; a company has many such groups.
GROUP = 4
TOPICS = ("orders", "billing", "shipping", "catalog", "search", "mail", "stock", "returns", "fraud", "reviews")


def large_snapshot(apps: int, *, seed: int = 7) -> dict[str, Any]:
    """What a hub would send of it."""
    random = Random(seed)
    picture = whole(still_picture(large_drawn(apps, random))).add
    now = time.time()
    nodes = [
        msgspec.structs.replace(node, observed=True, stats=_stats(node.kind, random, now_s=now))
        for node in picture.nodes
    ]
    edges = [msgspec.structs.replace(edge, observed=True, rate=_rate(random)) for edge in picture.edges]
    add = msgspec.structs.replace(picture, nodes=nodes, edges=edges)
    snapshot: dict[str, Any] = json.loads(
        encode_text(Delta(hub="large", seq=1, view=STANDARD, at=now, reset=True, add=add))
    )
    return snapshot


def large_drawn(apps: int, random: Random) -> DrawnTopology:
    """`apps` apps of eleven nodes each, in groups that read and call each other, in the standard view."""
    answer = runtime_apps.answer(*(_app(number, apps, random) for number in range(apps)))
    topology = build_topology(read_runtime_apps(answer, source="made up"), view=STANDARD)
    layout = place_nodes(topology)
    return DrawnTopology(version="v", topology=topology, nodes=dict(layout.nodes), apps=dict(layout.apps))


def _app(number: int, apps: int, random: Random) -> dict[str, Any]:
    name, first = _name(number), number - number % GROUP
    later = min(number + 1, first + GROUP - 1, apps - 1)
    read = random.randint(first, number)
    events: dict[str, Any] = {
        "submit": runtime_apps.event("POST", write_stream=runtime_apps.write(f"{name}.submitted")),
        "find": runtime_apps.event("GET"),
        "cancel": runtime_apps.event("POST", connections=[runtime_apps.call("next", "find")]),
        "check": runtime_apps.event(
            "STREAM",
            read_stream=runtime_apps.read(f"{name}.submitted"),
            write_stream=runtime_apps.write(f"{name}.checked"),
        ),
        "store": runtime_apps.event("STREAM", read_stream=runtime_apps.read(f"{name}.checked")),
        "sweep": runtime_apps.event("SERVICE", write_stream=runtime_apps.write(f"{name}.checked")),
        "follow": runtime_apps.event("STREAM", read_stream=runtime_apps.read(f"{_name(read)}.checked")),
    }
    connections = {"next": runtime_apps.connection(_name(later))}
    return runtime_apps.app(name, events, connections=connections)


def _name(number: int) -> str:
    topic = TOPICS[number % len(TOPICS)]
    return topic if number < len(TOPICS) else f"{topic}-{number // len(TOPICS) + 1}"


def _stats(kind: str, random: Random, *, now_s: float) -> NodeStats:
    state = random.choices(list(STATES), list(STATES.values()))[0]
    if state == "idle":
        return NodeStats()
    if kind in ("stream", "request") or state == "wait":
        state = "wait" if kind == "stream" and state == "wait" else "ok"
    failed = {"fail": random.randint(150, 400), "warn": random.randint(5, 60)}.get(state, 0)
    numbers = NodeStats(started=1000, done=1000 - failed, failed=failed, rate=_rate(random), state=state, last=now_s)
    if kind == "stream":
        numbers.wait = random.uniform(1500, 5000) if state == "wait" else random.uniform(2, 60)
    elif kind == "event":
        numbers.p95 = 10 ** random.uniform(0.3, 2.6)
    return numbers


def _rate(random: Random) -> float:
    return round(10 ** random.uniform(-0.5, 3.1), 1)
