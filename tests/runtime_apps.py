"""Builders of RuntimeApps answers, as hopeit's config-manager gives them, with good defaults."""

from __future__ import annotations

from random import Random
from typing import Any

from visualizer.models.node_id import app_key


def server(pid: int = 1, *, url: str = "http://a:8020") -> dict[str, str]:
    """One running process."""
    return {"host_name": "vm", "pid": str(pid), "url": url}


def event(event_type: str = "SERVICE", **parts: Any) -> dict[str, Any]:
    """An EventDescriptor."""
    return {"type": event_type, "connections": [], "read_stream": None, "write_stream": None, **parts}


def read(name: str, *queues: str, group: str = "group") -> dict[str, Any]:
    """A read_stream."""
    return {"name": name, "consumer_group": group, "queues": list(queues or ("AUTO",))}


def write(name: str, *queues: str, strategy: str = "DROP") -> dict[str, Any]:
    """A write_stream."""
    return {"name": name, "queues": list(queues or ("AUTO",)), "queue_strategy": strategy}


def call(connection: str, target: str, event_type: str = "GET") -> dict[str, str]:
    """An entry of an event's connections."""
    return {"app_connection": connection, "event": target, "type": event_type}


def connection(name: str, version: str = "1.0", **parts: Any) -> dict[str, Any]:
    """An entry of an app's connections."""
    return {"name": name, "version": version, **parts}


def app(name: str, events: dict[str, Any], *, version: str = "1.0", **parts: Any) -> dict[str, Any]:
    """An app; events are named without its key."""
    key = app_key(name, version)
    servers, connections, plugins = (parts.get(part) for part in ("servers", "connections", "plugins"))
    settings = parts.get("settings") or {}
    return {
        key: {
            "servers": servers or [server()],
            "app_config": {
                "app": {"name": name, "version": version},
                "app_connections": connections or {},
                "plugins": plugins or [],
                "settings": settings,
                "effective_settings": {name: settings.get(name, {}) for name in events},
            },
            "effective_events": {f"{key}.{event_name}": descriptor for event_name, descriptor in events.items()},
        }
    }


def answer(*apps: dict[str, Any]) -> dict[str, Any]:
    """RuntimeApps."""
    return {"apps": {key: info for one in apps for key, info in one.items()}, "server_status": {}}


def random_answer(random: Random) -> dict[str, Any]:
    """
    A valid answer with everything that makes drawing hard: streams shared by apps and read and written by one event,
    queues named twice, propagated queues, plugins, calls to apps, versions and events that are not there.
    """
    names = ["simple-example", "Billing", "ordersApp", "a.b", "x y"][: random.randint(1, 5)]
    apps = [(name, random.choice(["0.30", "1.2.3", "2"])) for name in names]
    return answer(*(_random_app(random, name, version, apps) for name, version in apps))


def _random_app(random: Random, name: str, version: str, apps: list[tuple[str, str]]) -> dict[str, Any]:
    connections = {}
    for number in range(random.randint(0, 3)):
        target, target_version = random.choice([*apps, ("gone", "9.9")])
        plugin = random.choice([{}, {}, {"plugin_name": "basic-auth"}, {"plugin_name": "auth", "plugin_version": "2"}])
        connections[f"conn{number}"] = connection(target, target_version, client="c", **plugin)
    events = {_random_event_name(random): _random_event(random, list(connections)) for _ in range(random.randint(0, 7))}
    servers = [server(1, url=random.choice(["http://a:1", "http://b:2"]))]
    return app(name, events, version=version, connections=connections, servers=servers)


def _random_event_name(random: Random) -> str:
    base = random.choice(["login", "save", "list_all", "streams.process", "save.GET", "event-stats.live"])
    return (
        random.choice(["", "", "basic_auth.0x30.", "auth.2."]) + base + random.choice(["", "", "$step", "$__service__"])
    )


def _random_event(random: Random, connections: list[str]) -> dict[str, Any]:
    streams = ["orders", "orders.placed", "billing.1x2x3.save", "logs.of-all", "a.b.c.d"]
    queues = ["AUTO", "express", "high-prio", "placed", "q.r"]

    def some_queues() -> list[str]:
        return [random.choice(queues) for _ in range(random.randint(0, 3))]

    parts: dict[str, Any] = {}
    if random.random() < 0.5:
        parts["read_stream"] = {"name": random.choice(streams), "consumer_group": "g", "queues": some_queues()}
    if random.random() < 0.5:
        strategy = random.choice(["DROP", "PROPAGATE"])
        parts["write_stream"] = {"name": random.choice(streams), "queues": some_queues(), "queue_strategy": strategy}
    if connections:
        targets = ["login", "save", "list_all", "nowhere"]
        calls = random.randint(0, 3)
        parts["connections"] = [
            call(random.choice(connections), random.choice(targets), random.choice(["GET", "POST"]))
            for _ in range(calls)
        ]
    return event(random.choice(["GET", "POST", "MULTIPART", "STREAM", "SERVICE", "SETUP"]), **parts)
