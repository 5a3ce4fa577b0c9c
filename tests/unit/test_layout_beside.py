"""Places stick: whatever comes or goes, what is still there stays to the pixel."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import decode, encode
from msgspec.structs import replace

from tests.topologies import large_topology, parts_of, topologies
from tests.unit.test_layout import check, recorded, topology_of
from visualizer.core.layout import place_nodes
from visualizer.core.layout_beside import place_beside
from visualizer.core.layout_ground import remember
from visualizer.models.layout import Layout
from visualizer.models.node_id import VIEWS
from visualizer.models.topology import App, Edge, Node, Topology

NOWHERE = Layout({}, {})


def check_stay(before: Layout, after: Layout) -> None:
    """Displacement is 0 px: nodes keep their boxes; apps keep their corners and only grow; annexes, too."""
    assert {node: after.nodes[node] for node in before.nodes} == before.nodes
    for key in before.apps:
        for old, new in zip(before.frames(key), after.frames(key), strict=False):
            assert (new.x, new.y) == (old.x, old.y)
            assert (new.w, new.h) >= (old.w, old.h)
            assert new.h >= old.h


def arrived(topology: Topology, *ids: str, app: str = "a.1x0", links: list[tuple[str, str]] | None = None) -> Topology:
    """The topology with further events."""
    nodes = tuple(Node(id=name, kind="event", label=name, name=name, app=app) for name in ids)
    edges = tuple(Edge(id=f"{a}-{b}", source=a, target=b, kind="write") for a, b in links or [])
    return replace(topology, nodes=topology.nodes + nodes, edges=topology.edges + edges)


@given(topologies().flatmap(parts_of))
@settings(max_examples=60, deadline=None)
def test_what_arrives_moves_nothing_and_has_a_place_of_its_own(growing: list[Topology]) -> None:
    layout = NOWHERE
    for topology in growing:
        before, layout = layout, place_beside(topology, layout)
        check(topology, layout)
        check_stay(before, layout)


@given(topologies().flatmap(parts_of), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_same_arrivals_in_any_order_get_the_same_places(growing: list[Topology], random: Random) -> None:
    former = place_nodes(growing[0])
    nodes, edges, apps = (list(part) for part in (growing[-1].nodes, growing[-1].edges, growing[-1].apps))
    for part in (nodes, edges, apps):
        random.shuffle(part)
    shuffled = replace(growing[-1], nodes=tuple(nodes), edges=tuple(edges), apps=tuple(apps))
    assert place_beside(shuffled, former) == place_beside(growing[-1], former)


@given(topologies().flatmap(parts_of))
@settings(max_examples=30, deadline=None)
def test_what_went_away_for_a_while_comes_back_to_its_place(growing: list[Topology]) -> None:
    small, whole = growing[0], growing[-1]
    full = place_beside(whole, NOWHERE)
    less = remember(full, place_beside(small, full))
    check_stay(place_beside(small, full), full)
    assert place_beside(whole, less) == full


@given(topologies(), topologies())
@settings(max_examples=30, deadline=None)
def test_places_of_another_graph_break_no_promise(one: Topology, other: Topology) -> None:
    check(one, place_beside(one, place_nodes(other)))


def test_without_former_places_it_is_a_fresh_layout() -> None:
    topology = large_topology(200, nodes_per_app=20)
    assert place_beside(topology, NOWHERE) == place_nodes(topology)


def test_places_survive_their_wire_form() -> None:
    layout = place_nodes(large_topology(200, nodes_per_app=20))
    assert decode(encode(layout), type=Layout) == layout


@pytest.mark.parametrize("view", VIEWS)
def test_each_node_of_the_recorded_session_finds_room_when_it_comes_last(view: str) -> None:
    whole = recorded(view)
    for late in whole.nodes:
        fewer = replace(whole, nodes=tuple(node for node in whole.nodes if node.id != late.id))
        former = place_nodes(fewer)
        layout = place_beside(whole, former)
        check(whole, layout)
        check_stay(former, layout)


def test_a_reader_that_comes_later_stands_right_of_its_stream() -> None:
    topology = topology_of([("post", ">s")])
    former = place_nodes(topology)
    boxes = place_beside(arrived(topology, "reader", links=[(">s", "reader")]), former).nodes
    assert boxes["reader"].x == boxes[">s"].x + boxes[">s"].w + 64
    assert boxes["reader"].y == boxes[">s"].y


def test_a_second_reader_joins_the_column_of_the_first() -> None:
    topology = topology_of([("post", ">s"), (">s", "one")])
    boxes = place_beside(arrived(topology, "two", links=[(">s", "two")]), place_nodes(topology)).nodes
    assert boxes["two"].x == boxes["one"].x
    assert abs(boxes["two"].y - boxes["one"].y) == 64


def test_room_that_was_left_is_used_again() -> None:
    topology = topology_of([("post", ">s"), (">s", "one"), (">s", "two")])
    former = place_nodes(topology)
    gone = replace(topology, nodes=topology.nodes[:-1], edges=topology.edges[:-1])
    layout = place_beside(arrived(gone, "new", links=[(">s", "new")]), former)
    assert layout.nodes["new"].y == former.nodes["two"].y
    assert layout.apps == former.apps


def test_an_app_without_room_gets_an_annex_near_it() -> None:
    apps = tuple(App(key=f"{name}.1x0", name=name, version="1.0") for name in "abcdef")
    nodes = tuple(
        Node(id=f"{app.name}{number}", kind="event", label="e", name="event", app=app.key)
        for app in apps
        for number in range(4)
    )
    topology = Topology(view="standard", apps=apps, nodes=nodes, edges=())
    former = place_nodes(topology)
    hemmed = min(former.apps, key=lambda key: (former.apps[key].y, former.apps[key].x))
    grown = arrived(topology, *(f"new{number}" for number in range(8)), app=hemmed)
    layout = place_beside(grown, former)
    check(grown, layout)
    check_stay(former, layout)
    assert layout.annexes.keys() == {hemmed}


def test_a_new_app_stands_right_of_the_app_that_calls_it() -> None:
    topology = topology_of([("post", ">s")])
    former = place_nodes(topology)
    second = App(key="b.1x0", name="b", version="1.0")
    grown = arrived(replace(topology, apps=(*topology.apps, second)), "far", app=second.key, links=[(">s", "far")])
    layout = place_beside(grown, former)
    assert layout.apps["b.1x0"].x == former.apps["a.1x0"].x + former.apps["a.1x0"].w + 64
    assert layout.apps["b.1x0"].y == former.apps["a.1x0"].y


def test_what_comes_to_belong_to_an_app_moves_into_it() -> None:
    stranger = Node(id="x", kind="dangling", label="x", name="x", app="")
    topology = replace(topology_of([("a", "b")]), nodes=(*topology_of([("a", "b")]).nodes, stranger))
    former = place_nodes(topology)
    known = replace(topology, nodes=(*topology.nodes[:-1], replace(stranger, kind="event", app="a.1x0")))
    check(known, place_beside(known, former))


@pytest.mark.parametrize("nodes_per_app", [12, 150, 1500])
def test_a_large_tangle_that_grows_keeps_every_promise(nodes_per_app: int) -> None:
    whole = large_topology(1500, nodes_per_app=nodes_per_app)
    some = replace(whole, nodes=tuple(node for number, node in enumerate(whole.nodes) if number % 10))
    former = place_nodes(some)
    layout = place_beside(whole, former)
    check(whole, layout)
    check_stay(former, layout)
