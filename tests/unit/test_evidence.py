"""What edges rest on, from what is declared and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from collector.models.activity import CALLER, PUBLISH, ActivityKey
from tests.runtime_apps import answer, app, call, connection, event, read, write
from visualizer.core.edge_sights import EdgeSights
from visualizer.core.evidence import WATCHED_S, asks, judge_edges
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.evidence import (
    CONFIRMED,
    DANGLING,
    DRIFT,
    NEVER,
    QUIET,
    SKEWED,
    STATES,
    UNDECLARED,
    Evidence,
    Sight,
    edge_identity,
)
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS
from visualizer.models.seen_hour import Pair
from visualizer.models.topology import Edge

NOW = 1_000_000.0
GET = ActivityKey("shop.1x0", "", "get", "request")
ASK = ActivityKey("web.1x0", "", "ask", CALLER)
PACK = ActivityKey("store.1x0", "", "pack", "stream", "orders", "AUTO", "g")
PLACE = ActivityKey("shop.1x0", "", "place", "service")
SENT = ActivityKey("shop.1x0", "", "send orders", PUBLISH, "orders")
SHOP = app("shop", {"get": event("GET"), "place": event("SERVICE", write_stream=write("orders"))})
STORE = app("store", {"pack": event("STREAM", read_stream=read("orders"))})
Pairs = dict[tuple[ActivityKey, ActivityKey], tuple[int, int]]


def web(version: str = "1.0") -> dict[str, Any]:
    asked = event("GET", connections=[call("to_shop", "get")])
    return app("web", {"ask": asked}, connections={"to_shop": connection("shop", version)})


def judge(
    *apps: dict[str, Any],
    ran: dict[ActivityKey, tuple[int, int]] | None = None,
    called: Pairs | None = None,
    allowed_s: float | None = None,
    view: str = STANDARD,
    now_s: float | None = NOW,
) -> dict[tuple[str, str], Evidence]:
    """(source, target) → evidence; each was seen seven times from the first to the last second."""
    runs = {key: Sight(Pair(n), *seen, 7) for n, (key, seen) in enumerate((ran or {}).items(), 1)}
    calls = {ends: Sight(Pair(50, n), *seen, 7) for n, (ends, seen) in enumerate((called or {}).items(), 60)}
    observed = [*runs, *(key for ends in calls for key in ends)]
    topology = build_topology(read_runtime_apps(answer(*apps), source="x"), observed, calls, view=view)

    def allowed(own: Sequence[Sight]) -> float | None:
        assert own
        return allowed_s

    judged = judge_edges(topology, EdgeSights(topology, runs, calls), now_s=now_s, allowed=allowed)
    return {(edge.source, edge.target): judged[edge.id] for edge in topology.edges}


@pytest.mark.parametrize("view", VIEWS)
def test_runs_confirm_the_request_and_the_queue_they_came_by(view: str) -> None:
    found = judge(SHOP, STORE, ran={GET: (5, 90), PACK: (10, 80)}, view=view)
    orders = ">orders.AUTO" if view == EXPANDED else ">orders"
    assert found["shop.1x0.get.GET", "shop.1x0.get"] == Evidence(state=CONFIRMED, first_s=5, last_s=90, count=7)
    assert found[orders, "store.1x0.pack"] == Evidence(state=CONFIRMED, first_s=10, last_s=80, count=7)
    assert found["shop.1x0.place", orders] == Evidence(state=NEVER, since_s=10)


def test_a_write_is_inferred_from_both_ends_and_never_missed() -> None:
    found = judge(SHOP, STORE, ran={PLACE: (5, 60), PACK: (10, 80)}, allowed_s=0)
    assert found["shop.1x0.place", ">orders"] == Evidence(state=CONFIRMED, first_s=10, last_s=60, inferred=True)


def test_a_write_that_spans_tell_of_is_not_inferred() -> None:
    found = judge(SHOP, STORE, ran={PLACE: (5, 60), SENT: (6, 61)}, called={(PLACE, SENT): (6, 61)})
    assert found["shop.1x0.place", ">orders"] == Evidence(state=CONFIRMED, first_s=6, last_s=61, count=7)
    alone = judge(ran={SENT: (6, 61)})
    assert alone["shop.1x0.send orders~", ">orders"].count == 7


def test_a_call_is_confirmed_by_calls_and_says_who_told() -> None:
    assert judge(SHOP, web(), ran={GET: (5, 90)})["web.1x0.ask", "shop.1x0.get.GET"].state == NEVER
    found = judge(SHOP, web(), ran={GET: (5, 90)}, called={(ASK, GET): (20, 30)})
    told = Evidence(state=CONFIRMED, first_s=20, last_s=30, count=7, told=True)
    assert found["web.1x0.ask", "shop.1x0.get.GET"] == told


def test_what_no_config_names_is_undeclared_with_what_was_seen() -> None:
    found = judge(SHOP, ran={GET: (5, 90), PACK: (7, 8)}, called={(ASK, GET): (20, 30)})
    assert found["web.1x0.ask", "shop.1x0.get.GET"] == Evidence(
        state=UNDECLARED, first_s=20, last_s=30, count=7, told=True
    )
    assert found[">orders", "store.1x0.pack"].state == UNDECLARED


def test_what_nobody_could_declare_asks_for_nothing() -> None:
    alone = judge(ran={GET: (5, 90), PACK: (7, 8)}, called={(ASK, GET): (20, 30)})
    assert {(each.state, each.alone, asks(each, now_s=NOW)) for each in alone.values()} == {(UNDECLARED, True, False)}
    # One end has a config: it could.
    half = judge(app("web", {"other": event("GET")}), ran={GET: (5, 90)}, called={(ASK, GET): (20, 30)})
    assert not half["web.1x0.ask", "shop.1x0.get"].alone
    stream = judge(SHOP, ran={PACK: (7, 8)})
    assert not stream[">orders", "store.1x0.pack"].alone


def test_a_call_to_another_version_than_runs_is_skewed_and_one_to_nothing_dangles() -> None:
    assert judge(web())["web.1x0.ask", "?shop.1x0.get.GET"] == Evidence(state=DANGLING)
    skewed = judge(SHOP, web("2.0"))["web.1x0.ask", "?shop.2x0.get.GET"]
    assert skewed == Evidence(state=SKEWED, versions=("1x0",))
    # An event that the app, in that very version, does not have.
    other = app("shop", {"put": event("GET")})
    assert judge(other, web())["web.1x0.ask", "?shop.1x0.get.GET"].state == DANGLING


def test_what_is_seen_instead_of_a_skewed_call_belongs_to_it() -> None:
    found = judge(SHOP, web("2.0"), ran={GET: (5, 90)}, called={(ASK, GET): (20, 30)})
    assert found["web.1x0.ask", "?shop.2x0.get.GET"].state == SKEWED
    instead = found["web.1x0.ask", "shop.1x0.get.GET"]
    assert (instead.state, instead.versions, instead.count) == (SKEWED, ("1x0",), 7)


@pytest.mark.parametrize(("allowed_s", "state"), [(None, CONFIRMED), (11, CONFIRMED), (9, QUIET)])
def test_what_is_quiet_for_longer_than_allowed_has_gone_quiet(allowed_s: float | None, state: str) -> None:
    found = judge(SHOP, ran={GET: (5, int(NOW) - 10)}, allowed_s=allowed_s)
    assert found["shop.1x0.get.GET", "shop.1x0.get"].state == state


def test_nothing_is_missed_while_nobody_sees() -> None:
    found = judge(SHOP, ran={GET: (5, 10)}, allowed_s=1, now_s=None)
    assert found["shop.1x0.get.GET", "shop.1x0.get"].state == CONFIRMED


def test_what_was_never_seen_asks_when_its_ends_were_watched_for_a_day() -> None:
    since = int(NOW) - WATCHED_S
    assert asks(Evidence(state=NEVER, since_s=since), now_s=NOW)
    assert not asks(Evidence(state=NEVER, since_s=since + 1), now_s=NOW)
    assert not asks(Evidence(state=NEVER), now_s=NOW)


def test_all_drift_asks_until_somebody_accepts_it() -> None:
    assert {*DRIFT, CONFIRMED} == set(STATES)
    for state in DRIFT:
        assert asks(Evidence(state=state, since_s=1), now_s=NOW)
        assert not asks(Evidence(state=state, since_s=1, accepted=True), now_s=NOW)
    assert not asks(Evidence(state=CONFIRMED), now_s=NOW)


def test_an_edge_is_the_same_in_both_views() -> None:
    def identity(source: str, target: str, kind: str = "read", label: str = "") -> str:
        return edge_identity(Edge(id="x", source=source, target=target, kind=kind, label=label))

    assert identity(">orders", "a.1.e") == identity(">orders.AUTO", "a.1.e$stage")
    assert identity(">orders", "a.1.e", label="fast") == identity(">orders.fast", "a.1.e", label="fast")
    different = [
        identity(">orders", "a.1.e"),
        identity(">orders", "a.1.e", label="fast"),
        identity(">orders", "a.1.f"),
        identity("a.1.e", ">orders", "write"),
    ]
    assert len(set(different)) == len(different)
