"""Reads from the hosts' answers which processes they list; the rest of the answers is large and not decoded."""

from __future__ import annotations

from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.activity import Server
from visualizer.models.listed_servers import ListedServers


class _Process(msgspec.Struct):
    #: Its host, as its log lines name it.
    host_name: str
    #: Its process id, as its log lines name it.
    pid: str


class _App(msgspec.Struct):
    #: The processes that run the app.
    servers: list[_Process] = []


class _RuntimeApps(msgspec.Struct):
    #: By app key.
    apps: dict[str, _App] = {}


class _Answer(msgspec.Struct):
    #: See HostAnswer.
    status: str
    since_s: float
    polled_s: float
    standard: _RuntimeApps | None = None


_decode = msgspec.json.Decoder(_Answer, strict=False).decode


def read_listed_servers(client: redis.Redis) -> list[ListedServers]:
    """What each host listed last; an answer that cannot be read counts as none."""
    any_client: Any = client
    hosts = []
    for text in any_client.hvals(redis_keys.HOSTS):
        try:
            answer = _decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        apps = answer.standard.apps if answer.standard else {}
        listed = {key: frozenset(Server(s.host_name, s.pid) for s in app.servers) for key, app in apps.items()}
        hosts.append(ListedServers(status=answer.status, since_s=answer.since_s, polled_s=answer.polled_s, apps=listed))
    return hosts
