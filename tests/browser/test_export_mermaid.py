"""Mermaid's own parser and renderer read our export."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.hostile_topology import NAMES, hostile_topology
from tests.tools.export_readers import MERMAID_SCRIPT
from visualizer.core.graph_mermaid import topology_mermaid
from visualizer.core.untrusted import visible

pytestmark = pytest.mark.network
#: Draws it, and tells what is written on nodes, lines and clusters.
DRAW = """async (text) => {
  mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
  const {svg} = await mermaid.render('drawn', text), page = new DOMParser().parseFromString(svg, 'text/html');
  const told = (of) => [...page.querySelectorAll(of)].map((element) => element.textContent.trim()).sort();
  const lines = page.querySelectorAll('.edgePaths path').length;
  return {nodes: told('g.node'), clusters: told('.cluster-label'), labels: told('g.edgeLabel g.label'), lines,
          runs: page.querySelectorAll('script, img').length};
}"""


def test_mermaid_draws_every_name_as_it_is(page: Page) -> None:
    topology = hostile_topology()
    page.goto("about:blank")
    page.add_script_tag(path=MERMAID_SCRIPT)
    told: Any = page.evaluate(DRAW, topology_mermaid(topology))
    assert told["nodes"] == sorted(visible(node.name).strip() for node in topology.nodes)
    assert told["clusters"] == sorted(visible(f"{name} {name}").strip() for name in NAMES)
    labels = [f"{edge.label} {'' if edge.declared else '(undeclared)'}" for edge in topology.edges]
    assert told["labels"] == sorted(visible(label).strip() for label in labels)
    assert told["lines"] == len(topology.edges)
    assert told["runs"] == 0
