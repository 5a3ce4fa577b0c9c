"""What a panel tells of a time that is over, and which incidents and configs it finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.resolution import DEFAULT_RESOLUTIONS
from visualizer.core.kept_facts import kept_facts
from visualizer.core.node_incidents import edge_subjects, node_subjects, open_then
from visualizer.core.told_then import CHART_S, EDGE, FEWEST_BUCKETS, tell_then
from visualizer.models.alert import Incident, Member
from visualizer.models.kept_topology import KeptEdge, KeptNode, KeptTopology, KeptView
from visualizer.models.node_id import DANGLING, EVENT, EXTERNAL, REQUEST, STREAM
from visualizer.models.told_then import LINES, RUNNING, ToldThen
from visualizer.models.topology import CALL, READ, WRITE, Edge

NOW = 1_800_000_123.4
DAY = 86400
KINDS = (EVENT, REQUEST, STREAM, DANGLING, EXTERNAL, EDGE)


def tell(at_s: float, *, kind: str = EVENT, failures_since_s: float = 0) -> ToldThen:
    return tell_then(kind, at_s=at_s, now_s=NOW, resolutions=DEFAULT_RESOLUTIONS, failures_since_s=failures_since_s)


@given(st.integers(0, 1200 * DAY), st.sampled_from(KINDS))
def test_numbers_are_of_whole_buckets_before_it_and_the_chart_is_around_it(ago_s: int, kind: str) -> None:
    then = tell(NOW - ago_s, kind=kind)
    assert then.at_s - then.width_s < then.until_s <= then.at_s <= NOW
    assert then.from_s % then.width_s == then.until_s % then.width_s == 0
    assert then.until_s - then.from_s == max(60, then.width_s)
    assert then.chart_from_s < then.at_s <= then.chart_until_s <= NOW
    assert then.at_s - then.chart_from_s >= max(CHART_S, FEWEST_BUCKETS * then.width_s) // 2
    assert then.left_out == tuple(dict.fromkeys(then.left_out)) != ()


@pytest.mark.parametrize(("ago_s", "width_s"), [(0, 10), (DAY, 60), (20 * DAY, 600), (200 * DAY, 3600)])
def test_the_older_the_wider(ago_s: int, width_s: int) -> None:
    assert tell(NOW - ago_s).width_s == width_s


def test_what_only_an_event_has_is_left_out_of_an_event_alone() -> None:
    assert [RUNNING in tell(NOW, kind=kind).left_out for kind in KINDS] == [True] + 5 * [False]
    assert LINES not in tell(NOW, kind=EDGE).left_out


def test_failures_that_went_for_newer_ones_are_known_to_be_gone() -> None:
    assert [tell(NOW - 60, failures_since_s=NOW - ago_s).failures_gone for ago_s in (30, 90)] == [True, False]
    assert not tell(NOW - 60).failures_gone


def incident(key: str, *members: Member) -> Incident:
    return Incident(key, root=members[0].subject, severity="critical", opened_s=1, members=list(members))


def member(subject: str, since_s: float, until_s: float = 0) -> Member:
    return Member(rule="r", subject=subject, name=subject.upper(), since_s=since_s, until_s=until_s, words=subject)


def test_incidents_are_those_of_which_it_was_a_member_then() -> None:
    found = [incident("1", member("db", 10), member("pay", 20, 30)), incident("2", member("pay", 25))]
    assert [(one.key, one.root) for one in open_then(found, {"pay"}, 27)] == [("1", "DB"), ("2", "")]
    assert [one.key for one in open_then(found, {"pay"}, 30)] == ["2"]
    assert [one.key for one in open_then(found, {"db", "x"}, 24)] == ["1"]
    assert list(open_then(found, {"pay"}, 5)) == []


def test_alerts_name_things_as_the_standard_view_does() -> None:
    read = Edge(id="r", source=">orders.fast", target="store.1x0.pack$sort", kind=READ, label="fast")
    enter = Edge(id="e", source="shop.1x0.pay.GET", target="shop.1x0.pay", kind="request")
    assert node_subjects(">orders.fast", [read], view="expanded") == {">orders"}
    assert node_subjects("store.1x0.pack$sort", [read], view="expanded") == {"store.1x0.pack"}
    assert node_subjects(">orders.fast", [], view="standard") == {">orders.fast"}
    assert node_subjects("shop.1x0.pay.GET", [enter], view="standard") == {"shop.1x0.pay.GET", "shop.1x0.pay"}
    assert edge_subjects([read], view="expanded") == {">orders > store.1x0.pack"}
    assert edge_subjects([read], view="standard") == {">orders.fast > store.1x0.pack$sort"}


def test_what_was_declared_is_told_line_by_line() -> None:
    shop, pack = "shop.1x0.place", "store.1x0.pack"
    nodes = (
        KeptNode(shop, EVENT, "place", "shop.1x0", "POST", True),
        KeptNode(">orders", STREAM, "orders", "", "", True),
        KeptNode(pack, EVENT, "pack", "store.1x0", "STREAM", True),
        KeptNode("x", EVENT, "x", "", "", False),
    )
    edges = (
        KeptEdge(shop, ">orders", WRITE, "fast", True),
        KeptEdge(shop, ">orders", WRITE, "", True),
        KeptEdge(shop, pack, CALL, "pack", True),
        KeptEdge("x", ">orders", WRITE, "", False),
        KeptEdge(">orders", pack, READ, "", True),
    )
    sets = {"type": "POST", "write_stream.queue_strategy": "DROP", "stream.target_max_len": "9", "a": "***:0a1b2c3d"}
    settings = {shop: sets, pack: {"read_stream.consumer_group": "packers"}}
    kept = KeptTopology({"standard": KeptView((), nodes, edges)}, settings)

    def told(node: str) -> list[str]:
        return [f"{one.name} {'|'.join(one.pieces)}" for one in kept_facts(kept, node, view="standard")]

    assert told(shop) == [
        "type POST",
        "writes orders · queues fast, AUTO · strategy DROP",
        "calls pack",
        "a |***:0a1b2c3d|",
        "stream.target_max_len 9",
    ]
    assert told(">orders") == [
        f"writes {shop} · queues fast, AUTO · strategy DROP · keeps 9 messages",
        f"reads {pack} · queues AUTO · group packers",
    ]
    assert (told("x"), told("nobody")) == ([], [])
