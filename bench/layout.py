"""How long placing a large topology takes, and how many of its lines cross, beside graphviz where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from time import process_time

import msgspec
import numpy as np

from tests.topologies import large_topology
from visualizer.core.layout import place_nodes
from visualizer.core.layout_beside import place_beside
from visualizer.models.topology import Topology

_RUNS = 5
#: Where crossings are counted.
_CROSSED_NODES = 500
_POINTS_PER_INCH = 72
Place = tuple[float, float]


def main() -> None:
    """Print the best of some runs; CPU time, as others on the machine only ever add to it."""
    for nodes in (500, 2_000, 10_000):
        for nodes_per_app in (30, 200, nodes):
            topology = large_topology(nodes, nodes_per_app=nodes_per_app)
            best_s = min(_seconds(topology) for _ in range(_RUNS))
            apps, edges = len(topology.apps), len(topology.edges)
            late_s = min(_seconds_of_ten_more(topology) for _ in range(_RUNS))
            print(
                f"{nodes:6} nodes {edges:6} edges {apps:4} apps  {best_s * 1000:7.1f} ms,"
                f" ten more beside the others {late_s * 1000:7.1f} ms"
            )
    for nodes_per_app in (30, _CROSSED_NODES):
        topology = large_topology(_CROSSED_NODES, nodes_per_app=nodes_per_app)
        ours = crossings(topology, {node: (x + w / 2, y + h / 2) for node, (x, y, w, h) in _boxes(topology).items()})
        theirs = _graphviz_crossings(topology)
        beside = (
            "graphviz is not on this machine" if theirs is None else f"graphviz dot {theirs}: {ours / theirs:.2f} ×"
        )
        print(f"{_CROSSED_NODES:6} nodes in {len(topology.apps):3} apps: {ours} crossings, {beside}")


def crossings(topology: Topology, places: Mapping[str, Place]) -> int:
    """Pairs of edges whose straight lines between the middles of their nodes cross; ends that touch do not count."""
    edges = [(e.source, e.target) for e in topology.edges if e.source != e.target]
    lines = np.array([[*places[source], *places[target]] for source, target in edges])
    ends = np.array([[hash(source), hash(target)] for source, target in edges])
    total = 0
    for place in range(len(lines) - 1):
        one, others = lines[place], lines[place + 1 :]
        apart = (ends[place + 1 :, :, None] != ends[place][None, None, :]).all(axis=(1, 2))
        begins, stops = others[:, :2], others[:, 2:]
        total += int(
            np.sum(
                apart
                & (_side(one[:2], one[2:], begins) * _side(one[:2], one[2:], stops) < 0)
                & (_side(begins, stops, one[:2]) * _side(begins, stops, one[2:]) < 0)
            )
        )
    return total


def _side(begin: np.ndarray, end: np.ndarray, point: np.ndarray) -> np.ndarray:
    """On which side of the line a point lies: the sign of the area."""
    along, beside = end - begin, point - begin
    area: np.ndarray = along[..., 0] * beside[..., 1] - along[..., 1] * beside[..., 0]
    return area


def _boxes(topology: Topology) -> dict[str, tuple[float, float, float, float]]:
    return {node: (box.x, box.y, box.w, box.h) for node, box in place_nodes(topology).nodes.items()}


def _graphviz_crossings(topology: Topology) -> int | None:
    program = shutil.which("dot")
    if program is None:
        return None
    number = {node.id: f"n{place}" for place, node in enumerate(topology.nodes)}
    boxes = _boxes(topology)
    lines = ['digraph { rankdir=LR; node [shape=box, fixedsize=true, label=""];']
    for place, app in enumerate(topology.apps):
        members = " ".join(f"{number[node.id]};" for node in topology.nodes if node.app == app.key)
        lines.append(f"subgraph cluster_{place} {{ {members} }}")
    for node, (_, _, w, h) in boxes.items():
        lines.append(f"{number[node]} [width={w / _POINTS_PER_INCH:.3f}, height={h / _POINTS_PER_INCH:.3f}];")
    lines += [f"{number[edge.source]} -> {number[edge.target]};" for edge in topology.edges]
    done = subprocess.run(
        [program, "-Tplain"], input="\n".join([*lines, "}"]), capture_output=True, text=True, check=True
    )
    fields = [line.split() for line in done.stdout.splitlines() if line.startswith("node ")]
    placed = {name: (float(x), float(y)) for _, name, x, y, *_ in fields}
    return crossings(topology, {node: placed[name] for node, name in number.items()})


def _seconds_of_ten_more(topology: Topology) -> float:
    """The last ten nodes come when all others have their places."""
    former = place_nodes(msgspec.structs.replace(topology, nodes=topology.nodes[:-10]))
    started_s = process_time()
    place_beside(topology, former)
    return process_time() - started_s


def _seconds(topology: Topology) -> float:
    began = process_time()
    place_nodes(topology)
    return process_time() - began
