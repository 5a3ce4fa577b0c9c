from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from collector.core.hopeit_lines import HopeitLines
from collector.models.activity import ActivityKey
from tests.runtime_apps import answer, app, event, read, write
from tests.world import FIXTURES
from visualizer.core import observed
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import EXPANDED, STANDARD
from visualizer.models.topology import Edge, Node, Topology


def key(
    name: str, kind: str = "stream", *, app: str = "a.1x0", plugin: str = "", stream: str = "", queue: str = ""
) -> ActivityKey:
    return ActivityKey(app, plugin, name, kind, stream, queue, "group" if stream else "")


def build(seen: list[ActivityKey], *apps: dict[str, Any], view: str = STANDARD, **filters: str) -> Topology:
    return build_topology(read_runtime_apps(answer(*apps), source="x"), seen, (), view=view, **filters)


def marks(topology: Topology) -> dict[str, tuple[bool, bool]]:
    """Id → (declared, observed), of nodes and edges."""
    both: tuple[Node | Edge, ...] = (*topology.nodes, *topology.edges)
    return {one.id: (one.declared, one.observed) for one in both}


def test_what_was_never_seen_is_declared_only() -> None:
    topology = build([], app("a", {"e": event("GET")}))
    assert marks(topology) == {"a.1x0.e": (True, False), "a.1x0.e.GET": (True, False)}


def test_a_request_that_ran_marks_its_event_and_its_entry() -> None:
    topology = build([key("e", "request")], app("a", {"e": event("GET"), "f": event("GET")}))
    seen = {name for name, mark in marks(topology).items() if mark == (True, True)}
    assert seen == {"a.1x0.e", "a.1x0.e.GET"}
    assert [edge.observed for edge in topology.edges] == [True, False]


def test_a_write_counts_as_seen_when_its_writer_and_its_stream_were() -> None:
    events = {"r": event("STREAM", read_stream=read("s")), "w": event("SERVICE", write_stream=write("s"))}
    topology = build([key("r", stream="s", queue="AUTO"), key("w", "service")], app("a", events))
    assert marks(topology)["a.1x0.w.s.AUTO"] == (True, True)


def test_reading_marks_the_stream_and_the_edge_of_its_queue_and_no_writing() -> None:
    events = {"r": event("STREAM", read_stream=read("s", "AUTO", "fast")), "w": event(write_stream=write("s"))}
    topology = build([key("r", stream="s", queue="fast")], app("a", events))
    assert marks(topology) == {
        ">s": (True, True),
        "a.1x0.r": (True, True),
        "a.1x0.w": (True, False),
        "a.1x0.r.s.AUTO": (True, False),
        "a.1x0.r.s.fast": (True, True),
        "a.1x0.w.s.AUTO": (True, False),
    }


def test_an_event_of_no_config_is_drawn_as_observed_only() -> None:
    topology = build([key("import", "service", app="ghost.2x0")])
    assert marks(topology) == {"ghost.2x0.import": (False, True)}
    (node,), (ghost,) = topology.nodes, topology.apps
    assert (node.name, node.app, node.event_type) == ("import", "ghost.2x0", "SERVICE")
    assert (ghost.key, ghost.name, ghost.version, ghost.servers) == ("ghost.2x0", "ghost", "2x0", ())


def test_a_stream_that_no_config_names_is_drawn_with_its_edge() -> None:
    topology = build([key("e", stream="secret", queue="AUTO")], app("a", {"e": event("STREAM")}))
    assert marks(topology) == {"a.1x0.e": (True, True), ">secret": (False, True), "a.1x0.e.secret.AUTO": (False, True)}
    assert topology.edges[0].kind == "read"
    assert next(node.app for node in topology.nodes if node.kind == "stream") == "a.1x0"


def test_in_the_expanded_view_an_observed_queue_is_its_own_node() -> None:
    topology = build([key("e", stream="s", queue="fast")], view=EXPANDED)
    assert set(marks(topology)) == {"a.1x0.e", ">s.fast", "a.1x0.e.s.fast.fast"}


def test_stages_are_seen_on_their_event_in_the_standard_view() -> None:
    stage = key("work$finish", stream="a.1x0.work.begin", queue="AUTO")
    topology = build([stage], app("a", {"work": event("POST")}))
    assert marks(topology)["a.1x0.work"] == (True, True)
    assert not any(node.kind == "stream" for node in topology.nodes)


def test_stages_and_the_streams_between_them_are_drawn_in_the_expanded_view() -> None:
    stage = key("work$finish", stream="a.1x0.work.begin", queue="AUTO")
    events = {"work": event("POST"), "work$finish": event("STREAM", read_stream=read("a.1x0.work.begin"))}
    topology = build([stage], app("a", events), view=EXPANDED)
    assert marks(topology)["a.1x0.work$finish"] == (True, True)
    assert marks(topology)[">a.1x0.work.begin.AUTO"] == (True, True)


def test_a_plugins_run_is_seen_on_the_using_app() -> None:
    events = {"basic_auth.0x30.login": event("GET")}
    topology = build([key("login", "request", plugin="basic_auth.0x30")], app("a", events))
    assert marks(topology)["a.1x0.basic_auth.0x30.login"] == (True, True)


def test_filters_hide_what_was_seen_of_hidden_apps() -> None:
    apps = [app("a", {"e": event("GET")}), app("b", {"e": event("GET")})]
    seen = [key("e", "request"), key("e", "request", app="b.1x0"), key("x", "service", app="ghost.1x0")]
    assert [one.key for one in build(seen, *apps, app_prefix="a").apps] == ["a.1x0"]
    assert [one.key for one in build(seen, *apps, app_prefix="gho").apps] == ["ghost.1x0"]
    assert build(seen, *apps, host_filter="nowhere").nodes == ()


@pytest.mark.parametrize(
    ("name", "view"), [("01_events_graph.standard.idle", STANDARD), ("03_events_graph.expanded", EXPANDED)]
)
def test_everything_the_recorded_logs_show_is_declared(name: str, view: str) -> None:
    recorded = json.loads((FIXTURES / "hopeit" / "visualizer" / f"{name}.json").read_text("utf-8"))
    config = read_runtime_apps(recorded["runtime_apps"], source=name)
    topology = build_topology(config, recorded_activities(), view=view)
    assert all(node.declared for node in topology.nodes)
    assert all(edge.declared for edge in topology.edges)
    assert [edge.id for edge in topology.edges if edge.kind == "read" and not edge.observed] == []
    assert [node.id for node in topology.nodes if node.kind == "stream" and not node.observed] == [
        ">orders.ticks" if view == STANDARD else ">orders.ticks.AUTO"
    ]


@cache
def recorded_activities() -> tuple[ActivityKey, ...]:
    """Every activity in the recorded log files."""
    keys: set[ActivityKey] = set()
    for path in sorted((FIXTURES / "hopeit" / "logs").glob("*.log")):
        keys.update(HopeitLines().parse(path.read_bytes(), offset=0, received_s=1795372380).batch.keys)
    return tuple(keys)


def test_the_order_of_what_was_seen_does_not_matter() -> None:
    seen = [key(f"e{number}", "service", app=f"g{number % 3}.1x0") for number in range(20)]
    assert build(seen) == build(seen[::-1])


def test_more_undeclared_names_than_anybody_can_look_at_are_counted(monkeypatch: Any) -> None:
    monkeypatch.setattr(observed, "MAX_UNDECLARED_NODES", 10)
    topology = build([key(f"e{number}", "service") for number in range(30)], app("a", {"e29": event("SERVICE")}))
    assert len(topology.nodes) == 11
    assert marks(topology)["a.1x0.e29"] == (True, True)
    assert topology.warnings == ("19 more undeclared activities were seen and are not drawn",)
