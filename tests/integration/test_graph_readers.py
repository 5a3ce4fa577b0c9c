"""What others read of our exports, by readers of others: graphviz, networkx, Structurizr's, AsyncAPI's schema."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest

from tests.hostile_topology import NAMES, hostile_topology
from tests.tools.export_readers import PYTHON
from tests.world import FIXTURES
from visualizer.core.graph_asyncapi import asyncapi_json
from visualizer.core.graph_dot import topology_dot
from visualizer.core.graph_export import topology_graphml
from visualizer.core.graph_structurizr import structurizr_json
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.core.untrusted import visible
from visualizer.models.node_id import EXPANDED
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import Topology

SCHEMA = FIXTURES / "asyncapi" / "schema-3.0.0.json"
SVG = "{http://www.w3.org/2000/svg}"
#: Runs among the readers, with none of our code: what stdin holds, read and told again.
READ_WORKSPACE = """
import json, sys
from structurizr import Workspace
model = Workspace.loads(sys.stdin.read()).model
systems = {system.name: sorted(c.name for c in system.containers) for system in model.software_systems}
relations = sorted((r.source.name, r.description, r.destination.name) for r in model.get_relationships())
print(json.dumps([systems, relations]))
"""
CHECK_ASYNCAPI = """
import json, sys
from jsonschema import Draft7Validator
told = json.load(sys.stdin)
validator = Draft7Validator(told["schema"])
print(json.dumps({key: [e.message for e in validator.iter_errors(d)] for key, d in told["documents"].items()}))
"""


def recorded() -> tuple[RuntimeConfig, Topology]:
    text = (FIXTURES / "hopeit" / "config" / "cluster_apps_config.all_alive.expanded.json").read_text("utf-8")
    config = read_runtime_apps(json.loads(text), source="recorded")
    return config, build_topology(config, view=EXPANDED)


def read_by(script: str, told: object) -> Any:
    done = subprocess.run(
        [str(PYTHON), "-c", script], input=json.dumps(told), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def asyncapi_errors(documents: dict[str, Any]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = read_by(
        CHECK_ASYNCAPI, {"schema": json.loads(SCHEMA.read_text("utf-8")), "documents": documents}
    )
    return told


def drawn(dot: str) -> ElementTree.Element:
    done = subprocess.run(["dot", "-Tsvg"], input=dot, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return ElementTree.fromstring(done.stdout)


def texts(svg: ElementTree.Element, kind: str) -> list[str]:
    """What is written on nodes, edges or clusters; graphviz writes spaces that never break."""
    groups = [group for group in svg.iter(f"{SVG}g") if group.get("class") == kind]
    return ["".join(text.text or "" for text in group.iter(f"{SVG}text")).replace("\xa0", " ") for group in groups]


@pytest.mark.network
def test_graphviz_draws_every_name_as_it_is() -> None:
    topology = hostile_topology()
    svg = drawn(topology_dot(topology))
    assert sorted(texts(svg, "node")) == sorted(visible(node.name) for node in topology.nodes)
    assert sorted(texts(svg, "edge")) == sorted(visible(edge.label) for edge in topology.edges)
    assert sorted(texts(svg, "cluster")) == sorted(visible(f"{name} {name}") for name in NAMES)


@pytest.mark.network
def test_graphviz_draws_the_recorded_fleet() -> None:
    _, topology = recorded()
    svg = drawn(topology_dot(topology))
    assert len(texts(svg, "node")) == len(topology.nodes)
    assert len(texts(svg, "edge")) == len(topology.edges)
    assert "orders-example 1.2" in texts(svg, "cluster")
    assert len(texts(svg, "cluster")) == len({node.app for node in topology.nodes})


@pytest.mark.parametrize("topology", [hostile_topology(), recorded()[1]], ids=["hostile", "recorded"])
def test_networkx_reads_graphml_with_every_node_and_line(topology: Topology) -> None:
    graph = networkx.parse_graphml(topology_graphml(topology), force_multigraph=True)
    assert {node for node, data in graph.nodes(data=True) if data["kind"] != "app"} == {
        visible(node.id) for node in topology.nodes
    }
    assert {(source, target, key) for source, target, key in graph.edges(keys=True)} == {
        (visible(edge.source), visible(edge.target), visible(edge.id)) for edge in topology.edges
    }
    names = {data["name"] for _, data in graph.nodes(data=True) if data["kind"] == "event"}
    assert names == {visible(node.name) for node in topology.nodes if node.kind == "event"}


@pytest.mark.network
def test_structurizr_reads_every_app_with_its_events_and_streams() -> None:
    systems, relations = read_by(READ_WORKSPACE, structurizr_json(hostile_topology()))
    shown = {name: visible(name).strip() or "(no name)" for name in NAMES}
    assert systems.keys() == {*(visible(f"{name} {name}").strip() or "(no name)" for name in NAMES), "Elsewhere"}
    for name in NAMES:
        event, stream = shown[name], f"{shown[name]} (2)"
        assert sorted([event, stream]) in systems.values()
        assert [event, f"writes {visible(name)}".strip(), stream] in relations
        assert [stream, f"is read by {visible(name)}".strip(), event] in relations
    assert len(relations) == 3 * len(NAMES)


@pytest.mark.network
def test_structurizr_leads_calls_to_the_events_they_call() -> None:
    systems, relations = read_by(READ_WORKSPACE, structurizr_json(recorded()[1]))
    assert ["count_and_save", "calls save_something", "save_something"] in relations
    assert "orders.placed.express" in systems["orders-example 1.2"]


@pytest.mark.network
def test_asyncapi_documents_keep_to_its_schema() -> None:
    config, topology = recorded()
    documents = {**asyncapi_json(topology, config), **asyncapi_json(hostile_topology(), RuntimeConfig())}
    assert {"orders_example.1x2", "app0"} <= documents.keys()
    assert asyncapi_errors(documents) == {key: [] for key in documents}
    # The schema does refuse what is none.
    assert asyncapi_errors({"broken": {**documents["app0"], "operations": {"o": {"action": "sends"}}}})["broken"]


def test_asyncapi_tells_what_an_app_receives_and_sends() -> None:
    config, topology = recorded()
    document = asyncapi_json(topology, config)["orders_example.1x2"]
    assert {channel["address"] for channel in document["channels"].values()} == {
        "orders.placed",
        "orders.placed.express",
        "orders.picked",
        "orders.picked.express",
        "orders.ticks",
    }
    receives = [o for o in document["operations"].values() if o["action"] == "receive" and o["title"].endswith("audit")]
    assert [(o["channel"]["$ref"], o["x-consumer-group"]) for o in receives] == [
        ("#/channels/orders.placed", "orders_example.1x2.audit")
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", key) for key in (*document["channels"], *document["operations"]))
