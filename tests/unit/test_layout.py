from __future__ import annotations

import json
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.topologies import large_topology, topologies
from tests.world import FIXTURES
from visualizer.core.layout import place_nodes
from visualizer.core.layout_sizes import ASPECT, RANK_GAP_PX
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.layout import Layout
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS
from visualizer.models.topology import App, Box, Edge, Node, Topology


def topology_of(edges: list[tuple[str, str]], *alone: str, app: str = "a.1x0", kind: str = "event") -> Topology:
    """Nodes of one app, named in edges or alone."""
    names = dict.fromkeys([*(end for edge in edges for end in edge), *alone])
    return Topology(
        view=STANDARD,
        apps=(App(key=app, name="a", version="1.0"),),
        nodes=tuple(Node(id=name, kind=kind, label=name, name=name, app=app) for name in names),
        edges=tuple(Edge(id=f"{a}-{b}", source=a, target=b, kind="write") for a, b in edges),
    )


def recorded(view: str) -> Topology:
    name = "01_events_graph.standard.idle" if view == STANDARD else "03_events_graph.expanded"
    answer = json.loads((FIXTURES / "hopeit" / "visualizer" / f"{name}.json").read_text("utf-8"))
    return build_topology(read_runtime_apps(answer["runtime_apps"], source=name), view=view)


def overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """Pairs that share a point inside; swept from left to right."""
    found: list[tuple[Box, Box]] = []
    near: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.x):
        near = [other for other in near if other.x + other.w > box.x]
        found.extend((other, box) for other in near if other.y < box.y + box.h and box.y < other.y + other.h)
        near.append(box)
    return found


def inside(inner: Box, outer: Box) -> bool:
    across = outer.x <= inner.x and inner.x + inner.w <= outer.x + outer.w
    return across and outer.y <= inner.y and inner.y + inner.h <= outer.y + outer.h


def check(topology: Topology, layout: Layout) -> None:
    """Every promise that holds for every topology, placed at once or bit by bit."""
    known = {app.key for app in topology.apps}
    assert layout.nodes.keys() == {node.id for node in topology.nodes}
    assert layout.apps.keys() == known
    assert overlapping(list(layout.nodes.values())) == []
    free = [layout.nodes[node.id] for node in topology.nodes if node.app not in known]
    frames = [frame for key in known for frame in layout.frames(key)]
    assert overlapping([*frames, *free]) == []
    for node in topology.nodes:
        box = layout.nodes[node.id]
        assert node.app not in known or any(inside(box, frame) for frame in layout.frames(node.app))


def check_fresh(topology: Topology, layout: Layout) -> None:
    """What is placed at once begins at the corner and has no annexes."""
    check(topology, layout)
    assert layout.annexes == {}
    assert all(box.x >= 0 and box.y >= 0 and box.w > 0 and box.h > 0 for box in layout.nodes.values())


@given(topologies())
@settings(max_examples=150, deadline=None)
def test_every_node_has_a_place_of_its_own_inside_its_app(topology: Topology) -> None:
    check_fresh(topology, place_nodes(topology))


@given(topologies(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_nodes_edges_and_apps_moves_nothing(topology: Topology, random: Random) -> None:
    nodes, edges, apps = list(topology.nodes), list(topology.edges), list(topology.apps)
    random.shuffle(nodes)
    random.shuffle(edges)
    random.shuffle(apps)
    shuffled = Topology(view=topology.view, apps=tuple(apps), nodes=tuple(nodes), edges=tuple(edges))
    assert place_nodes(shuffled) == place_nodes(topology)


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_observed_moves_nothing(view: str) -> None:
    topology = recorded(view)
    seen = replace(topology, nodes=tuple(replace(node, observed=True) for node in topology.nodes))
    assert place_nodes(seen) == place_nodes(topology)


def test_a_flow_runs_from_left_to_right_with_room_for_its_curves() -> None:
    boxes = place_nodes(topology_of([("post", ">s"), (">s", "reader"), ("reader", ">t")])).nodes
    flow = [boxes[name] for name in ("post", ">s", "reader", ">t")]
    assert all(right.x - (left.x + left.w) >= RANK_GAP_PX for left, right in pairwise(flow))
    assert len({box.y for box in flow}) == 1


def test_two_readers_stand_above_and_below_the_height_of_their_stream() -> None:
    boxes = place_nodes(topology_of([(">s", "one"), (">s", "two")])).nodes
    assert boxes["one"].y < boxes[">s"].y < boxes["two"].y


def test_neighbours_are_ordered_so_that_their_lines_do_not_cross() -> None:
    boxes = place_nodes(topology_of([("a", "z"), ("b", "y"), ("c", "x"), ("a", "y")])).nodes
    assert boxes["z"].y < boxes["y"].y
    assert [boxes[name].x for name in "xyz"] == [boxes["x"].x] * 3


def test_a_short_flow_stands_next_to_what_it_joins() -> None:
    long, short = [("a", ">s"), (">s", "b"), ("b", ">t"), (">t", "c"), ("c", ">u")], [("x", ">y"), (">y", "c")]
    boxes = place_nodes(topology_of([*long, *short])).nodes
    assert (boxes["x"].x, boxes[">y"].x) == (boxes["b"].x, boxes[">t"].x)


def test_a_cycle_is_entered_at_the_left() -> None:
    boxes = place_nodes(topology_of([("in", "a"), ("a", "b"), ("b", "c"), ("c", "a")])).nodes
    assert boxes["in"].x < boxes["a"].x < boxes["b"].x < boxes["c"].x


def test_a_request_is_a_small_circle_left_of_its_event() -> None:
    layout = place_nodes(recorded(STANDARD))
    event, request = layout.nodes["orders_example.1x2.place_order"], layout.nodes["orders_example.1x2.place_order.POST"]
    assert (request.w, request.h) == (14, 14)
    assert 0 < event.x - (request.x + request.w) <= 16
    assert request.y + request.h / 2 == event.y + event.h / 2


def test_events_of_one_column_are_equally_wide() -> None:
    boxes = place_nodes(topology_of([("short", ">s"), ("a_rather_long_event_name", ">s")])).nodes
    assert boxes["short"].w == boxes["a_rather_long_event_name"].w


def test_unconnected_events_fold_into_a_grid() -> None:
    box = place_nodes(topology_of([], *(f"event{number:02}" for number in range(18)))).apps["a.1x0"]
    assert 0.8 < box.w / box.h < 3


def test_a_long_list_of_writers_folds_into_several_columns() -> None:
    layout = place_nodes(topology_of([(f"w{number:03}", ">s") for number in range(200)]))
    assert layout.apps["a.1x0"].h < 5000
    assert all(layout.nodes[f"w{number:03}"].x < layout.nodes[">s"].x for number in range(200))


def test_a_long_chain_wraps_as_a_text_does() -> None:
    chain = [f"e{number:02}" for number in range(60)]
    box = place_nodes(topology_of(list(pairwise(chain)))).apps["a.1x0"]
    assert 0.5 < box.w / box.h < 4


@pytest.mark.parametrize("view", VIEWS)
def test_the_recorded_session_fits_a_screen_well(view: str) -> None:
    topology = recorded(view)
    layout = place_nodes(topology)
    check_fresh(topology, layout)
    width = max(box.x + box.w for box in layout.apps.values())
    height = max(box.y + box.h for box in layout.apps.values())
    assert ASPECT / 1.7 < width / height < ASPECT * 1.7
    calling, called = layout.apps["client_example.0x30"], layout.apps["simple_example.0x30"]
    assert calling.x + calling.w < called.x


def test_an_app_without_nodes_is_a_header() -> None:
    layout = place_nodes(Topology(view=EXPANDED, apps=(App(key="a.1", name="a", version="1"),), nodes=(), edges=()))
    assert layout.nodes == {}
    assert layout.apps["a.1"].h < 48


def test_nothing_is_placed_for_nothing() -> None:
    assert place_nodes(Topology(view=STANDARD, apps=(), nodes=(), edges=())) == Layout({}, {})


@pytest.mark.parametrize("nodes_per_app", [12, 150, 1500])
def test_a_large_tangle_keeps_every_promise(nodes_per_app: int) -> None:
    topology = large_topology(1500, nodes_per_app=nodes_per_app)
    layout = place_nodes(topology)
    check_fresh(topology, layout)
    width = max(box.x + box.w for box in layout.apps.values())
    height = max(box.y + box.h for box in layout.apps.values())
    assert 0.5 < width / height < 4
