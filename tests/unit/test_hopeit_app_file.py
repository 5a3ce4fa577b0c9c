from __future__ import annotations

from typing import Any

from visualizer.core.hopeit_app_file import is_app_file, is_server_file, runtime_apps_of_files

SHOP: dict[str, Any] = {
    "app": {"name": "my-shop", "version": "${SHOP_VERSION}"},
    "env": {"upload": {"path": "/{app.name}/"}},
    "plugins": [{"name": "basic-auth", "version": "0.30"}, {"name": "gone", "version": "1.0"}],
    "app_connections": {"bank": {"name": "bank", "version": "${BANK_VERSION}"}},
    "events": {
        "orders.place": {"type": "POST", "write_stream": {"name": "{auto}", "queues": ["AUTO"]}},
        "pack": {
            "type": "STREAM",
            "read_stream": {"name": "{events.orders.place.write_stream.name}", "consumer_group": "{auto}"},
            "connections": [{"app_connection": "bank", "event": "pay", "type": "GET"}],
        },
    },
    "settings": {
        "{events.orders.place.write_stream.name}": {"timeout": 7, "target_max_len": 9},
        "pack": {"response_timeout": 3, "stream": {"timeout": 5}},
        "eventscope": {"accept": ["stream-never-read"]},
    },
}
AUTH: dict[str, Any] = {
    "app": {"name": "basic-auth", "version": "0.30"},
    "events": {"login": {"type": "GET", "plug_mode": "OnApp"}, "keys": {"type": "SETUP"}},
}


def read(*files: dict[str, Any]) -> list[dict[str, Any]]:
    return runtime_apps_of_files(files, environment={"SHOP_VERSION": "1.0"})


def test_placeholders_are_filled_as_hopeit_fills_them() -> None:
    app = read(SHOP, AUTH)[0]["apps"]["my_shop.1x0"]
    events = app["effective_events"]
    stream = "my_shop.1x0.orders.place"
    assert events["my_shop.1x0.orders.place"]["write_stream"]["name"] == stream
    assert events["my_shop.1x0.pack"]["read_stream"] == {"name": stream, "consumer_group": "my_shop.1x0.pack"}
    assert app["app_config"]["effective_settings"] == {
        "orders.place": {"stream": {"timeout": 7, "target_max_len": 9}},
        "pack": {"response_timeout": 3, "stream": {"timeout": 5, "target_max_len": 9}},
    }
    assert "env" not in app["app_config"]


def test_an_app_runs_the_events_its_plugins_have_for_it() -> None:
    shop, auth = read(SHOP, AUTH)
    assert next(iter(shop["apps"]["my_shop.1x0"]["effective_events"])) == "my_shop.1x0.basic_auth.0x30.login"
    assert list(auth["apps"]["basic_auth.0x30"]["effective_events"]) == ["basic_auth.0x30.keys"]


def test_what_cannot_be_known_from_the_files_is_said() -> None:
    shop, auth = read(SHOP, AUTH)
    assert shop["problems"] == [
        "'BANK_VERSION' is not set in the environment: its name stands for its value",
        "the file of the plugin 'gone.1x0' is not given: its events are left out",
    ]
    assert auth["problems"] == []
    assert shop["apps"]["my_shop.1x0"]["app_config"]["app_connections"]["bank"]["version"] == "bank_version"


def test_an_app_file_is_told_from_what_else_people_have() -> None:
    documents: list[Any] = [
        [],
        {},
        {"apps": {}, "app": {}},
        {"app": "shop"},
        {"asyncapi": "3.0.0"},
        {"auth": {}, "x": 1},
    ]
    assert is_app_file(AUTH)
    assert is_server_file({"auth": {}, "streams": {}})
    assert not any(is_app_file(other) or is_server_file(other) for other in documents)


def test_files_that_are_broken_in_any_way_are_read() -> None:
    for part in ("events", "plugins", "settings", "app_connections"):
        for broken in (None, 7, "x", [7], {"a": None}, {"a": {"write_stream": 7}}):
            (answer,) = read({"app": {"name": 3}, part: broken})
            assert list(answer["apps"]) == ["3."]
