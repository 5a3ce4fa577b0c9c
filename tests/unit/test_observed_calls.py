"""What spans tell of calls and messages, as a graph."""

from __future__ import annotations

from typing import Any

import pytest

from collector.models.activity import ActivityKey
from tests.runtime_apps import answer, app, event, write
from visualizer.core import observed
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS, activity_event_id, activity_stream_id
from visualizer.models.topology import Topology

CART = ActivityKey("shop.1", "", "GET /v1.0/cart", "request")
PAY = ActivityKey("billing.1", "", "POST /pay", "request")
MAIL = ActivityKey("mail.1", "", "process paid", "stream", "paid", "", "g")
SEND = ActivityKey("billing.1", "", "send paid", "publish", "paid")
POST = ActivityKey("shop.1", "", "POST", "call", "billing.local")
SELECT = ActivityKey("billing.1", "", "SELECT", "call", "postgresql pay")
DATABASE = ActivityKey("", "", "", "external", "postgresql pay")
SEEN = [CART, PAY, MAIL, SEND, POST, SELECT, DATABASE]
CALLS = [(CART, PAY), (PAY, DATABASE), (PAY, SEND)]


def build(
    seen: list[ActivityKey],
    calls: list[tuple[ActivityKey, ActivityKey]],
    *apps: dict[str, Any],
    view: str = STANDARD,
    **filters: str,
) -> Topology:
    return build_topology(read_runtime_apps(answer(*apps), source="x"), seen, calls, view=view, **filters)


def edges(topology: Topology) -> set[tuple[str, str, str]]:
    assert all(edge.observed for edge in topology.edges)
    return {(edge.source, edge.target, edge.kind) for edge in topology.edges}


def test_calls_messages_and_databases_are_edges_between_what_ran() -> None:
    topology = build(SEEN, CALLS)
    assert edges(topology) == {
        ("shop.1.GET /v1.0/cart", "billing.1.POST /pay", "call"),
        ("billing.1.POST /pay", "@postgresql pay", "call"),
        ("billing.1.POST /pay", ">paid", "write"),
        (">paid", "mail.1.process paid", "read"),
    }
    assert [(node.kind, node.name, node.app) for node in topology.nodes] == [
        ("event", "POST /pay", "billing.1"),
        ("event", "process paid", "mail.1"),
        ("stream", "paid", "billing.1"),
        ("event", "GET /v1.0/cart", "shop.1"),
        ("external", "postgresql pay", ""),
    ]
    assert [one.key for one in topology.apps] == ["billing.1", "mail.1", "shop.1"]


def test_a_queue_of_a_written_stream_is_its_own_node_in_the_expanded_view() -> None:
    assert ("billing.1.POST /pay", ">paid.AUTO", "write") in edges(build(SEEN, CALLS, view=EXPANDED))


def test_what_no_event_is_known_to_cause_stands_for_itself() -> None:
    assert edges(build([SEND], [])) == {("billing.1.send paid~", ">paid", "write")}
    topology = build([SELECT, DATABASE], [(SELECT, DATABASE)])
    assert edges(topology) == {("billing.1.SELECT~", "@postgresql pay", "call")}
    assert topology.nodes[0].name == "SELECT"


def test_a_call_that_is_never_the_end_of_an_edge_is_not_drawn() -> None:
    assert build([POST, DATABASE], []).nodes == ()


def test_a_declared_edge_that_was_seen_is_marked_and_stays_one() -> None:
    config = app("a", {"pay": event("SERVICE", write_stream=write("paid")), "get": event("GET")})
    pay, get = ActivityKey("a.1x0", "", "pay", "service"), ActivityKey("a.1x0", "", "get", "request")
    sent = ActivityKey("a.1x0", "", "send paid", "publish", "paid")
    topology = build([pay, get, sent], [(pay, sent), (pay, get)], config)
    marks = {(edge.source, edge.target): (edge.declared, edge.observed) for edge in topology.edges}
    assert marks == {
        ("a.1x0.pay", ">paid"): (True, True),
        ("a.1x0.get.GET", "a.1x0.get"): (True, True),
        ("a.1x0.pay", "a.1x0.get.GET"): (False, True),
    }


def test_filters_leave_what_the_shown_apps_touch_outside() -> None:
    topology = build(SEEN, CALLS, app_prefix="billing")
    assert edges(topology) == {
        ("billing.1.POST /pay", "@postgresql pay", "call"),
        ("billing.1.POST /pay", ">paid", "write"),
    }


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_of_a_call_are_those_of_what_it_asks_and_of_no_stream(view: str) -> None:
    assert activity_event_id(SELECT, view=view) == activity_event_id(DATABASE, view=view) == "@postgresql pay"
    assert activity_event_id(SEND, view=view) == "billing.1.send paid~"
    assert activity_stream_id(SELECT, view=view) is activity_stream_id(SEND, view=view) is None


def test_the_order_does_not_matter() -> None:
    assert build(SEEN, CALLS) == build(SEEN[::-1], CALLS[::-1])


def test_more_outside_than_anybody_can_look_at_is_counted(monkeypatch: Any) -> None:
    monkeypatch.setattr(observed, "MAX_UNDECLARED_NODES", 10)
    calls = [(PAY, ActivityKey("", "", "", "external", f"host {number}")) for number in range(30)]
    topology = build([PAY], calls)
    assert len(topology.nodes) == 10
    assert topology.warnings == ("21 more undeclared activities were seen and are not drawn",)
