"""
RuntimeApps, of hopeit's config-manager or made of a document, → RuntimeConfig: read, joined, filtered.

The answers come from the network: one broken part is left out and said in words, it never hides the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from visualizer.core.app_settings import read_accepted, read_timeouts
from visualizer.core.event_config import read_event
from visualizer.core.joined_app import join_documents
from visualizer.core.untrusted import Warn, as_dict, as_list, as_text, quoted
from visualizer.models.node_id import app_key
from visualizer.models.runtime_config import AppConfig, AppConnection, EventConfig, RuntimeConfig
from visualizer.models.topology import Server

#: Hundreds of warnings help nobody and would travel with every picture.
MAX_WARNINGS = 50


def read_runtime_apps(answer: object, *, source: str) -> RuntimeConfig:
    """
    Read one answer: {"apps": {…}}, of one host or of a cluster.

    Args:
        answer: JSON as decoded; anything may be missing or of another type.
        source: where it came from, for the warnings.
    """
    warnings: list[str] = []
    apps: list[AppConfig] = []

    def warn(text: str) -> None:
        warnings.append(f"{source}: {text}")

    whole = as_dict(answer, "the answer", warn)
    # Of a document: it was read before, and this is what was wrong with it.
    for problem in as_list(whole.get("problems", []), "problems", warn):
        warn(str(problem))
    for key, info in as_dict(whole.get("apps", {}), "apps", warn).items():
        name = as_text(key, "an app's key", warn)
        if name:
            apps.append(_read_app(name, info, _within(f"app {quoted(name)}", warn)))
    return RuntimeConfig(apps=tuple(apps), warnings=_capped(warnings))


def merge_configs(configs: Iterable[RuntimeConfig]) -> RuntimeConfig:
    """
    Join hosts in order: the first one's config of an app is kept, the servers of the others are added to it. Documents
    tell a part of an app each: they add to what is known of it.
    """
    apps: dict[str, AppConfig] = {}
    warnings: list[str] = []
    for config in configs:
        warnings.extend(config.warnings)
        for app in config.apps:
            known = apps.get(app.key)
            if known is None:
                apps[app.key] = app
                continue
            if known.kind or app.kind:
                apps[app.key] = join_documents(known, app)
                continue
            if known.events != app.events:
                where = ", ".join(server.url for server in app.servers) or "another host"
                warnings.append(f"app {quoted(app.key)} is declared differently by {where}: the first host's is drawn")
            servers = dict.fromkeys((*known.servers, *app.servers))
            apps[app.key] = replace(known, servers=tuple(servers))
    return RuntimeConfig(apps=tuple(apps.values()), warnings=_capped(warnings))


def filter_apps(config: RuntimeConfig, *, app_prefix: str = "", host_filter: str = "") -> RuntimeConfig:
    """The apps whose name begins with the prefix and of which a server's url contains the filter."""
    return replace(
        config,
        apps=tuple(
            app
            for app in config.apps
            if app.name.startswith(app_prefix)
            and (not host_filter or any(host_filter in server.url for server in app.servers))
        ),
    )


def effective_events(config: RuntimeConfig) -> dict[str, tuple[AppConfig, EventConfig]]:
    """Event key → its app and config. As in hopeit, of two apps that list one event the later one counts."""
    return {event.key: (app, event) for app in config.apps for event in app.events}


def _read_app(key: str, info: object, warn: Warn) -> AppConfig:
    parts = as_dict(info, "its entry", warn)
    config = as_dict(parts.get("app_config", {}), "app_config", warn)
    name, version = _read_name(key, config.get("app"), warn)
    events = as_dict(parts.get("effective_events", {}), "effective_events", warn)
    return AppConfig(
        key=key,
        name=name,
        version=version,
        servers=tuple(_read_servers(parts.get("servers", []), warn)),
        plugins=tuple(_read_plugins(config.get("plugins", []), warn)),
        connections=dict(_read_connections(config.get("app_connections", {}), warn)),
        events=tuple(
            event
            for event_key, descriptor in events.items()
            if (event := read_event(event_key, descriptor, _within(f"event {quoted(event_key)}", warn)))
        ),
        timeouts=read_timeouts(config),
        accepted=read_accepted(config),
        kind=kind if isinstance(kind := parts.get("kind"), str) else "",
    )


def _read_name(key: str, app: object, warn: Warn) -> tuple[str, str]:
    """Name and version as configured, else as far as the key tells them."""
    key_name, _, key_version = key.partition(".")
    parts = as_dict(app, "app_config.app", warn)
    name = as_text(parts.get("name"), "its name", warn) or key_name
    version = as_text(parts.get("version"), "its version", warn) or key_version
    return name, version


def _read_servers(value: object, warn: Warn) -> Iterable[Server]:
    for item in as_list(value, "servers", warn):
        parts = as_dict(item, "a server", warn)
        if parts:
            texts = {name: as_text(str(parts.get(name, "")), name, warn) or "" for name in ("host_name", "pid", "url")}
            yield Server(**texts)


def _read_plugins(value: object, warn: Warn) -> Iterable[str]:
    for item in as_list(value, "plugins", warn):
        parts = as_dict(item, "a plugin", warn)
        name, version = as_text(parts.get("name"), "a plugin's name", warn), parts.get("version")
        if name and isinstance(version, str):
            yield app_key(name, version)


def _read_connections(value: object, warn: Warn) -> Iterable[tuple[str, AppConnection]]:
    for key, item in as_dict(value, "app_connections", warn).items():
        where = _within(f"connection {quoted(key)}", warn)
        parts = as_dict(item, "its entry", where)
        name, version = as_text(parts.get("name"), "name", where), as_text(parts.get("version"), "version", where)
        if name and version:
            yield (
                key,
                AppConnection(
                    name,
                    version,
                    _optional_text(parts, "plugin_name", where),
                    _optional_text(parts, "plugin_version", where),
                ),
            )
        else:
            where("has no app and version to call: left out")


def _optional_text(parts: Mapping[str, Any], name: str, warn: Warn) -> str:
    value = parts.get(name)
    return "" if value is None else as_text(value, name, warn) or ""


def _within(where: str, warn: Warn) -> Callable[[str], None]:
    return lambda text: warn(f"{where}: {text}")


def _capped(warnings: list[str]) -> tuple[str, ...]:
    if len(warnings) <= MAX_WARNINGS:
        return tuple(warnings)
    return (*warnings[:MAX_WARNINGS], f"… and {len(warnings) - MAX_WARNINGS} more problems of this kind")
