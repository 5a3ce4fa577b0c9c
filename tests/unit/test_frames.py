"""Frames of a replay: each is the graph of its moment, whatever was shown before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.resolution import DEFAULT_RESOLUTIONS
from tests.drawn_world import PACK_KEY, PLACE, PLACE_KEY, drawn, ran
from tests.graph_strategies import activities
from visualizer.core.frames import Then, frames_of
from visualizer.core.graph_state import Picture, apply
from visualizer.core.live_graph import LiveGraph
from visualizer.core.moment_times import MOST_FRAMES, frame_times
from visualizer.core.state_memory import StateMemory
from visualizer.core.then_graph import ThenGraph
from visualizer.models.delta import Delta
from visualizer.models.live import ActivityStats
from visualizer.models.node_id import VIEWS
from visualizer.models.topology import Node

MORE = Node(id="store.1x0.audit", kind="event", label="audit", name="audit", app="store.1x0")
NOW_S = 20_000 * 86_400


def then(at_s: int, told: list[ActivityStats], graph: ThenGraph) -> Then:
    return Then(at_s, graph, told, at_s - 60, at_s)


@given(
    st.lists(st.tuples(st.lists(activities, max_size=4, unique_by=lambda one: one.key), st.booleans()), max_size=5),
    st.sampled_from(VIEWS),
)
def test_each_frame_is_what_a_fresh_look_at_its_moment_makes(
    told: list[tuple[list[ActivityStats], bool]], view: str
) -> None:
    topologies = [drawn(view), drawn(view, extra=[MORE], version="v2")]
    graphs, picture = [ThenGraph(each, {}) for each in topologies], Picture()
    moments = [then(at, ran_then, graphs[grown]) for at, (ran_then, grown) in enumerate(told)]
    for frame, (ran_then, grown) in zip(frames_of(moments, view=view), told, strict=True):
        picture = apply(picture, frame.delta)
        fresh = LiveGraph(topologies[grown], memory=StateMemory())
        fresh.begin(ran_then, frame.at_s)
        assert picture == fresh.picture()


def test_only_the_first_frame_of_a_topology_is_whole_and_then_only_what_ran_is_told() -> None:
    graph = ThenGraph(drawn(), {1: PLACE_KEY, 2: PACK_KEY})
    runs = ran(PLACE_KEY, done=3)
    first, second, third = frames_of(
        [then(10, [runs], graph), then(20, [runs], graph), then(30, [], graph)], view="standard"
    )
    assert (first.delta.reset, first.delta.view, first.drawn) == (True, "standard", "v1")
    assert second.delta == Delta(seq=1, at=20)
    assert third.delta.update.nodes[graph.still.nodes[PLACE].n].done == 0
    assert third.delta.add.nodes == []


@pytest.mark.parametrize(
    ("ago_s", "step_s", "frames"),
    [(3605, 10, MOST_FRAMES), (12 * 3600, 60, MOST_FRAMES), (25, 10, 3), (-9, 10, 0), (20 * 86_400, 600, MOST_FRAMES)],
)
def test_frames_are_as_far_apart_as_history_is_fine_and_end_where_it_does(ago_s: int, step_s: int, frames: int) -> None:
    times = frame_times(DEFAULT_RESOLUTIONS, NOW_S - ago_s, now_s=NOW_S + 1.5)
    assert (times.step, len(times)) == (step_s, frames)
    assert NOW_S - ago_s - step_s < times.start <= NOW_S - ago_s
