from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runtime_apps import answer, app, call, connection, event, read, write
from tests.world import FIXTURES
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.runtime_config import filter_apps, read_runtime_apps
from visualizer.models.node_id import EXPANDED, STANDARD

RECORDED = sorted((FIXTURES / "hopeit" / "visualizer").glob("*.json"))
#: What hopeit adds to the classes of what runs.
LIVE_CLASSES = {"STARTED", "PENDING", "RECENT", "FAILED", "IGNORED"}


def draw(*apps: dict[str, Any], view: str = STANDARD) -> tuple[dict[str, Any], tuple[str, ...]]:
    return hopeit_graph(read_runtime_apps(answer(*apps), source="x"), view=view)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_every_recorded_answer_is_drawn_again(path: Path) -> None:
    recorded = json.loads(path.read_text("utf-8"))
    options = recorded["options"]
    config = read_runtime_apps(recorded["runtime_apps"], source=path.name)
    config = filter_apps(config, app_prefix=options["app_prefix"], host_filter=options["host_filter"])
    graph, warnings = hopeit_graph(config, view=EXPANDED if options["expanded_view"] else STANDARD)
    expected = _without_live_classes(recorded["graph"]["data"])
    assert graph == expected
    assert list(graph) == list(expected)
    assert (config.warnings, warnings) == ((), ())


def test_the_recording_holds_both_views_and_both_filters() -> None:
    options = [json.loads(path.read_text("utf-8"))["options"] for path in RECORDED]
    assert {one["expanded_view"] for one in options} == {True, False}
    assert any(one["app_prefix"] for one in options)
    assert any(one["host_filter"] for one in options)


def test_an_event_that_reads_and_writes_one_stream_points_at_itself() -> None:
    graph, _ = draw(app("a", {"loop": event("STREAM", read_stream=read("s"), write_stream=write("s"))}))
    edges = [element["data"] for element in graph.values() if "source" in element["data"]]
    assert [(edge["source"], edge["target"]) for edge in edges] == [("a.1x0.loop", "a.1x0.loop")]


def test_mended_it_has_both_lines_each_with_an_id_of_its_own() -> None:
    loop = event("STREAM", read_stream=read("s", "AUTO", "q"), write_stream=write("s"))
    config = read_runtime_apps(answer(app("a", {"loop": loop})), source="x")
    edges = [each["data"] for each in hopeit_graph(config, view=STANDARD, mended=True)[0].values()][2:]
    assert [(edge["id"], edge["source"], edge["target"], edge["label"]) for edge in edges] == [
        ("edge_a.1x0.loop.s.AUTO", ">s", "a.1x0.loop", ""),
        ("edge_a.1x0.loop.s.q", ">s", "a.1x0.loop", "q"),
        ("edge_a.1x0.loop.>s.AUTO", "a.1x0.loop", ">s", ""),
    ]


def test_mended_calls_to_two_versions_of_one_app_are_two_lines() -> None:
    connections = {"old": connection("billing"), "new": connection("billing", "2.0")}
    caller = app("a", {"e": event(connections=[call("old", "pay"), call("new", "pay")])}, connections=connections)
    billing = [app("billing", {"pay": event("GET")}, version=version) for version in ("1.0", "2.0")]
    config = read_runtime_apps(answer(caller, *billing), source="x")
    calls = {True: 2, False: 1}
    for mended, count in calls.items():
        graph, _ = hopeit_graph(config, view=STANDARD, mended=mended)
        targets = [each["data"]["target"] for each in graph.values() if each["data"].get("source") == "a.1x0.e"]
        assert len(targets) == count
        assert len(set(targets)) == count


def test_a_call_to_nothing_is_not_drawn() -> None:
    events = {"e": event("GET", connections=[call("c", "charge", "POST")])}
    graph, warnings = draw(app("a", events, connections={"c": connection("billing")}))
    assert sorted(graph) == ["a.1x0.e", "a.1x0.e.GET", "edge_a.1x0.e.GET"]
    assert warnings == ()


def test_what_hopeit_would_refuse_is_left_out_with_a_warning() -> None:
    graph, warnings = draw(app("a", {"e": event("GET", connections=[call("nobody", "charge")])}))
    assert sorted(graph) == ["a.1x0.e", "a.1x0.e.GET", "edge_a.1x0.e.GET"]
    assert len(warnings) == 1
    assert "'nobody'" in warnings[0]


def test_a_call_edge_carries_the_raw_name_of_the_called_app() -> None:
    caller = app("a", {"e": event("GET", connections=[call("c", "t")])}, connections={"c": connection("My-App")})
    graph, _ = draw(caller, app("My-App", {"t": event("GET")}))
    assert graph["edge_a.1x0.e.My-App.t.GET"]["data"]["target"] == "my__app.1x0.t.GET"


def _without_live_classes(data: dict[str, Any]) -> dict[str, Any]:
    for element in data.values():
        kept = [name for name in element.pop("classes", "").split() if name not in LIVE_CLASSES]
        if kept:
            element["classes"] = " ".join(kept)
    return data
