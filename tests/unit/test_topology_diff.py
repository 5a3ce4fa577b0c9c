from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from collector.models.activity import ActivityKey
from tests.runtime_apps import answer, app, call, connection, event, random_answer, read, write
from visualizer.core.declared_settings import declared_settings
from visualizer.core.diff_words import counts_words, summary
from visualizer.core.kept_topology import keep_topology
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.core.topology_diff import diff_topologies
from visualizer.core.touched_nodes import touched_nodes
from visualizer.models.kept_topology import KeptTopology, decode_kept, encode_kept, kept_version
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.topology_diff import ADDED, CHANGED, REMOVED, Change

PLACE = event("POST", write_stream=write("orders", "AUTO", "express"))
PACK = event("STREAM", read_stream=read("orders"))


def kept(*apps: dict[str, Any], observed: tuple[ActivityKey, ...] = ()) -> KeptTopology:
    told = answer(*apps)
    config = read_runtime_apps(told, source="host")
    return keep_topology((build_topology(config, observed, view=view) for view in VIEWS), declared_settings([told]))


def diff(before: KeptTopology, after: KeptTopology, *, view: str = STANDARD) -> tuple[Change, ...]:
    return diff_topologies(before, after, view=view)


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(change.how, change.kind, change.name) for change in changes]


def settings(changes: tuple[Change, ...]) -> dict[str, tuple[str, str]]:
    return {one.name: (one.before, one.after) for change in changes for one in change.settings}


def with_timeouts(**by_event: float) -> dict[str, Any]:
    """An app whose settings are those of hopeit."""
    events = {name: event("GET") for name in by_event}
    (key, info), *_ = app("shop", events).items()
    info["app_config"]["effective_settings"] = {
        name: {"response_timeout": timeout, "stream": {"target_max_len": 10}, "extras": {"token": "hush"}}
        for name, timeout in by_event.items()
    }
    return {key: info}


def test_what_is_new_and_gone_is_told_by_name() -> None:
    before = kept(app("shop", {"place": PLACE}), app("store", {"pack": PACK}))
    after = kept(app("shop", {"place": PLACE, "cancel": event("GET")}))
    assert told(diff(before, after)) == [
        (REMOVED, "app", "store.1x0"),
        (ADDED, "event", "shop.1x0.cancel"),
        (REMOVED, "event", "store.1x0.pack"),
        (REMOVED, "read", "orders → store.1x0.pack"),
    ]


def test_a_queue_is_a_line_of_its_own() -> None:
    before = kept(app("shop", {"place": event("POST", write_stream=write("orders"))}))
    changes = diff(before, kept(app("shop", {"place": PLACE})))
    assert told(changes)[1:] == [(ADDED, "write", "shop.1x0.place → orders (express)")]
    assert settings(changes) == {"write_stream.queues": ("AUTO", "AUTO, express")}


def test_a_queue_is_a_node_in_the_expanded_view() -> None:
    before = kept(app("shop", {"place": event("POST", write_stream=write("orders"))}))
    changes = diff(before, kept(app("shop", {"place": PLACE})), view="expanded")
    assert (ADDED, "stream", "orders.express") in told(changes)


@pytest.mark.parametrize(
    ("before", "after", "name", "values"),
    [
        (event("GET"), event("POST"), "type", ("GET", "POST")),
        (event("GET"), event("GET", route="/pay"), "route", ("", "/pay")),
        (
            event("STREAM", read_stream=read("s")),
            event("STREAM", read_stream={**read("s"), "consumer_group": "other"}),
            "read_stream.consumer_group",
            ("group", "other"),
        ),
        (
            event("SERVICE", write_stream=write("s")),
            event("SERVICE", write_stream=write("s", strategy="PROPAGATE")),
            "write_stream.queue_strategy",
            ("DROP", "PROPAGATE"),
        ),
    ],
)
def test_a_setting_of_an_event_that_is_otherwise_is_told_with_both_values(
    before: Any, after: Any, name: str, values: tuple[str, str]
) -> None:
    assert settings(diff(kept(app("shop", {"e": before})), kept(app("shop", {"e": after}))))[name] == values


def test_time_outs_are_compared_and_what_an_app_sets_for_itself_is_not() -> None:
    changes = diff(kept(with_timeouts(pay=60.0, list=60.0)), kept(with_timeouts(pay=30.0, list=60.0)))
    assert told(changes) == [(CHANGED, "event", "shop.1x0.pay")]
    assert settings(changes) == {"response_timeout": ("60.0", "30.0")}
    assert "hush" not in repr(kept(with_timeouts(pay=1.0)))


def test_an_app_of_another_version_is_the_same_app() -> None:
    events = {"place": PLACE, "pack": event("STREAM", read_stream=read("shop.1x0.place"))}
    renamed = {"place": PLACE, "pack": event("STREAM", read_stream=read("shop.1x1.place"))}
    changes = diff(kept(app("shop", events)), kept(app("shop", renamed, version="1.1")))
    assert told(changes) == [(CHANGED, "app", "shop.1x1")]
    assert settings(changes) == {"version": ("1.0", "1.1")}
    assert changes[0].was == "shop.1x0"


def test_two_versions_side_by_side_are_two_apps() -> None:
    before, after = app("shop", {"a": event()}), app("shop", {"a": event()}, version="1.1")
    assert (ADDED, "app", "shop.1x1") in told(diff(kept(before), kept(before, after)))


def test_a_version_is_not_taken_for_part_of_another_name() -> None:
    other = app("coffee-shop", {"e": event("STREAM", read_stream=read("shop.1x01.s"))})
    changes = diff(kept(app("shop", {}), other), kept(app("shop", {}, version="2.0"), other))
    assert told(changes) == [(CHANGED, "app", "shop.2x0")]


def test_calls_are_lines_to_the_event_that_is_called() -> None:
    target = app("store", {"stock": event("GET")})
    connections = {"store": connection("store")}
    before = app("shop", {"pay": event("GET")}, connections=connections)
    after = app("shop", {"pay": event("GET", connections=[call("store", "stock")])}, connections=connections)
    (change,) = diff(kept(before, target), kept(after, target))
    assert (change.how, change.kind, change.target) == (ADDED, "call", "store.1x0.stock")
    assert change.apps == ("shop.1x0", "store.1x0")


def test_what_was_only_seen_says_so_and_a_declaration_of_it_is_one_change() -> None:
    seen = ActivityKey("shop.1x0", "", "ghost", "service")
    alone = kept(app("shop", {}))
    observed = kept(app("shop", {}), observed=(seen,))
    (new,) = diff(alone, observed)
    assert (new.how, new.name, new.declared) == (ADDED, "shop.1x0.ghost", False)
    declared = diff(observed, kept(app("shop", {"ghost": event("SERVICE")})))
    assert settings(declared) == {"declared": ("no", "yes")}


def test_what_is_seen_of_a_declared_event_is_no_other_topology() -> None:
    seen = ActivityKey("shop.1x0", "", "pay", "request")
    shop = app("shop", {"pay": event("GET")})
    assert kept_version(kept(shop, observed=(seen,))) == kept_version(kept(shop))


def test_a_restart_and_the_order_of_hosts_make_no_other_topology() -> None:
    one, other = app("shop", {"pay": event("GET")}), app("store", {"pack": PACK})
    again = app("shop", {"pay": event("GET")}, servers=[{"host_name": "b", "pid": "9", "url": "http://b"}])
    assert kept_version(kept(one, other)) == kept_version(kept(other, again))


def test_a_stream_that_somebody_named_after_an_old_version_stays_what_it_is() -> None:
    reader = app("store", {"pack": event("STREAM", read_stream=read("shop.1x0.orders"))})
    changes = diff(kept(app("shop", {}), reader), kept(app("shop", {}, version="1.1"), reader))
    assert told(changes) == [(CHANGED, "app", "shop.1x1")]


@settings_of_hypothesis(deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.sampled_from(VIEWS))
def test_compared_the_other_way_round_new_is_gone_and_values_change_sides(one: int, other: int, view: str) -> None:
    a, b = (kept_answer(random_answer(Random(seed))) for seed in (one, other))
    turned = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
    forth, back = diff(a, b, view=view), diff(b, a, view=view)
    assert sorted(turned[change.how] for change in forth) == sorted(change.how for change in back)
    assert diff(a, a, view=view) == ()
    assert decode_kept(encode_kept(a)) == a


def kept_answer(told: Any) -> KeptTopology:
    config = read_runtime_apps(told, source="host")
    return keep_topology((build_topology(config, view=view) for view in VIEWS), declared_settings([told]))


@pytest.mark.parametrize(
    "hostile",
    [
        {},
        None,
        {"apps": 7},
        {"apps": {"a": None, "b": {"app_config": [], "effective_events": {"b.e": 3}}}},
        {"apps": {"a": {"app_config": {"plugins": [7], "effective_settings": {"e": [1]}, "engine": {"x": {"y": {}}}}}}},
        {"apps": {"a": {"effective_events": {"a.e": {"route": "\ud800", "auth": [[1]], "read_stream": "s"}}}}},
    ],
)
def test_settings_that_are_something_else_set_nothing_and_break_nothing(hostile: Any) -> None:
    found = declared_settings([hostile])
    assert all(isinstance(value, str) for part in found.values() for value in part.values())
    encode_kept(KeptTopology({}, found))


def test_a_damaged_topology_says_so() -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode_kept(b"\x00")


def test_behaviour_is_looked_at_of_what_changed_and_of_both_ends_of_lines_under_both_versions() -> None:
    before = kept(app("shop", {"place": event("POST")}), app("store", {"pack": PACK}))
    after = kept(app("shop", {"place": PLACE}, version="1.1"), app("store", {"pack": PACK}))
    touched = touched_nodes(before, after, diff(before, after), view=STANDARD)
    assert [(one.before, one.after, one.is_stream) for one in touched] == [
        ("shop.1x0.place", "shop.1x1.place", False),
        (">orders", ">orders", True),
    ]


def test_a_diff_has_a_summary() -> None:
    before = kept(app("shop", {"place": PLACE}), app("store", {"pack": PACK}))
    changes = diff(before, kept(app("shop", {"place": PLACE, "a": event(), "b": event()})))
    assert summary(changes) == "2 events added, 1 app, 1 event and 1 reader removed"
    assert counts_words(changes) == "2 added, 3 removed"
    assert summary(()) == counts_words(()) == "nothing changed"
