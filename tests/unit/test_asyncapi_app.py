from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec_documents import (
    BILLING,
    LEGACY,
    ORDERS,
    STREETLIGHTS,
    asyncapi,
    broken,
    document,
    flows,
    runtime_apps,
    topology,
)
from visualizer.core.declared_document import MAX_EVENTS, runtime_apps_of
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import VIEWS
from visualizer.models.runtime_config import EventConfig, RuntimeConfig


def config(told: dict[str, Any]) -> RuntimeConfig:
    return read_runtime_apps(runtime_apps(told), source="d")


def events(told: dict[str, Any]) -> dict[str, EventConfig]:
    return {event.key: event for app in config(told).apps for event in app.events}


def problems(told: dict[str, Any]) -> list[str]:
    found: list[str] = runtime_apps(told)["problems"]
    return found


def test_version_3_says_what_the_app_does() -> None:
    drawn = topology(document(BILLING))
    assert flows(drawn) == {
        (">shop.orders.AUTO", "billing.1.2.0.onOrder"),
        ("billing.1.2.0.onOrder", ">shop.invoices.AUTO"),
        ("billing.1.2.0.askQuote", ">shop.quotes.AUTO"),
        (">shop.quoted.AUTO", "billing.1.2.0.askQuote.reply"),
        (">shop.quoted.AUTO", "billing.1.2.0.giveQuote"),
    }
    assert [(app.key, app.name, app.version) for app in drawn.apps] == [("billing.1.2.0", "billing", "1.2.0")]
    assert drawn.warnings == ()


def test_version_2_is_turned_round_as_it_speaks_to_clients() -> None:
    app = "Streetlights Kafka API.1.0.0"
    assert flows(topology(document(STREETLIGHTS))) == {
        (">light.{streetlightId}.measured.AUTO", f"{app}.receiveLightMeasurement"),
        (f"{app}.send light.{{streetlightId}}.turn.on", ">turn-on.AUTO"),
        (">alarms.AUTO", f"{app}.onAlarm"),
    }


def test_groups_messages_and_servers_come_from_bindings_and_references() -> None:
    found = events(document(STREETLIGHTS))
    groups = {key.rpartition(".")[2]: e.read_stream.consumer_group for key, e in found.items() if e.read_stream}
    assert groups == {"receiveLightMeasurement": "streetlights", "onAlarm": "alarm-desk"}
    told = runtime_apps(document(STREETLIGHTS))["apps"]["Streetlights Kafka API.1.0.0"]["effective_events"]
    sent = told["Streetlights Kafka API.1.0.0.send light.{streetlightId}.turn.on"]
    assert sent["messages"] == "turnOn, dimLight"
    measured = told["Streetlights Kafka API.1.0.0.receiveLightMeasurement"]
    assert (measured["servers"], measured["place"]) == (
        "kafka broker.internal:9092",
        "#/channels/light.{streetlightId}.measured/publish",
    )


def test_operations_of_one_event_are_one_and_its_kind_is_what_sets_it_off() -> None:
    channels = {name: {"address": name} for name in ("in", "out", "log")}

    def operation(action: str, channel: str, **parts: str) -> dict[str, Any]:
        return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "x-event": "work", **parts}

    told = asyncapi(
        channels=channels,
        operations={
            "a": operation("send", "out", **{"x-event-type": "POST"}),
            "b": operation("receive", "in"),
            "c": operation("send", "log"),
        },
    )
    assert [(event.key, event.type) for event in events(told).values()] == [("a.1.work", "POST")]
    assert flows(topology(told)) == {
        (">in.AUTO", "a.1.work"),
        ("a.1.work", ">out.AUTO"),
        ("a.1.work", ">log.AUTO"),
    }
    assert problems(told) == []
    found = {(one.rule, one.subjects[-1], one.places[0].path) for one in lint_config(config(told)).findings}
    assert found == {
        ("stream-never-read", "out", "#/operations/a"),
        ("stream-never-read", "log", "#/operations/c"),
        ("stream-never-written", "in", "#/operations/b"),
    }


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (
            {"action": "publish", "channel": {"$ref": "#/channels/c"}},
            "/action: expected send or receive, came 'publish'",
        ),
        ({"action": "send"}, "/channel: expected a reference to a channel"),
        ({"action": "send", "channel": {"$ref": "#/channels/gone"}}, "leads to #/channels/gone, where nothing is"),
        ({"action": "send", "channel": {"$ref": "./other.json#/channels/c"}}, "leads out of the document"),
        ({"action": "send", "channel": {"$ref": 7}}, "/channel: expected text under $ref, came a number"),
        ([1], ": expected an object, came a list"),
        ({"$ref": "#/operations/o"}, "leads round in a circle"),
        ({"$ref": "#/operations/o/x"}, "leads round in a circle"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place_and_leaves_the_rest(wrong: object, problem: str) -> None:
    good = {"action": "receive", "channel": {"$ref": "#/channels/c"}}
    told = asyncapi(channels={"c": {"address": "c"}}, operations={"o": wrong, "good": good})
    assert [flow for flow in flows(topology(told)) if "good" in flow[1]] == [(">c.AUTO", "a.1.good")]
    (said,) = problems(told)
    assert said.startswith("#/operations/o")
    assert problem in said


def test_references_through_references_are_followed_and_circles_end() -> None:
    chain = {f"c{n}": {"$ref": f"#/components/channels/c{n + 1}"} for n in range(10)}
    told = asyncapi(
        channels={"orders": {"$ref": "#/components/channels/c0"}},
        components={"channels": {**chain, "c10": {"address": "far/away"}}},
        operations={"o": {"action": "send", "channel": {"$ref": "#/channels/orders"}}},
    )
    assert flows(topology(told)) == {("a.1.o", ">far/away.AUTO")}
    # Each name of each reference is another one: without a limit it would never end.
    knot = {f"k{n}": {"k": {"$ref": f"#/components/channels/k{n + 1}" + "/k" * 9}} for n in range(30)}
    told["components"]["channels"] |= knot
    told["channels"]["orders"] = {"$ref": "#/components/channels/k0/k"}
    assert flows(topology(told)) == set()


def test_hostile_names_are_spelled_out_and_too_many_operations_are_cut() -> None:
    venom = "\x1b[31m<b>\u202e"
    told = asyncapi(
        channels={venom: {}}, operations={venom: {"action": "send", "channel": {"$ref": f"#/channels/{venom}"}}}
    )
    shown = "\\x1b[31m<b>\\u202e"
    assert flows(topology(told)) == {(f"a.1.{shown}", f">{shown}.AUTO")}
    many = {f"o{n}": {"action": "send", "channel": {"$ref": "#/channels/c"}} for n in range(MAX_EVENTS + 1)}
    apps = runtime_apps(asyncapi(channels={"c": {}}, operations=many))
    assert len(apps["apps"]["a.1"]["effective_events"]) == MAX_EVENTS
    assert apps["problems"] == ["#: expected at most 5,000 operations, came 5,001: some are left out"]


@pytest.mark.parametrize("version", ["1.2.0", "4.0.0", "3", 3, None])
def test_another_version_is_said(version: object) -> None:
    assert "#/asyncapi: expected version 2.x or 3.x, came" in problems({"asyncapi": version})[0]


@given(seed=st.integers(0, 2**32), path=st.sampled_from([BILLING, STREETLIGHTS, ORDERS, LEGACY]))
@settings(max_examples=60, deadline=None)
def test_whatever_is_broken_in_a_document_the_rest_is_drawn(seed: int, path: Path) -> None:
    told = broken(document(path), Random(seed))
    for apps in (runtime_apps(told), runtime_apps_of(told)):
        read = read_runtime_apps(apps, source="d")
        assert len(read.apps) == 1
        for view in VIEWS:
            build_topology(read, view=view)
