"""Callers that lines name meet the events they name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.core.hopeit_lines import HopeitLines
from collector.models.activity import CALLER, ActivityKey
from tests.runtime_apps import answer, app, call, connection, event
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS
from visualizer.models.topology import Topology

FIXTURES = Path(__file__).parents[1] / "fixtures/hopeit"
GET = ActivityKey("shop.1x0", "", "get", "request")
SHOP = app("shop", {"get": event("GET")})


def caller(name: str, key: str = "web.1x0") -> ActivityKey:
    return ActivityKey(key, "", name, CALLER)


def web(events: list[str], *, plugins: tuple[str, ...] = ()) -> dict[str, object]:
    asks = event("GET", connections=[call("to_shop", "get")])
    loaded = [{"name": plugin, "version": "1"} for plugin in plugins]
    return app("web", dict.fromkeys(events, asks), connections={"to_shop": connection("shop")}, plugins=loaded)


def calls(seen: list[tuple[ActivityKey, ActivityKey]], *apps: dict[str, object], view: str = STANDARD) -> set[object]:
    """(source, target, declared, observed) of the calls."""
    keys = [key for ends in seen for key in ends]
    return _calls(build_topology(read_runtime_apps(answer(*apps), source="x"), keys, seen, view=view))


def _calls(topology: Topology) -> set[object]:
    return {(e.source, e.target, e.declared, e.observed) for e in topology.edges if e.kind == "call"}


def test_a_declared_call_that_lines_tell_of_is_seen() -> None:
    assert calls([(caller("ask"), GET)], SHOP, web(["ask"])) == {("web.1x0.ask", "shop.1x0.get.GET", True, True)}


def test_a_declared_call_is_not_seen_only_because_both_its_ends_are() -> None:
    ask = ActivityKey("web.1x0", "", "ask", "request")
    topology = build_topology(read_runtime_apps(answer(SHOP, web(["ask"])), source="x"), [ask, GET], view=STANDARD)
    assert _calls(topology) == {("web.1x0.ask", "shop.1x0.get.GET", True, False)}


def test_a_caller_of_no_config_is_an_app_of_its_own() -> None:
    seen = [(caller("sync", "nightly.2x0"), GET)]
    assert calls(seen, SHOP) == {("nightly.2x0.sync", "shop.1x0.get.GET", False, True)}


def test_a_declared_app_may_call_what_it_does_not_declare() -> None:
    plain = app("web", {"ask": event("GET")})
    assert calls([(caller("ask"), GET)], SHOP, plain) == {("web.1x0.ask", "shop.1x0.get.GET", False, True)}


def test_a_plugins_event_is_met_by_its_name() -> None:
    seen = [(caller("login"), GET)]
    assert calls(seen, SHOP, web(["auth.1.login"], plugins=("auth",))) == {
        ("web.1x0.auth.1.login", "shop.1x0.get.GET", True, True)
    }


@pytest.mark.parametrize("named", ["ask", "ask$first", "ask$other"])
def test_a_stage_is_met_by_its_event_and_an_event_by_its_stage(named: str) -> None:
    seen = [(caller(named), GET)]
    assert calls(seen, SHOP, web(["ask"])) == {("web.1x0.ask", "shop.1x0.get.GET", True, True)}
    staged = calls(seen, SHOP, web(["ask", "ask$first"]), view=EXPANDED)
    met, other = ("ask$first", "ask") if named == "ask$first" else ("ask", "ask$first")
    assert staged == {
        (f"web.1x0.{met}", "shop.1x0.get.GET", True, True),
        (f"web.1x0.{other}", "shop.1x0.get.GET", True, False),
    }


@pytest.mark.parametrize("view", VIEWS)
def test_of_the_recorded_calls_that_apps_declare_one_never_happened(view: str) -> None:
    part = "expanded." if view == EXPANDED else ""
    parts = [FIXTURES / f"config/runtime_apps_config.{name}.{part}json" for name in ("simple", "client")]
    config = read_runtime_apps(answer(*(_apps(path) for path in parts)), source="x")
    keys, seen = set[ActivityKey](), set[tuple[ActivityKey, ActivityKey]]()
    for path in sorted((FIXTURES / "logs").glob("*_example_*.log")):
        batch = HopeitLines().parse(path.read_bytes(), offset=0, received_s=0).batch
        keys.update(batch.keys)
        seen.update((batch.keys[one.caller], batch.keys[one.callee]) for one in batch.calls)
    topology = build_topology(config, keys, seen, view=view)
    found = [edge for edge in topology.edges if edge.kind == "call"]
    assert len(found) == 6
    assert all(edge.declared for edge in found)
    assert [(edge.source, edge.label) for edge in found if not edge.observed] == [
        ("client_example.0x30.count_and_save", "list_somethings_unsecured")
    ]


def _apps(path: Path) -> dict[str, object]:
    apps: dict[str, object] = json.loads(path.read_text())["apps"]
    return apps
