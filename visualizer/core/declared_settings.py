"""
RuntimeApps, untrusted → what configs set of events and apps beyond what the graph draws: time-outs, routes, queue
strategies, consumer groups, lengths of streams.

Only what hopeit itself defines is read. What an app's authors set for themselves may hold secrets, and an answer in a
file is not redacted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from visualizer.core.untrusted import MAX_TEXT_CHARS
from visualizer.models.kept_topology import Settings
from visualizer.models.node_id import base_event

#: Parts of an EventDescriptor. What it reads, writes and calls is drawn.
_EVENT = ("type", "plug_mode", "route", "impl", "auth", "group")
_READ = ("consumer_group", "queues")
_WRITE = ("queues", "queue_strategy")
#: Parts of an event's effective settings, without "extras".
_SETTINGS = ("response_timeout", "stream", "logging")
#: More settings of one event than hopeit has are somebody's mistake.
_MOST = 64


def declared_settings(answers: Iterable[object]) -> dict[str, Settings]:
    """
    Event id, without stage, or app key → what is set.

    Args:
        answers: RuntimeApps of all hosts, in the order of configuration: the first one's config of an app counts, and
            documents add to it.
    """
    apps: dict[str, Mapping[str, Any]] = {}
    further: list[tuple[str, Mapping[str, Any]]] = []
    for answer in answers:
        for key, value in _part(answer, "apps").items():
            info = _part({"info": value}, "info")
            if apps.setdefault(key, info) is not info and "kind" in info:
                further.append((key, info))
    found: dict[str, Settings] = {}
    for key, info in [*apps.items(), *further]:
        found.setdefault(key, _app_settings(info))
        for event, descriptor in _part(info, "effective_events").items():
            found.setdefault(base_event(event), {}).update(_event_settings(key, event, descriptor, apps))
    return {name: settings for name, settings in found.items() if settings}


def _app_settings(info: Mapping[str, Any]) -> Settings:
    config = _part(info, "app_config")
    plugins = [f"{_part({'p': one}, 'p').get('name')} {_part({'p': one}, 'p').get('version')}" for one in _list(config)]
    parts = {"engine": _part(config, "engine"), "plugins": sorted(plugins)}
    version = _part(config, "server").get("engine_version")
    return dict(_flat({**parts, "engine_version": version}))


def _event_settings(key: str, event: str, descriptor: object, apps: Mapping[str, Mapping[str, Any]]) -> Settings:
    parts = _part({"descriptor": descriptor}, "descriptor")
    read, write = _part(parts, "read_stream"), _part(parts, "write_stream")
    effective = _effective_settings(key, event, apps)
    return dict(
        _flat(
            {
                **{name: parts.get(name) for name in _EVENT},
                "read_stream": {name: read.get(name) for name in _READ},
                "write_stream": {name: write.get(name) for name in _WRITE},
                **{name: effective.get(name) for name in _SETTINGS},
            }
        )
    )


def _effective_settings(key: str, event: str, apps: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """An app lists them by the name of the event; those of a plugin's event may stand under the plugin."""
    name = base_event(event).removeprefix(f"{key}.")
    for app_key in (key, *apps):
        own = name if app_key == key else name.removeprefix(f"{app_key}.")
        settings = _part(_part(apps[app_key], "app_config"), "effective_settings")
        if own in settings and (app_key == key or own != name):
            return _part(settings, own)
    return {}


def _flat(parts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Names joined by dots → texts; what is null is not set."""
    for name, value in list(parts.items())[:_MOST]:
        if isinstance(value, dict):
            if prefix.count(".") < 3:
                yield from _flat(value, f"{prefix}{name}.")
        elif value not in (None, [], ""):
            yield f"{prefix}{name}"[:MAX_TEXT_CHARS], _text(value)


def _text(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text[:MAX_TEXT_CHARS].encode("utf-8", "replace").decode()


def _part(parts: object, name: str) -> Mapping[str, Any]:
    """What is not there, or something else, sets nothing: read_runtime_apps says so where people look."""
    value = parts.get(name) if isinstance(parts, dict) else None
    return value if isinstance(value, dict) else {}


def _list(config: Mapping[str, Any]) -> list[Any]:
    plugins = config.get("plugins")
    return plugins if isinstance(plugins, list) else []
