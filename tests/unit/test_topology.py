from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from tests.runtime_apps import answer, app, call, connection, event, random_answer, read, server, write
from tests.world import FIXTURES
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS
from visualizer.models.topology import Edge, Node, Topology


def build(*apps: dict[str, Any], view: str = STANDARD, app_prefix: str = "") -> Topology:
    return build_topology(read_runtime_apps(answer(*apps), source="x"), view=view, app_prefix=app_prefix)


def edges_of(topology: Topology) -> dict[str, tuple[str, str, str, str]]:
    return {edge.id: (edge.kind, edge.source, edge.target, edge.label) for edge in topology.edges}


def node(topology: Topology, node_id: str) -> Node:
    return next(one for one in topology.nodes if one.id == node_id)


@pytest.mark.parametrize(
    ("name", "view"), [("01_events_graph.standard.idle", STANDARD), ("03_events_graph.expanded", EXPANDED)]
)
def test_the_recorded_session_has_hopeits_ids_and_ends(name: str, view: str) -> None:
    recorded = json.loads((FIXTURES / "hopeit" / "visualizer" / f"{name}.json").read_text("utf-8"))
    topology = build_topology(read_runtime_apps(recorded["runtime_apps"], source=name), view=view)
    data = [element["data"] for element in recorded["graph"]["data"].values()]
    assert [one.id for one in topology.nodes] == [one["id"] for one in data if "source" not in one]
    ours = {f"edge_{edge.id}": (edge.source, edge.target) for edge in topology.edges}
    assert ours == {one["id"]: (one["source"], one["target"]) for one in data if "source" in one}
    assert topology.warnings == ()


def test_a_request_event_has_an_entry() -> None:
    topology = build(app("a", {"upload": event("MULTIPART"), "tick": event("SERVICE")}))
    assert edges_of(topology) == {"a.1x0.upload.MULTIPART": ("request", "a.1x0.upload.MULTIPART", "a.1x0.upload", "")}
    assert [(one.id, one.kind) for one in topology.nodes] == [
        ("a.1x0.upload.MULTIPART", "request"),
        ("a.1x0.upload", "event"),
        ("a.1x0.tick", "event"),
    ]


def test_in_the_standard_view_queues_are_edges_of_one_stream() -> None:
    topology = build(app("a", {"e": event("STREAM", read_stream=read("s", "AUTO", "fast"))}))
    assert edges_of(topology) == {
        "a.1x0.e.s.AUTO": ("read", ">s", "a.1x0.e", ""),
        "a.1x0.e.s.fast": ("read", ">s", "a.1x0.e", "fast"),
    }


def test_in_the_expanded_view_each_queue_is_a_node() -> None:
    topology = build(app("a", {"e": event(write_stream=write("s", "AUTO", "fast"))}), view=EXPANDED)
    assert edges_of(topology) == {
        "a.1x0.e.s.AUTO": ("write", "a.1x0.e", ">s.AUTO", ""),
        "a.1x0.e.s.fast.fast": ("write", "a.1x0.e", ">s.fast", "fast"),
    }
    assert (node(topology, ">s.AUTO").name, node(topology, ">s.fast").name) == ("s", "s.fast")
    assert node(topology, ">s.fast").queue == "fast"


def test_propagate_writes_to_the_queues_that_are_read() -> None:
    written = write("out", "AUTO", "late", strategy="PROPAGATE")
    topology = build(app("a", {"e": event("STREAM", read_stream=read("in", "x", "y"), write_stream=written)}))
    assert {edge.label for edge in topology.edges if edge.kind == "write"} == {"x", "y", "late"}


def test_propagate_without_reading_writes_to_auto() -> None:
    topology = build(app("a", {"e": event("POST", write_stream=write("out", strategy="PROPAGATE"))}))
    assert [edge.id for edge in topology.edges if edge.kind == "write"] == ["a.1x0.e.out.AUTO"]


def test_an_event_that_reads_and_writes_one_stream_keeps_both_edges() -> None:
    topology = build(app("a", {"loop": event("STREAM", read_stream=read("s"), write_stream=write("s"))}))
    assert edges_of(topology) == {
        "a.1x0.loop.s.AUTO": ("read", ">s", "a.1x0.loop", ""),
        "a.1x0.loop.s.AUTO#>s": ("write", "a.1x0.loop", ">s", ""),
    }


def test_a_call_leads_to_the_request_of_the_plugin_on_the_called_app() -> None:
    connections = {"c": connection("shop", plugin_name="basic-auth", plugin_version="0.30")}
    caller = app("a", {"e": event("GET", connections=[call("c", "login")])}, connections=connections)
    topology = build(caller, app("shop", {"basic_auth.0x30.login": event("GET")}))
    assert edges_of(topology)["a.1x0.e.shop.login.GET"] == (
        "call",
        "a.1x0.e",
        "shop.1x0.basic_auth.0x30.login.GET",
        "login",
    )


def test_calls_to_two_versions_of_one_app_are_two_edges() -> None:
    connections = {"new": connection("shop", "2.0"), "old": connection("shop", "1.0")}
    calls = [call("new", "buy"), call("old", "buy")]
    shops = [app("shop", {"buy": event("GET")}, version=version) for version in ("1.0", "2.0")]
    topology = build(app("a", {"e": event(connections=calls)}, connections=connections), *shops)
    targets = {edge.target for edge in topology.edges if edge.kind == "call"}
    assert targets == {"shop.1x0.buy.GET", "shop.2x0.buy.GET"}


def test_a_call_to_something_unknown_is_dangling() -> None:
    events = {"e": event("GET", connections=[call("c", "charge", "POST")])}
    topology = build(app("a", events, connections={"c": connection("billing")}))
    assert edges_of(topology)["a.1x0.e.billing.charge.POST"] == (
        "call",
        "a.1x0.e",
        "?billing.1x0.charge.POST",
        "charge",
    )
    dangling = node(topology, "?billing.1x0.charge.POST")
    assert (dangling.kind, dangling.name, dangling.app) == ("dangling", "charge", "")


def test_a_call_over_a_connection_that_is_not_configured_is_dangling() -> None:
    topology = build(app("a", {"e": event("GET", connections=[call("nobody", "charge")])}))
    assert edges_of(topology)["a.1x0.e.nobody.charge.GET"][2] == "?nobody.charge.GET"


def test_a_call_with_the_wrong_method_is_dangling() -> None:
    caller = app("a", {"e": event(connections=[call("c", "t", "POST")])}, connections={"c": connection("b")})
    topology = build(caller, app("b", {"t": event("GET")}))
    assert edges_of(topology)["a.1x0.e.b.t.POST"][2] == "?b.1x0.t.POST"


def test_a_call_to_an_app_that_is_filtered_out_is_not_dangling() -> None:
    caller = app("a", {"e": event(connections=[call("c", "t")])}, connections={"c": connection("b")})
    topology = build(caller, app("b", {"t": event("GET")}), app_prefix="a")
    assert [one.id for one in topology.nodes] == ["a.1x0.e"]
    assert topology.edges == ()


def test_a_stream_stands_in_the_app_it_is_named_after() -> None:
    writer = app("w", {"e": event(write_stream=write("owner.1x0.events"))})
    topology = build(writer, app("owner", {"r": event("STREAM", read_stream=read("owner.1x0.events"))}))
    assert (node(topology, ">owner.1x0.events").app, node(topology, ">owner.1x0.events").name) == (
        "owner.1x0",
        "events",
    )


def test_another_stream_stands_with_its_first_writer_else_with_its_first_reader() -> None:
    reader = app("r", {"e": event("STREAM", read_stream=read("both")), "f": event("STREAM", read_stream=read("read"))})
    topology = build(reader, app("w", {"e": event(write_stream=write("both"))}))
    assert node(topology, ">both").app == "w.1x0"
    assert node(topology, ">read").app == "r.1x0"


def test_a_plugins_event_belongs_to_the_app_that_uses_it() -> None:
    plugins = [{"name": "basic-auth", "version": "0.30"}]
    topology = build(app("a", {"basic_auth.0x30.login": event("GET")}, plugins=plugins))
    login = node(topology, "a.1x0.basic_auth.0x30.login")
    assert (login.app, login.plugin, login.name) == ("a.1x0", "basic_auth.0x30", "login")


def test_names_are_short_where_that_is_clear() -> None:
    names = {
        one.id: one.name for one in build(app("a", {"x.save": event(), "y.save": event(), "y.load": event()})).nodes
    }
    assert names == {"a.1x0.x.save": "x.save", "a.1x0.y.save": "y.save", "a.1x0.y.load": "load"}


def test_apps_carry_their_servers() -> None:
    (only,) = build(app("my-app", {}, servers=[server(7, url="http://h:1")])).apps
    assert (only.key, only.name, only.version) == ("my_app.1x0", "my-app", "1.0")
    assert (only.servers[0].pid, only.servers[0].url) == ("7", "http://h:1")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("seed", range(30))
def test_ids_are_unique_and_edges_have_both_ends(seed: int, view: str) -> None:
    topology = build_topology(read_runtime_apps(random_answer(Random(seed)), source="x"), view=view)
    nodes, edges = [one.id for one in topology.nodes], [one.id for one in topology.edges]
    assert len(nodes) == len(set(nodes))
    assert len(edges) == len(set(edges))
    assert {end for edge in topology.edges for end in (edge.source, edge.target)} <= set(nodes)
    assert _pairs(topology.edges)


def _pairs(edges: tuple[Edge, ...]) -> bool:
    """No edge is drawn twice."""
    drawn = [(edge.kind, edge.source, edge.target, edge.label) for edge in edges]
    return len(drawn) == len(set(drawn))
