from __future__ import annotations

from typing import Any

from collector.models.activity import ActivityKey
from tests.runtime_apps import answer, app, event, write
from tests.spec_documents import LEGACY, ORDERS, SHOP, asyncapi, document, runtime_apps
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import STANDARD
from visualizer.models.runtime_config import RuntimeConfig


def config(*told: dict[str, Any]) -> RuntimeConfig:
    return merge_configs(read_runtime_apps(runtime_apps(one), source="d.json") for one in told)


def drawn(told: RuntimeConfig, *observed: ActivityKey) -> dict[str, tuple[str, bool]]:
    nodes = build_topology(told, observed, view=STANDARD).nodes
    return {node.id: (node.event_type or node.name, node.observed) for node in nodes}


def test_each_operation_is_an_event_with_its_request() -> None:
    assert drawn(config(document(ORDERS))) == {
        "orders.2.0.0.GET /api/v2/orders": ("GET", False),
        "orders.2.0.0.GET /api/v2/orders.GET": ("GET", False),
        "orders.2.0.0.POST /api/v2/orders": ("POST", False),
        "orders.2.0.0.POST /api/v2/orders.POST": ("POST", False),
        "orders.2.0.0.GET /api/v2/orders/{id}": ("GET", False),
        "orders.2.0.0.GET /api/v2/orders/{id}.GET": ("GET", False),
        "orders.2.0.0.cancelOrder": ("DELETE", False),
        "orders.2.0.0.cancelOrder.DELETE": ("DELETE", False),
    }
    assert config(document(ORDERS)).warnings == ()


def test_version_2_has_one_base_path_and_ids_name_events_on_demand() -> None:
    assert "legacy.1.GET /v1/pets" in drawn(config(document(LEGACY)))
    assert "legacy.1.listPets" in drawn(config({**document(LEGACY), "x-events": "operationId"}))


def test_a_hopeit_server_documents_all_its_apps_and_they_meet_their_configs() -> None:
    nodes = drawn(config(document(SHOP)))
    assert {node for node in nodes if not node.endswith((".GET", ".POST"))} == {
        "config_manager.0x30.runtime_apps_config",
        "config_manager.0x30.cluster_apps_config",
        "little_shop.1x0.show_order",
        "little_shop.1x0.place_order",
    }
    known = app("little-shop", {"place_order": event("POST", write_stream=write("little_shop.orders"))})
    told = merge_configs([read_runtime_apps(answer(known), source="host"), config(document(SHOP))])
    assert told.warnings == ()
    assert [(one.key, one.name, one.version) for one in told.apps if one.key.startswith("l")] == [
        ("little_shop.1x0", "little-shop", "1.0")
    ]
    assert drawn(told).keys() == nodes.keys() | {">little_shop.orders"}


def test_an_app_that_is_named_gets_all_its_paths() -> None:
    named = document(SHOP)
    named["info"]["x-app-key"] = "shop.1"
    assert "shop.1.GET /api/little-shop/1x0/show-order" in drawn(config(named))
    elsewhere = {**document(SHOP), "servers": [{"url": "https://h/base"}]}
    assert "little_shop.1x0.show_order" in drawn(config(elsewhere))


def test_a_span_with_its_route_meets_the_operation() -> None:
    seen = ActivityKey(app="orders.2.0.0", plugin="", event="GET /api/v2/orders/{id}", kind="request")
    nodes = drawn(config(document(ORDERS)), seen)
    assert nodes["orders.2.0.0.GET /api/v2/orders/{id}"] == ("GET", True)
    assert nodes["orders.2.0.0.GET /api/v2/orders/{id}.GET"] == ("GET", True)
    assert sum(observed for _, observed in nodes.values()) == 2


def test_both_documents_of_an_app_tell_a_part_of_it() -> None:
    event = "POST /api/v2/orders"
    messages = asyncapi(
        info={"title": "orders", "version": "2.0.0"},
        channels={"placed": {"address": "orders.placed"}},
        operations={"o": {"action": "send", "channel": {"$ref": "#/channels/placed"}, "x-event": event}},
    )
    for told in (config(document(ORDERS), messages), config(messages, document(ORDERS))):
        found = build_topology(told, view=STANDARD)
        assert ("orders.2.0.0." + event, ">orders.placed") in {(edge.source, edge.target) for edge in found.edges}
        assert {node.event_type for node in found.nodes if node.id == f"orders.2.0.0.{event}"} == {"POST"}
        assert (len(found.apps), told.warnings) == (1, ())


def test_the_linter_names_the_place_in_the_document_and_no_false_duplicate() -> None:
    paths: dict[str, Any] = {"/a/{id}": {method: {} for method in ("get", "put", "delete", "patch")}}
    told = {"openapi": "3.0.3", "info": {"title": "o", "version": "1"}, "paths": paths}
    assert lint_config(config(told)).findings == ()
    paths["/a/{id}"]["put"]["x-event"] = "replace"
    paths["/a/{id}"]["post"] = {}
    sent = asyncapi(channels={"c": {}}, operations={"o": {"action": "send", "channel": {"$ref": "#/channels/c"}}})
    found = lint_config(config(told, sent)).findings
    assert [(one.rule, one.places[0].path) for one in found] == [("stream-never-read", "#/operations/o")]
    accepted = {**sent, "info": {**sent["info"], "x-accept": ["stream-never-read"]}}
    assert lint_config(config(told, accepted)).findings[0].acceptance


def test_broken_paths_are_said() -> None:
    told = {"openapi": "3.0.3", "info": {}, "paths": {"orders": {}, "/a": {"get": "x"}, "/b": {"$ref": "b.json"}}}
    assert runtime_apps(told)["problems"] == [
        "#/paths/~1b: a reference leads out of the document, which is not followed: bundle it into one",
        "#/info/title: expected the name of the app, came nothing",
        "#/paths/orders: expected a path that begins with /",
        "#/paths/~1a/get: expected an object, came text",
    ]
