from __future__ import annotations

import pytest

from collector.models.activity import OTHER
from visualizer.core.limit_words import limit_words
from visualizer.core.old_apps import find_old_apps
from visualizer.core.other_names import about, name_others
from visualizer.models.app_age import AppAge
from visualizer.models.passed_limit import APP_EVENTS, APPS, EVENTS, QUEUES, STREAMS, PassedLimit
from visualizer.models.topology import App, Node, Topology

WEEK_S = 7 * 86400.0
NOW_S = 100 * WEEK_S


@pytest.mark.parametrize("sign", ["seen_s", "declared_s", "shown_s"])
def test_any_sign_within_the_time_keeps_an_app(sign: str) -> None:
    for ago_s, old in ((WEEK_S - 1, set()), (WEEK_S, set()), (WEEK_S + 1, {"a"})):
        ages = {"a": AppAge(**{"seen_s": 5, sign: int(NOW_S - ago_s)})}
        assert set(find_old_apps(ages, now_s=NOW_S, hide_after_s=WEEK_S)) == old


def test_an_app_that_was_brought_back_is_hidden_again_after_the_same_time() -> None:
    ages = {"a": AppAge(seen_s=5, shown_s=int(NOW_S))}
    assert not find_old_apps(ages, now_s=NOW_S + WEEK_S, hide_after_s=WEEK_S)
    assert find_old_apps(ages, now_s=NOW_S + WEEK_S + 1, hide_after_s=WEEK_S)


def node(label: str, *, kind: str = "event", app: str = "a.1x0", queue: str = "") -> Node:
    return Node(id=label, kind=kind, label=label, name=label, app=app, queue=queue)


def limit(dimension: str, names: int, *, within: str = "", offender: str = "") -> PassedLimit:
    return PassedLimit(dimension, within, names, offender, 0)


def test_what_stands_for_many_says_for_how_many() -> None:
    nodes = (
        node(f"a.1x0.{OTHER}"),
        node(f"b.1x0.{OTHER}", app="b.1x0"),
        node(OTHER, kind="stream", app=""),
        node(f"orders.{OTHER}", kind="stream", app="", queue=OTHER),
        node("a.1x0.place"),
    )
    apps = (App(key="a.1x0", name="a", version="1.0"), App(key=OTHER, name=OTHER, version=""))
    topology = Topology(view="standard", apps=apps, nodes=nodes, edges=())
    limits = [
        limit(APP_EVENTS, 345, within="a.1x0"),
        limit(EVENTS, 7),
        limit(QUEUES, 1, within="orders"),
        limit(APPS, 12_345),
    ]
    named = name_others(topology, limits)
    assert [each.name for each in named.nodes] == [
        "other (about 300 names)",
        "other (7 names)",
        "other names",
        "orders, queue other (1 names)",
        "a.1x0.place",
    ]
    assert [each.name for each in named.apps] == ["a", "other (about 10,000 names)"]
    assert [each.id for each in named.nodes] == [each.id for each in nodes]


def test_a_graph_without_others_stays_as_it_is() -> None:
    topology = Topology(view="standard", apps=(), nodes=(node("a.1x0.place"),), edges=())
    assert name_others(topology, [limit(STREAMS, 9)]) is topology


def test_an_estimate_has_one_digit_that_counts() -> None:
    assert [about(names) for names in (0, 9, 10, 19, 345, 99_999)] == [
        "1",
        "9",
        "about 10",
        "about 10",
        "about 300",
        "about 90,000",
    ]


def test_a_limit_is_told_in_a_sentence() -> None:
    told = limit_words(limit(APP_EVENTS, 345, within="a.1x0", offender="a.1x0"), most=2000)
    assert told == (
        "Names beyond the limit of 2,000 events of app a.1x0 are counted as __other__: about 300 so far; "
        "most come from app a.1x0."
    )
    assert limit_words(limit(QUEUES, 3, within="orders"), most=None) == (
        "Names beyond the limit of queues of stream orders are counted as __other__: 3 so far."
    )
