from __future__ import annotations

import json

import msgspec
from hypothesis import given

from tests.drawn_world import ENTRY, PACK, PLACE, SHOP, drawn
from tests.graph_strategies import pictures
from tests.tools.delta_cases import CASES_FILE, delta_cases
from visualizer.core.graph_state import Picture, apply, difference, still_picture, whole
from visualizer.models.delta import NodeStats, StatsChange
from visualizer.models.topology import Box, Node


@given(pictures(), pictures())
def test_a_picture_and_its_difference_to_another_make_the_other(before: Picture, after: Picture) -> None:
    assert apply(before, difference(before, after)) == after


@given(pictures())
def test_a_snapshot_makes_the_picture_from_nothing_and_no_change_is_empty(picture: Picture) -> None:
    assert apply(Picture(), whole(picture)) == picture
    assert difference(picture, picture).empty


def test_numbers_alone_travel_as_updates() -> None:
    before = still_picture(drawn())
    busier = msgspec.structs.replace(before.nodes[PLACE], stats=NodeStats(started=3))
    change = difference(before, Picture({**before.nodes, PLACE: busier}, before.edges, before.apps))
    assert change.update.nodes == {busier.n: StatsChange(started=3)}
    assert (change.add.nodes, change.remove.nodes) == ([], [])


def test_a_topology_becomes_a_picture_with_its_places_and_hosts() -> None:
    picture = still_picture(drawn())
    assert list(picture.nodes) == [ENTRY, PLACE, ">orders", PACK]
    assert picture.apps[SHOP] == {
        "key": SHOP,
        "name": "shop",
        "version": "1.0",
        "box": [0, 0, 400, 120],
        "hosts": ["http://a1:8020"],
    }


def test_what_has_no_place_is_not_drawn_nor_are_its_edges() -> None:
    topology = drawn(extra=[Node(id="x", kind="event", label="x", name="x", app="")])
    del topology.nodes["x"]
    del topology.nodes[PACK]
    picture = still_picture(topology)
    assert PACK not in picture.nodes
    assert "x" not in picture.nodes
    assert f">orders_{PACK}" not in picture.edges


def test_the_cases_for_the_browser_are_those_of_today() -> None:
    assert json.loads(CASES_FILE.read_text("utf-8")) == delta_cases(), "run: python -m tests.tools.delta_cases"


def test_an_app_without_room_is_told_with_its_annexes() -> None:
    annexed = msgspec.structs.replace(drawn(), annexes={SHOP: (Box(0, 200, 300, 90),)})
    assert still_picture(annexed).apps[SHOP]["annexes"] == [[0, 200, 300, 90]]
    assert "annexes" not in still_picture(drawn()).apps[SHOP]
