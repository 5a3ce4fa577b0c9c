from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from tests.topologies import topologies
from visualizer.core.blast import BlastGraph
from visualizer.models.blast import CAUSES, FAILS, FILLS, LATER, NOW, STARVES, SUFFERS, Impact, Refill
from visualizer.models.topology import Edge, Node, Topology

#: web → pay → bank (outside); pay writes orders; pack and audit read orders; pack writes packed; mail reads packed.
LINES = [
    ("web", "call", "pay"),
    ("pay", "call", "@bank"),
    ("pay", "write", ">orders"),
    (">orders", "read", "pack"),
    (">orders", "read", "audit"),
    ("pack", "write", ">packed"),
    (">packed", "read", "mail"),
]


def kind_of(node: str) -> str:
    return {">": "stream", "@": "external"}.get(node[0], "event")


def blast(lines: list[tuple[str, str, str]] = LINES, shares: dict[tuple[str, str], float] | None = None) -> BlastGraph:
    names = {end for source, _, target in lines for end in (source, target)}
    nodes = [Node(id=name, kind=kind_of(name), label=name, name=name, app="") for name in sorted(names)]
    edges = [Edge(id=str(at), source=line[0], kind=line[1], target=line[2]) for at, line in enumerate(lines)]
    return BlastGraph(nodes, edges, shares or {})


def told(impacts: tuple[Impact, ...]) -> dict[str, str]:
    return {impact.id: f"{impact.when} {impact.how}" for impact in impacts}


@pytest.mark.parametrize(
    ("down", "suffers"),
    [
        ("@bank", {"pay": "now fails", "web": "now fails", ">orders": "later starves", "pack": "later starves",
                   "audit": "later starves", ">packed": "later starves", "mail": "later starves"}),
        ("pack", {">orders": "later fills", ">packed": "later starves", "mail": "later starves"}),
        ("mail", {">packed": "later fills"}),
        ("web", {}),
        (">orders", {"pay": "now fails", "web": "now fails", "pack": "now fails", "audit": "now fails",
                     ">packed": "later starves", "mail": "later starves"}),
        ("nobody", {}),
    ],
)  # fmt: skip
def test_callers_suffer_at_once_and_what_is_behind_streams_later(down: str, suffers: dict[str, str]) -> None:
    assert told(blast().find({down: 1.0}, SUFFERS)) == suffers


@pytest.mark.parametrize(
    ("suffering", "causes"),
    [
        ("web", {"pay": "now fails", "@bank": "now fails", ">orders": "now fails"}),
        ("mail", {">packed": "now fails", "pack": "later starves", "pay": "later starves", "@bank": "later starves",
                  ">orders": "later starves"}),
        (">orders", {"pay": "later starves", "@bank": "later starves", "pack": "later fills", "audit": "later fills"}),
        ("@bank", {}),
    ],
)  # fmt: skip
def test_turned_around_it_says_what_could_be_the_cause(suffering: str, causes: dict[str, str]) -> None:
    assert told(blast().find({suffering: 1.0}, CAUSES)) == causes


def test_the_entry_of_an_http_event_stands_for_the_event() -> None:
    lines = [("pay.POST", "request", "pay"), ("web", "call", "pay.POST")]
    assert told(blast(lines).find({"pay.POST": 1.0}, SUFFERS)) == {"web": "now fails"}
    assert told(blast(lines).find({"web": 1.0}, CAUSES)) == {"pay": "now fails"}


def test_shares_multiply_along_the_way_and_a_line_never_seen_leaves_none() -> None:
    impacts = {
        one.id: one for one in blast(shares={("web", "pay"): 0.5, ("pay", "@bank"): 0.4}).find({"@bank": 1.0}, SUFFERS)
    }
    assert impacts["pay"].share == pytest.approx(0.4)
    assert impacts["web"].share == pytest.approx(0.2)
    assert impacts["mail"].share is None
    assert (impacts["web"].hops, impacts["web"].via) == (2, "pay")


def test_half_of_its_hosts_is_half_of_it() -> None:
    (impact,) = blast(shares={("web", "pay"): 0.5}).find({"pay": 0.5}, SUFFERS)[:1]
    assert impact.id == "web"
    assert impact.share == pytest.approx(0.25)


def test_a_way_that_was_seen_counts_more_than_one_that_is_only_declared() -> None:
    lines = [("web", "call", "pay"), ("web", "call", "list"), ("list", "call", "db"), ("pay", "call", "db")]
    seen = {("web", "pay"): 0.1, ("pay", "db"): 0.1, ("web", "list"): 1.0}
    (web,) = [one for one in blast(lines, seen).find({"db": 1.0}, SUFFERS) if one.id == "web"]
    assert web.share == pytest.approx(0.01)
    assert web.via == "pay"


def test_the_worst_stands_first() -> None:
    lines = [("a", "call", "x"), ("b", "call", "x"), ("c", "call", "x"), (">s", "read", "x")]
    order = [one.id for one in blast(lines, {("a", "x"): 0.1, ("b", "x"): 0.9}).find({"x": 1.0}, SUFFERS)]
    assert order == ["b", "a", "c", ">s"]


def test_circles_end() -> None:
    lines = [("a", "call", "b"), ("b", "call", "a"), ("a", "write", ">s"), (">s", "read", "a")]
    assert told(blast(lines).find({"b": 1.0}, SUFFERS)) == {"a": "now fails", ">s": "later starves"}


def graph_of(topology: Topology) -> tuple[BlastGraph, list[str]]:
    shares = {(edge.source, edge.target): 0.5 for edge in topology.edges[::2]}
    entries = {edge.source for edge in topology.edges if edge.kind == "request"}
    return BlastGraph(topology.nodes, topology.edges, shares), [n.id for n in topology.nodes if n.id not in entries]


@settings_of_hypothesis(deadline=None)
@given(topologies(), st.data())
def test_one_suffers_from_another_exactly_when_that_is_among_its_causes(
    topology: Topology, data: st.DataObject
) -> None:
    graph, ids = graph_of(topology)
    if len(ids) < 2:
        return
    one, other = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True))
    forth = {impact.id: impact for impact in graph.find({one: 1.0}, SUFFERS)}
    back = {impact.id: impact for impact in graph.find({other: 1.0}, CAUSES)}
    assert (other in forth) == (one in back)
    if other in forth:
        found, turned = forth[other], back[one]
        assert (found.when, found.share, found.hops > 0) == (turned.when, turned.share, True)


@settings_of_hypothesis(deadline=None)
@given(topologies())
def test_what_fails_is_what_waits_for_it_and_nothing_else(topology: Topology) -> None:
    graph, ids = graph_of(topology)
    for start in ids[:3]:
        impacts = graph.find({start: 1.0}, SUFFERS)
        assert start not in {impact.id for impact in impacts}
        assert {impact.when for impact in impacts if impact.how == FAILS} <= {NOW}
        assert {impact.when for impact in impacts if impact.how in (STARVES, FILLS)} <= {LATER}
        assert all(impact.share is None or 0 < impact.share <= 1 for impact in impacts)


@pytest.mark.parametrize(
    ("refill", "overflow_s"),
    [(Refill(most_messages=600, per_s=2.0), 300.0), (Refill(most_messages=0, per_s=2.0), None),
     (Refill(most_messages=600), None), (Refill(most_messages=600, per_s=0.0), None), (Refill(per_s=1.0), None)],
)  # fmt: skip
def test_a_stream_overflows_when_it_is_known_how_much_it_holds_and_gets(
    refill: Refill, overflow_s: float | None
) -> None:
    assert refill.overflow_s == overflow_s
