"""What a declared connection calls."""

from __future__ import annotations

from visualizer.models.node_id import app_key, event_id
from visualizer.models.runtime_config import AppConnection, Connection


def target_event_id(connection: Connection, to: AppConnection) -> str:
    """The id of the event that is called: "simple_example.0x30.basic_auth.0x30.login"."""
    plugin = app_key(to.plugin_name, to.plugin_version or to.version) if to.plugin_name else ""
    return event_id(app=app_key(to.name, to.version), plugin=plugin, event=connection.event)


def calling_app_key(event_key: str) -> str:
    """The app in whose connections a call is looked up: the first two parts of the event's key."""
    return ".".join(event_key.split(".", maxsplit=2)[:2])
