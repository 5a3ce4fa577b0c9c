"""A runtime config out of the bytes a host sent, which may be anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from collector.models.errors import HostProblem

#: Real answers are some 12 deep and have some thousand values.
MAX_DEPTH = 32
MAX_VALUES = 50_000
#: Beyond this nothing of ours can write the number again.
_LARGEST_INT = 2**63 - 1


def read_runtime_config(body: bytes) -> dict[str, Any]:
    """
    The RuntimeApps of an answer: {"apps": {key: {"servers", "app_config", "effective_events"}}, "server_status"}.

    Raises:
        HostProblem: it is none; the reason quotes nothing of it.
    """
    try:
        config = msgspec.json.decode(body)
    except RecursionError:
        raise HostProblem(f"JSON nested deeper than {MAX_DEPTH}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HostProblem("no JSON") from None
    _check_size(config)
    if not isinstance(config, dict) or not isinstance(config.get("apps"), dict):
        raise HostProblem("JSON, but no runtime config: expected an object with apps")
    if not all(_is_app(app) for app in config["apps"].values()):
        raise HostProblem("no runtime config: expected servers, app_config and effective_events in each app")
    if not isinstance(config.setdefault("server_status", {}), dict):
        raise HostProblem("no runtime config: expected an object server_status")
    return config


def _check_size(config: Any) -> None:
    values, level = 0, [config]
    for _ in range(MAX_DEPTH + 1):
        values += len(level)
        if values > MAX_VALUES:
            raise HostProblem(f"JSON with more than {MAX_VALUES} values")
        if any(type(value) is int and abs(value) > _LARGEST_INT for value in level):
            raise HostProblem("JSON with a number out of range")
        level = [below for value in level for below in _below(value)]
        if not level:
            return
    raise HostProblem(f"JSON nested deeper than {MAX_DEPTH}")


def _below(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _is_app(app: Any) -> bool:
    return isinstance(app, dict) and all(
        isinstance(app.get(name), kind)
        for name, kind in (("servers", list), ("app_config", dict), ("effective_events", dict))
    )
