"""How long placing a large topology takes: `python -m bench layout`."""

from __future__ import annotations

from time import process_time

from tests.topologies import large_topology
from visualizer.core.layout import place_nodes
from visualizer.models.topology import Topology

_RUNS = 5


def main() -> None:
    """Print the best of some runs; CPU time, as others on the machine only ever add to it."""
    for nodes in (500, 2_000, 10_000):
        for nodes_per_app in (30, 200, nodes):
            topology = large_topology(nodes, nodes_per_app=nodes_per_app)
            best_s = min(_seconds(topology) for _ in range(_RUNS))
            apps, edges = len(topology.apps), len(topology.edges)
            print(f"{nodes:6} nodes {edges:6} edges {apps:4} apps  {best_s * 1000:7.1f} ms")


def _seconds(topology: Topology) -> float:
    began = process_time()
    place_nodes(topology)
    return process_time() - began
