"""
hopeit's app files, as people write them → RuntimeApps, as config-manager would answer once they run.

Placeholders are filled as hopeit fills them: `${NAME}` from the environment, `{auto}` by where it stands,
`{events.pay.write_stream.name}` by what stands there. Source: hopeit/server/config.py of hopeit.engine 0.30.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from visualizer.core.untrusted import quoted
from visualizer.models.node_id import app_key, event_id, snake_name

#: What a server's file holds, and no app's.
_SERVER_PARTS = frozenset({"streams", "logging", "auth", "api"})
_VARIABLE = re.compile(r"\$\{([^{}]+)\}")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_AUTO = "auto"
_ON_APP = "OnApp"

Parts = dict[str, Any]


def is_app_file(value: object) -> bool:
    """{"app": {"name", "version"}, "events": …}."""
    return isinstance(value, dict) and "apps" not in value and isinstance(value.get("app"), dict)


def is_server_file(value: object) -> bool:
    """{"streams", "logging", "auth"}: declares no app."""
    return isinstance(value, dict) and bool(value) and value.keys() <= _SERVER_PARTS


def runtime_apps_of_files(files: Sequence[Mapping[str, Any]], *, environment: Mapping[str, str]) -> list[Parts]:
    """RuntimeApps of each file. An app runs the events its plugins have for it, where their files are among these."""
    missing = [list(_missing(file, environment)) for file in files]
    configs = [_with_placeholders(_with_variables(file, environment)) for file in files]
    by_key = {_key(config): config for config in configs}
    return [_runtime_apps(config, by_key, names) for config, names in zip(configs, missing, strict=True)]


def _runtime_apps(config: Parts, by_key: Mapping[str, Parts], missing: Sequence[str]) -> Parts:
    key, events, plugins = _key(config), _dict(config.get("events")), _list(config.get("plugins"))
    keys = [app_key(str(plugin.get("name", "")), str(plugin.get("version", ""))) for plugin in map(_dict, plugins)]
    found = {
        event_id(app=key, plugin=plugin, event=name): event
        for plugin in keys
        for name, event in _dict(by_key.get(plugin, {}).get("events")).items()
        if _is_on_app(event)
    }
    own = {event_id(app=key, event=name): event for name, event in events.items() if not _is_on_app(event)}
    app_config = {name: config[name] for name in ("app", "app_connections", "plugins", "settings") if name in config}
    return {
        "apps": {
            key: {
                "servers": [],
                "app_config": {**app_config, "effective_settings": _effective_settings(config)},
                "effective_events": found | own,
            }
        },
        "server_status": {},
        "problems": [
            *(f"{quoted(name)} is not set in the environment: its name stands for its value" for name in missing),
            *(f"the file of the plugin {quoted(plugin)} is not given: its events are left out"
              for plugin in keys if plugin not in by_key),
        ],
    }  # fmt: skip


def _effective_settings(config: Parts) -> Parts:
    """Event → its settings, those of the stream it writes, or else reads, below its own."""
    settings, effective = _dict(config.get("settings")), {}
    for name, event in _dict(config.get("events")).items():
        parts, own = _dict(event), _dict(settings.get(name))
        stream = _dict(parts.get("write_stream") or parts.get("read_stream")).get("name")
        of_stream = _dict(settings.get(stream)) if isinstance(stream, str) else {}
        effective[name] = {**own, "stream": of_stream | _dict(own.get("stream"))}
    return effective


def _missing(value: object, environment: Mapping[str, str]) -> Iterator[str]:
    names = dict.fromkeys(name.upper() for text in _texts(value) for name in _VARIABLE.findall(text))
    return (name for name in names if name not in environment)


def _with_variables(value: Any, environment: Mapping[str, str]) -> Any:
    return _filled(value, _VARIABLE, lambda name: environment.get(name.upper(), name.lower()))


def _with_placeholders(config: Parts) -> Parts:
    events = {
        name: _filled(event, _PLACEHOLDER, {_AUTO: f"{_key(config)}.{_auto_name(name)}"}.get)
        for name, event in _dict(config.get("events")).items()
    }
    config = {**config, "events": events}
    # Twice, as what is filled in may hold some itself.
    for _ in range(2):
        config = _filled(config, _PLACEHOLDER, dict(_places(config, ())).get)
    return config


def _auto_name(event: str) -> str:
    return ".".join(snake_name(part) for part in event.split("."))


def _places(value: object, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Dotted path → the text that stands there."""
    if isinstance(value, str):
        yield ".".join(path), value
    for name, item in value.items() if isinstance(value, dict) else ():
        yield from _places(item, (*path, name))


def _filled(value: Any, pattern: re.Pattern[str], find: Any) -> Any:
    """The value with what is found for each placeholder, names of objects included; else it stays."""
    if isinstance(value, str):
        return pattern.sub(lambda found: found[0] if (text := find(found[1])) is None else text, value)
    if isinstance(value, list):
        return [_filled(item, pattern, find) for item in value]
    if isinstance(value, dict):
        return {_filled(name, pattern, find): _filled(item, pattern, find) for name, item in value.items()}
    return value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value if isinstance(value, list) else ():
        yield from _texts(item)
    for name, item in value.items() if isinstance(value, dict) else ():
        yield name
        yield from _texts(item)


def _key(config: Mapping[str, Any]) -> str:
    app = _dict(config.get("app"))
    return app_key(str(app.get("name", "")), str(app.get("version", "")))


def _is_on_app(event: object) -> bool:
    return _dict(event).get("plug_mode") == _ON_APP


def _dict(value: object) -> Parts:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
