"""What a demo app answers at hopeit's config endpoint: RuntimeApps, for both values of expand_events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from visualizer.interfaces.demo.demo_app import ENGINE_VERSION, PLUGIN_NAME, PLUGIN_VERSION, DemoApp, DemoEvent, Stream
from visualizer.models.node_id import STAGE_MARK, app_key, base_event, event_id

PATH = "/api/config-manager/0x30/runtime-apps-config"
_PLUGIN_KEY = app_key(PLUGIN_NAME, PLUGIN_VERSION)
_TRACK_HEADERS = ["track.request_id", "track.request_ts"]
_STREAM_FIELDS = ["stream.name", "stream.msg_id", "stream.consumer_group"]
_TIMED_FIELDS = [*_STREAM_FIELDS, "stream.event_id", "stream.event_ts", "stream.submit_ts", "stream.read_ts"]


def runtime_apps(app: DemoApp, *, url: str, expand_events: bool, host_name: str, pid: str) -> dict[str, Any]:
    """
    The answer of the process that runs the app.

    Args:
        url: how the asking side calls us.
    """
    servers = [{"host_name": host_name, "pid": pid, "url": url}]
    events = list(app.events) if expand_events else _folded(app)
    plugged = [event for event in app.events if event.plugin]
    apps = {app.key: _app(app, _folded(app), effective=events)}
    if plugged:
        plugin = DemoApp(name=PLUGIN_NAME, version=PLUGIN_VERSION, events=())
        # A plugin's events stand under the app they are plugged into.
        apps = {_PLUGIN_KEY: _app(plugin, plugged, effective=[]), **apps}
    return {"apps": {key: {"servers": servers, **part} for key, part in apps.items()}, "server_status": {}}


def _folded(app: DemoApp) -> list[DemoEvent]:
    """Events as they are configured: a SHUFFLE with all its stages is one, which writes what the last stage writes."""
    last_writes = {base_event(event.name): event.writes for event in app.events}
    return [replace(event, writes=last_writes[event.name]) for event in app.events if STAGE_MARK not in event.name]


def _app(app: DemoApp, configured: list[DemoEvent], *, effective: list[DemoEvent]) -> dict[str, Any]:
    own = [event for event in configured if not event.plugin or app.key == _PLUGIN_KEY]
    return {
        "app_config": {
            "app": {"name": app.name, "version": app.version},
            "engine": {
                "import_modules": [app.name],
                "read_stream_timeout": 1000,
                "read_stream_interval": 1000,
                "default_stream_compression": "none",
                "default_stream_serialization": "json+base64",
                "track_headers": _TRACK_HEADERS,
                "cors_origin": None,
                "cors_routes_prefix": None,
            },
            "app_connections": {name: _connection(name, version) for name, version in app.connections.items()},
            "env": {},
            "events": {event.name: _descriptor(app, event) for event in own},
            "server": _SERVER,
            "plugins": [{"name": PLUGIN_NAME, "version": PLUGIN_VERSION}] if len(own) < len(configured) else [],
            "settings": {},
            "effective_settings": {event.name: _settings(event) for event in own},
        },
        "effective_events": {
            event_id(app=app.key, plugin=_PLUGIN_KEY if event.plugin else "", event=event.name): _descriptor(app, event)
            for event in effective
        },
    }


def _descriptor(app: DemoApp, event: DemoEvent) -> dict[str, Any]:
    return {
        "type": event.type,
        "plug_mode": "OnApp" if event.plugin else "Standalone",
        "route": None,
        "impl": None,
        "connections": [{"app_connection": name, "event": called, "type": "GET"} for name, called in event.calls],
        "read_stream": _read_stream(app, event),
        "write_stream": _write_stream(event.writes),
        "auth": list(event.auth),
        "setting_keys": [],
        "dataobjects": [],
        "group": "DEFAULT",
    }


def _read_stream(app: DemoApp, event: DemoEvent) -> dict[str, Any] | None:
    if event.reads is None:
        return None
    return {"name": event.reads.name, "consumer_group": app.group(event), "queues": list(event.reads.queues)}


def _write_stream(stream: Stream | None) -> dict[str, Any] | None:
    if stream is None:
        return None
    return {"name": stream.name, "queues": list(stream.queues), "queue_strategy": stream.strategy}


def _connection(name: str, version: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": version,
        "client": "hopeit.apps_client.AppsClient",
        "settings": None,
        "plugin_name": None,
        "plugin_version": None,
    }


def _settings(event: DemoEvent) -> dict[str, Any]:
    return {
        "response_timeout": 60.0,
        "logging": {"extra_fields": [], "stream_fields": _TIMED_FIELDS if event.timed else _STREAM_FIELDS},
        "stream": {
            "timeout": 60.0,
            "target_max_len": 1000,
            "throttle_ms": 0,
            "step_delay": 0,
            "batch_size": 4,
            "compression": "none",
            "serialization": "json+base64",
        },
        "extras": {},
    }


_SERVER = {
    "streams": {
        "stream_manager": "hopeit.redis_streams.RedisStreamManager",
        # The real one holds a password and is nobody's business.
        "connection_str": "<<environment>>",
        "delay_auto_start_seconds": 0,
        "initial_backoff_seconds": 1.0,
        "max_backoff_seconds": 60.0,
        "num_failures_open_circuit_breaker": 1,
    },
    "logging": {"log_level": "INFO", "log_path": "logs/", "console_only": False},
    "auth": {
        "secrets_location": "",
        "auth_passphrase": "",
        "enabled": False,
        "create_keys": False,
        "domain": None,
        "encryption_algorithm": "RS256",
        "default_auth_methods": ["Unsecured"],
    },
    "api": {"docs_path": None},
    "engine_version": ENGINE_VERSION,
}
