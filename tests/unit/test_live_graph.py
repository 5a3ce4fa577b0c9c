from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.activity import ActivityKey
from tests.drawn_world import ENTRY, PACK, PACK_KEY, PLACE, PLACE_KEY, drawn, orders, ran
from tests.graph_strategies import activities
from visualizer.core.calm_numbers import SAME, SETTLE_S
from visualizer.core.graph_state import Difference, apply, still_picture
from visualizer.core.live_graph import LiveGraph
from visualizer.core.state_memory import ENTER_S, StateMemory
from visualizer.models.live import ActivityStats
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS

READ = f"{orders(STANDARD)}_{PACK}"


@given(st.lists(st.lists(activities, max_size=4), max_size=5), st.sampled_from(VIEWS))
def test_following_the_changes_makes_what_a_fresh_look_makes(told: list[list[ActivityStats]], view: str) -> None:
    graph, picture = LiveGraph(drawn(view), memory=StateMemory()), still_picture(drawn(view))
    newest: dict[ActivityKey, ActivityStats] = {}
    for changed in told:
        picture = apply(picture, graph.take(changed, 0))
        newest.update({stats.key: stats for stats in changed})
    picture = apply(picture, graph.tick(SETTLE_S))
    assert picture == graph.picture()
    fresh = LiveGraph(drawn(view), memory=StateMemory())
    fresh.take(newest.values(), 0)
    for left, right in ((graph.nodes, fresh.nodes), (graph.edges, fresh.edges)):
        for key in left:
            assert _numbers(left[key]) == pytest.approx(_numbers(right[key]), rel=1.1 * SAME)


def test_an_activity_moves_its_event_its_entry_and_their_edge_only() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    change = graph.take([ran(PLACE_KEY, done=20)], 0)
    assert _moved(graph, change) == {PLACE, ENTRY}
    assert change.update.edges == {graph.edges[f"{ENTRY}_{PLACE}"].n: (2.0, None)}


def test_a_consumer_moves_its_stream_and_the_edge_between() -> None:
    part = ran(PACK_KEY, done=10)
    part.stream_ages = dict(part.durations)
    graph = LiveGraph(drawn(), memory=StateMemory())
    change = graph.take([part], 0)
    assert _moved(graph, change) == {PACK, orders(STANDARD)}
    rate, wait = change.update.edges[graph.edges[READ].n]
    assert rate == 1.0
    assert wait is not None


def test_another_queue_is_no_traffic_of_this_edge_and_in_the_expanded_view_another_stream() -> None:
    express = ActivityKey("store.1x0", "", "pack", "stream", "orders", "express", "packers")
    assert not LiveGraph(drawn(), memory=StateMemory()).take([ran(express, done=5)], 0).update.edges
    expanded = LiveGraph(drawn(EXPANDED), memory=StateMemory())
    assert _moved(expanded, expanded.take([ran(express, done=5)], 0)) == {PACK}


def test_saying_the_same_again_changes_nothing() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.take([ran(PLACE_KEY, done=20)], 0)
    assert graph.take([ran(PLACE_KEY, done=20)], 1).empty


def test_a_new_entry_is_a_pulse_even_when_no_number_moves() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.take([ran(PLACE_KEY, done=20, last_s=1)], 0)
    change = graph.take([ran(PLACE_KEY, done=20, last_s=2)], 1)
    assert (change.pulse, change.update.nodes) == ([graph.nodes[PLACE].n], {})
    assert graph.take([ran(PLACE_KEY, done=20, last_s=2)], 2).empty


def test_what_was_there_at_the_begin_is_no_pulse() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.begin([ran(PLACE_KEY, done=20, last_s=1)], 0)
    assert graph.nodes[PLACE].stats.done == 20
    assert not graph.take([ran(PACK_KEY, done=20, last_s=0)], 1).pulse


def test_an_activity_that_left_the_window_leaves_its_nodes_idle() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.take([ran(PLACE_KEY, failed=5)], 0)
    graph.take([ActivityStats(key=PLACE_KEY, last_s=4)], 60)
    assert graph.nodes[PLACE].stats.state == "idle"


def test_a_failing_node_turns_when_time_has_come_though_nothing_happens() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.take([ran(PLACE_KEY, done=20)], 0)
    graph.take([ran(PLACE_KEY, done=20, failed=20)], 1)
    assert graph.nodes[PLACE].stats.state == "ok"
    assert graph.tick(5).empty
    assert graph.tick(1 + ENTER_S).update.nodes[graph.nodes[PLACE].n].state == "fail"
    assert graph.tick(2 + ENTER_S).empty


def test_names_from_logs_cannot_be_taken_for_other_kinds_of_nodes() -> None:
    hostile = ActivityKey("", "", orders(STANDARD), "request")
    graph = LiveGraph(drawn(), memory=StateMemory())
    assert _moved(graph, graph.take([ran(hostile, failed=9)], 0)) <= {orders(STANDARD)}
    assert all(node.stats.failed == 0 for node in graph.nodes.values())


def test_numbers_that_hardly_move_are_told_seldom_and_in_the_end() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.take([ran(PLACE_KEY, done=1000)], 0)
    told = [now_s for now_s in range(1, 35) if not graph.take([ran(PLACE_KEY, done=1000 + 3 * now_s)], now_s).empty]
    assert told == [10, 20, 30]


def test_the_first_run_that_ends_is_told_at_once() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    begun = ran(PLACE_KEY, started=1)
    begun.recent = 1
    graph.take([begun], 0)
    ended = ActivityStats(key=PLACE_KEY, started=1, done=1, recent=1)
    assert graph.take([ended], 0.2).update.nodes[graph.nodes[PLACE].n].done == 1


def test_numbers_that_move_are_told_once_a_second() -> None:
    graph = LiveGraph(drawn(), memory=StateMemory())
    graph.take([ran(PLACE_KEY, done=10)], 0)
    told = [n for n in range(1, 13) if graph.take([ran(PLACE_KEY, done=10 + 20 * n)], n / 4).update.nodes]
    assert told == [4, 8, 12]


def _moved(graph: LiveGraph, change: Difference) -> set[str]:
    """Ids of the nodes whose numbers changed."""
    return {node.id for node in graph.nodes.values() if node.n in change.update.nodes}


def _numbers(view: object) -> object:
    # States depend on the way that led there: that is what keeps them from blinking.
    stats = getattr(view, "stats", None)
    if stats is None:
        return (view.rate or 0, view.wait or 0)  # type: ignore[attr-defined]
    return tuple(getattr(stats, name) or 0 for name in stats.__struct_fields__ if name != "state")
