from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime_apps import answer, app, call, connection, event, read, server, write
from visualizer.core.runtime_config import MAX_WARNINGS, filter_apps, merge_configs, read_runtime_apps
from visualizer.models.runtime_config import (
    AppConfig,
    AppConnection,
    Connection,
    ReadStream,
    RuntimeConfig,
    WriteStream,
)


def read_one(*apps: dict[str, Any]) -> RuntimeConfig:
    return read_runtime_apps(answer(*apps), source="http://a:8020")


def test_an_app_is_read_whole() -> None:
    events = {"fulfil": event("STREAM", read_stream=read("placed", "AUTO", "fast"), write_stream=write("picked"))}
    plugins = [{"name": "basic-auth", "version": "0.30"}]
    config = read_one(app("orders-example", events, connections={"c": connection("billing")}, plugins=plugins))
    (orders,) = config.apps
    assert config.warnings == ()
    assert (orders.key, orders.name, orders.version) == ("orders_example.1x0", "orders-example", "1.0")
    assert orders.plugins == ("basic_auth.0x30",)
    assert orders.connections == {"c": AppConnection("billing", "1.0")}
    assert orders.events[0].key == "orders_example.1x0.fulfil"
    assert orders.events[0].read_stream == ReadStream("placed", ("AUTO", "fast"), "group")
    assert orders.events[0].write_stream == WriteStream("picked", ("AUTO",))


def test_queues_and_strategy_have_hopeits_defaults() -> None:
    events = {"e": event(read_stream={"name": "in", "consumer_group": "g"}, write_stream={"name": "out"})}
    (only,) = read_one(app("a", events)).apps[0].events
    assert only.read_stream == ReadStream("in", ("AUTO",), "g")
    assert only.write_stream == WriteStream("out", ("AUTO",), propagate=False)


def test_one_bad_event_does_not_hide_the_others() -> None:
    config = read_one(app("a", {"bad": event("TELEPATHY"), "worse": [], "good": event("GET")}))
    assert [only.key for only in config.apps[0].events] == ["a.1x0.good"]
    assert any("'a.1x0.bad'" in warning and "'TELEPATHY'" in warning for warning in config.warnings)
    assert any("'a.1x0.worse'" in warning for warning in config.warnings)


def test_a_broken_part_leaves_its_event_in_place() -> None:
    events = {
        "e": event(
            "STREAM",
            read_stream={"name": 7},
            write_stream="out",
            connections=[call("c", "target"), call("c", "target", "STREAM"), "x", {"event": "no connection"}],
        )
    }
    config = read_one(app("a", events))
    (only,) = config.apps[0].events
    assert (only.read_stream, only.write_stream) == (None, None)
    assert only.connections == (Connection("c", "target", "GET"),)
    assert len(config.warnings) >= 4


def test_a_placeholder_for_a_stream_is_refused_as_in_hopeit() -> None:
    config = read_one(app("a", {"e": event("STREAM", read_stream=read("{auto}"))}))
    assert config.apps[0].events[0].read_stream is None
    assert "{auto}" in config.warnings[0]


def test_an_app_without_a_name_is_named_by_its_key() -> None:
    config = read_runtime_apps({"apps": {"billing.1x0": {"servers": [], "effective_events": {}}}}, source="x")
    assert (config.apps[0].name, config.apps[0].version) == ("billing", "1x0")
    assert config.warnings


@pytest.mark.parametrize("text", ["x" * 513, "half \ud800 pair"])
def test_names_that_cannot_be_drawn_are_refused(text: str) -> None:
    config = read_one(app("a", {"e": event("STREAM", read_stream=read(text))}))
    assert config.apps[0].events[0].read_stream is None
    assert all(warning.isascii() for warning in config.warnings)


def test_warnings_cannot_move_the_cursor_of_a_terminal() -> None:
    config = read_one(app("a", {"e\x1b[2J": event("?")}))
    assert config.warnings
    assert not any("\x1b" in warning for warning in config.warnings)


def test_a_flood_of_faults_is_cut_and_counted() -> None:
    config = read_one(app("a", {f"e{number}": event("?") for number in range(200)}))
    assert len(config.warnings) == MAX_WARNINGS + 1
    assert config.warnings[-1] == "… and 150 more problems of this kind"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(junk=_JSON, place=st.integers(0, 9))
@settings(deadline=None)
def test_no_junk_anywhere_raises(junk: object, place: int) -> None:
    whole = answer(app("a", {"e": event(read_stream=read("s"), connections=[call("c", "t")])}, connections={"c": {}}))
    info = whole["apps"]["a.1x0"]
    config, descriptor = info["app_config"], info["effective_events"]["a.1x0.e"]
    places: list[tuple[Any, Any]] = [
        (whole, "apps"),
        (whole["apps"], "a.1x0"),
        (info, "servers"),
        (info, "app_config"),
        (config, "app"),
        (config, "app_connections"),
        (config, "plugins"),
        (info, "effective_events"),
        (descriptor, "read_stream"),
        (descriptor, "connections"),
    ]
    holder, key = places[place]
    holder[key] = junk
    assert isinstance(read_runtime_apps(whole, source="x"), RuntimeConfig)
    assert isinstance(read_runtime_apps(junk, source="x"), RuntimeConfig)


def test_hosts_are_joined_in_order_and_the_first_config_stays() -> None:
    first = read_one(app("a", {"e": event("GET")}, servers=[server(1, url="http://a:1")]), app("b", {}))
    second = read_one(app("c", {}), app("a", {"e": event("POST")}, servers=[server(2, url="http://b:2")]))
    joined = merge_configs([first, second])
    assert [one.key for one in joined.apps] == ["a.1x0", "b.1x0", "c.1x0"]
    assert joined.apps[0].events[0].type == "GET"
    assert [one.url for one in joined.apps[0].servers] == ["http://a:1", "http://b:2"]
    assert joined.warnings == ("app 'a.1x0' is declared differently by http://b:2: the first host's is drawn",)


def test_the_same_answer_twice_adds_no_server_twice() -> None:
    one = read_one(app("a", {"e": event("GET")}))
    assert merge_configs([one, one]) == one


def test_filters_are_a_prefix_of_the_name_and_a_part_of_a_url() -> None:
    config = RuntimeConfig(
        apps=(
            read_one(
                app("orders-example", {}, servers=[server(1, url="http://a:1"), server(2, url="http://b:2")])
            ).apps[0],
            AppConfig("example.1x0", "example", "1.0"),
        )
    )

    def keys(**filters: str) -> list[str]:
        return [one.key for one in filter_apps(config, **filters).apps]

    assert keys() == ["orders_example.1x0", "example.1x0"]
    assert keys(app_prefix="orders-") == ["orders_example.1x0"]
    assert keys(app_prefix="xample") == []
    assert keys(host_filter="b:2") == ["orders_example.1x0"]
