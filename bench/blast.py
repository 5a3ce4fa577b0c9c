"""How long it takes to say who suffers, and what could be the cause, of each node of a graph of 2,000 lines."""

from __future__ import annotations

from time import process_time

from tests.topologies import large_topology
from visualizer.core.blast import BlastGraph
from visualizer.models.blast import WAYS

_NODES = 2_200


def main() -> None:
    """Print the slowest node of each way, the making of the graph included."""
    topology = large_topology(_NODES, nodes_per_app=30)
    shares = {(edge.source, edge.target): 0.5 for edge in topology.edges[::2]}
    began = process_time()
    graph = BlastGraph(topology.nodes, topology.edges, shares)
    made_s = process_time() - began
    print(f"{len(topology.nodes):,} nodes, {len(topology.edges):,} edges: made in {made_s * 1000:.1f} ms")
    for way in WAYS:
        slowest_s, most = 0.0, 0
        for node in topology.nodes:
            began = process_time()
            most = max(most, len(graph.find({node.id: 1.0}, way)))
            slowest_s = max(slowest_s, process_time() - began)
        print(f"{way:8} at most {most:4} nodes; slowest {(made_s + slowest_s) * 1000:5.1f} ms (allowed: 50 ms)")
