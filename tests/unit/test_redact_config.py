"""Configs lose their secrets and keep what the graph is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.redact_config import redact_config

RECORDED = sorted((Path(__file__).parent.parent / "fixtures" / "hopeit" / "config").glob("*.json"))
CANARY = "c4n4ry-Zq9"
KEY = b"of this installation"


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_configs_lose_the_passphrase_and_keep_the_graph(path: Path) -> None:
    config = json.loads(path.read_bytes())
    redacted = redact_config(config, key=KEY)
    assert "dev-local" not in json.dumps(redacted)
    assert ".secrets/" not in json.dumps(redacted)
    for name, app in config["apps"].items():
        assert redacted["apps"][name]["effective_events"] == app["effective_events"]
        for part in ("app", "app_connections", "events", "plugins", "engine"):
            assert redacted["apps"][name]["app_config"][part] == app["app_config"][part]
        assert redacted["apps"][name]["servers"] == app["servers"]
    assert redacted["server_status"] == config["server_status"]


@pytest.mark.parametrize(
    "planted",
    [
        {"settings": {"db": {"password": CANARY}}},
        {"settings": {"db": {"password": 81549300.5}}},
        {"settings": {"credentials": {"whatever": [{"deep": CANARY}]}}},
        {"settings": {"url": f"redis://:{CANARY}@cache/0"}},
        {"settings": {"options": f"host=db;Password={CANARY}"}},
        {"settings": {"events": {"password": CANARY}}},
        {"settings": {"apps": {"secret": {"value": CANARY}}}},
        {"env": {"app": [{"name": "DB_PASSWORD", "value": CANARY}]}},
        {"env": {f"redis://u:{CANARY}@h": "a name can hold one, too"}},
        {"server": {"auth": {"auth_passphrase": CANARY, "secrets_location": CANARY}}},
        {"server": {"streams": {"connection_str": f"redis://u:{CANARY}@h"}}},
        {"events": {"refresh": {"auth": [CANARY, "Bearer"]}}},
        {"events": {"refresh": {"api_key": CANARY}}},
        {"app_connections": {"x": {"password": CANARY}}},
        {"events": {"password": CANARY}},
    ],
)
def test_a_secret_planted_anywhere_does_not_survive(planted: dict[str, Any]) -> None:
    shown = json.dumps(redact_config({"apps": {"a.1x0": {"app_config": planted}}, **planted}, key=KEY))
    assert CANARY not in shown
    assert "81549300" not in shown


def test_names_that_people_give_hide_nothing_below_them() -> None:
    events = {"token_refresh": {"type": "GET", "read_stream": {"name": "s"}, "auth": ["Bearer"], "setting_keys": ["k"]}}
    connections = {"auth_service": {"name": "auth-service", "version": "1.0", "client": "c"}}
    app = {"app_config": {"events": events, "app_connections": connections}, "effective_events": events}
    config = {"apps": {"secrets.1x0": app}, "server_status": {"http://auth:80": "ALIVE"}}
    assert redact_config(config, key=KEY) == config


def test_a_change_shows_and_an_equal_value_is_equal() -> None:
    def marked(value: str, key: bytes = KEY) -> Any:
        return redact_config({"password": value}, key=key)["password"]

    assert marked("a") == marked("a") != marked("b")
    assert marked("a") != marked("a", b"of another installation")


def test_empty_values_and_flags_are_no_secrets() -> None:
    config = {"password": "", "token_enabled": True, "token_expiration_s": 600, "secret": None}
    assert redact_config(config, key=KEY) == config


_names = st.sampled_from(
    ["apps", "*", "events", "password", "auth", "name", "value", "key", "url", "x", "setting_keys"]
)
_leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("redis://u:p@h") | st.just("Basic")
_json = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names | st.text(max_size=6), inner, max_size=5),
    max_leaves=20,
)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {"names": len(value), "below": [_shape(item) for item in value.values()]}
    return [_shape(item) for item in value] if isinstance(value, list) else None


@given(_json)
def test_shape_is_kept_and_redacting_twice_changes_nothing(config: Any) -> None:
    once = redact_config(config, key=KEY)
    assert _shape(once) == _shape(config)
    assert redact_config(once, key=KEY) == once
