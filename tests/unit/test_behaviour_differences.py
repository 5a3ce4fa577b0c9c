"""What clearly behaves otherwise than a while earlier: what it is read from, who is compared, what is said."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from collector.lib.log_buckets import bucket_index, quantile_ms
from collector.models.activity import ActivityKey
from collector.models.count_table import HistogramTable
from collector.models.resolution import DAY_S, DEFAULT_RESOLUTIONS
from visualizer.core.behaviour_differences import difference_words, find_differences
from visualizer.core.behaviour_table import BehaviourTable, Owner, behaviour_table
from visualizer.core.compared_nodes import compared_nodes, first_seen, owners_of
from visualizer.core.compared_span import ComparedSpan, compared_span
from visualizer.core.slot_table import SlotTable
from visualizer.models.behaviour_difference import Compared
from visualizer.models.kept_topology import KeptApp, KeptNode, KeptView

FROM, UNTIL = 6_000_000, 6_000_900
NOW = 20_000 * DAY_S + 40_020
HOUR = NOW // 3600 * 3600
Rows = Mapping[int, tuple[int, int, dict[float, int]]]


def table(rows: Rows, owners: Mapping[int, list[Owner]] | None = None, *, ages: bool = False) -> BehaviourTable:
    """Activity → (done, failed, {ms: count}), each in two buckets on two servers; by itself under "e<activity>"."""
    ids = [each for each in rows for _ in (0, 1)]
    halves = [(0, rows[each][0], rows[each][1] * at, 0) for each in rows for at in (0, 1)]
    taken = [{bucket_index(ms): n for ms, n in rows[each][2].items()} for each in rows]
    histograms = [each if at else {} for each in taken for at in (0, 1)]
    measured, nothing = HistogramTable.of(histograms), HistogramTable.of([])
    slots = SlotTable(
        np.array([FROM, FROM + 60] * len(rows), np.int64),
        np.array(ids, np.int64),
        np.array([1, 2] * len(rows), np.int64),
        np.array(halves, np.int64).reshape(-1, 4),
        np.zeros(len(ids)),
        nothing if ages else measured,
        measured if ages else nothing,
    )
    return behaviour_table(slots, owners or {each: [Owner(f"e{each}")] for each in rows}, from_s=FROM, until_s=UNTIL)


def test_what_several_activities_did_is_summed_up_by_node_and_app() -> None:
    owners = {1: [Owner("a"), Owner("app")], 2: [Owner("b"), Owner("app")], 3: []}
    found = table({1: (10, 1, {5: 3, 50: 1}), 2: (20, 2, {5: 7}), 3: (9, 9, {1: 1})}, owners)
    both = found.behaviour("app")
    assert both is not None
    assert (both.runs, both.failed, both.window_s) == (2 * 30 + 3, 3, 900)
    assert both.p95_ms == quantile_ms({bucket_index(5): 10, bucket_index(50): 1}, 0.95)
    assert found.slower_than("app", 20) == (1, 11)
    assert found.slower_than("b", 20) == (0, 7)
    assert set(found.rows) == {"a", "b", "app"}


def test_of_a_stream_counts_how_long_messages_waited() -> None:
    found = table({1: (10, 0, {700: 4})}, {1: [Owner("e"), Owner(">s", waits=True)]}, ages=True)
    event, stream = found.behaviour("e"), found.behaviour(">s")
    assert event is not None
    assert stream is not None
    assert (event.p95_ms, stream.runs) == (None, 20)
    assert stream.p95_ms == pytest.approx(700, rel=0.03)


def test_an_empty_while_has_no_rows() -> None:
    found = table({})
    assert (found.behaviour("e1"), len(found.runs)) == (None, 0)


def test_what_clearly_differs_is_told_the_worst_first_with_the_numbers_it_rests_on() -> None:
    calm = {10.0: 400}
    then = table({1: (200, 0, calm), 2: (200, 0, calm), 3: (200, 0, calm), 4: (200, 80, calm), 5: (200, 0, {90.0: 400}),
                  6: (200, 0, calm), 9: (200, 0, calm)})  # fmt: skip
    now = table({1: (160, 80, calm), 2: (200, 0, {90.0: 400}), 4: (200, 0, calm), 5: (200, 0, calm), 6: (900, 0, calm),
                 7: (30, 0, {}), 9: (210, 2, {11.0: 400})})  # fmt: skip
    compared = [Compared(id=f"e{at}", was="" if at == 7 else f"e{at}", name=f"e{at}") for at in range(1, 10)]
    found = find_differences(compared, then, now)
    assert [(one.of.id, one.ways) for one in found] == [
        ("e1", ("fails_more",)),
        ("e2", ("slower",)),
        ("e3", ("fewer_runs",)),
        ("e6", ("more_runs",)),
        ("e7", ("new",)),
        ("e4", ("fails_less",)),
        ("e5", ("faster",)),
    ]
    words = {one.of.id: difference_words(one) for one in found}
    assert words["e1"] == "20 % of 400 failed, then 0 % of 400"
    assert words["e2"] == "p95 90.1 ms, then 9.98 ms"
    assert (words["e3"], words["e7"]) == ("0 runs, then 400", "60 runs")


def test_an_app_is_not_called_slower_when_other_events_of_it_ran() -> None:
    then, now = table({1: (200, 0, {10.0: 400})}), table({1: (200, 0, {90.0: 400})})
    assert find_differences([Compared(id="e1", was="e1", name="e1", is_app=True)], then, now) == []


def test_an_app_in_another_version_is_compared_with_what_it_was() -> None:
    old, new = ("shop.1x0", "shop.1x1")
    views = [
        KeptView((KeptApp(key, "shop", ""),), (KeptNode(f"{key}.pay", "event", "pay", key, "GET", True),))
        for key in (old, new)
    ]
    views[1] = KeptView(views[1].apps, (*views[1].nodes, KeptNode(">s", "stream", "s", "", "", True)))
    found = {one.id: one for one in compared_nodes(views[0], views[1], known_then=())}
    assert {key: one.was for key, one in found.items()} == {new: old, f"{new}.pay": f"{old}.pay", ">s": ""}
    assert (found[new].is_app, found[">s"].is_stream) == (True, True)
    unkept = {one.id: one.was for one in compared_nodes(KeptView(), views[1], known_then={">s"})}
    assert unkept == {new: "", f"{new}.pay": "", ">s": ">s"}


def test_an_activity_counts_for_its_event_its_stream_and_its_app() -> None:
    keys = {1: ActivityKey("shop.1x0", "", "ship$a", "stream", "orders", "AUTO", "g"),
            2: ActivityKey("shop.1x0", "", "pay", "call", "db")}  # fmt: skip
    owners = owners_of(keys, view="standard")
    assert owners[1] == (Owner("shop.1x0.ship"), Owner(">orders", waits=True), Owner("shop.1x0"))
    assert owners[2] == (Owner("@db"),)
    forgotten = (Owner("gone"),)
    assert first_seen({**owners, 3: (Owner("@db"),), 4: forgotten}, {1: 10, 2: 30, 3: 20}) == {
        "shop.1x0.ship": 10,
        ">orders": 10,
        "shop.1x0": 10,
        "@db": 20,
    }


@pytest.mark.parametrize(
    ("ago_s", "length_s", "back_s", "begun_ago_s", "expected"),
    [
        # Whole minutes, as yesterday is kept in such.
        (30, 900, DAY_S, 9 * DAY_S, (NOW - 900, NOW - 60, 60)),
        # Of a week only the last day has another yesterday; hours are fine enough.
        (0, 7 * DAY_S, DAY_S, 9 * DAY_S, (HOUR - 23 * 3600, HOUR, 3600)),
        # History begins within yesterday's hour.
        (0, 3600, DAY_S, DAY_S + 1200, (NOW - 1200, NOW, 60)),
        (0, 3600, DAY_S, 3000, None),
        (0, 3600, DAY_S, None, None),
        # A quarter of long ago, kept in hours alone: one of them.
        (200 * DAY_S, 900, DAY_S, 900 * DAY_S, (HOUR - 200 * DAY_S - 3600, HOUR - 200 * DAY_S, 3600)),
        # What lies ahead is now.
        (-5000, 5900, DAY_S, 9 * DAY_S, (NOW - 900, NOW, 60)),
    ],
)
def test_the_same_while_of_both_days_is_compared_as_fine_as_it_is_kept(
    ago_s: int, length_s: int, back_s: int, begun_ago_s: int | None, expected: tuple[int, int, int] | None
) -> None:
    begun_s = None if begun_ago_s is None else NOW - begun_ago_s
    until_s = NOW - ago_s
    found = compared_span(
        DEFAULT_RESOLUTIONS, until_s - length_s, until_s, back_s=back_s, begun_s=begun_s, now_s=float(NOW)
    )
    told = expected and ComparedSpan(expected[0], expected[1], back_s, expected[2])
    assert found == told
