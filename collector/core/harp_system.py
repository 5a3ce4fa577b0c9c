"""What a running HARP proxy declares, as a runtime config, and how its remotes are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from collector.core.labels import clean_label
from collector.models.activity import EXTERNAL, ActivityKey, Server
from collector.models.app_key import make_app_key
from collector.models.harp_answer import DOWN, UP, HarpEndpoint, HarpProxy, HarpRemote
from collector.models.host import ALIVE, ERROR, UNKNOWN

#: An event that answers a request by whichever method.
HTTP = "HTTP"
_STATUSES = {UP: ALIVE, DOWN: ERROR}
_UNPROVEN = "HARP has not proven it: it is asked, and nothing tells whether it answers"


@dataclass(frozen=True, slots=True)
class HarpApp:
    """The app that a proxy is drawn as."""

    #: URL of its dashboard, without name and password.
    url: str
    #: HARP's version.
    version: str

    @property
    def address(self) -> str:
        """ "10.0.0.5:4080"."""
        return urlsplit(self.url).netloc or self.url

    @property
    def name(self) -> str:
        """Tells proxies apart: "harp 10.0.0.5:4080"."""
        return f"harp {self.address}"

    @property
    def key(self) -> str:
        """What is counted under."""
        return make_app_key(self.name, self.version)

    @property
    def server(self) -> Server:
        """The process as far as it is known."""
        return Server(clean_label(self.address.encode()), "")

    def endpoint(self, name: str) -> ActivityKey:
        """What stands for an endpoint."""
        return ActivityKey(self.key, "", clean_label(name.encode("utf-8", "backslashreplace")), "request")


def remote_name(url: str) -> str:
    """A remote as it is drawn: host and port, nothing of what else may stand in a URL."""
    try:
        parts = urlsplit(url)
        name = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
    except ValueError:
        name = ""
    return clean_label((name or "a remote").encode("utf-8", "backslashreplace"))


def remote_key(url: str) -> ActivityKey:
    """What stands for a remote that is called."""
    return ActivityKey("", "", "", EXTERNAL, stream=remote_name(url))


def harp_config(proxy: HarpProxy, app: HarpApp) -> dict[str, Any]:
    """Its endpoints as events that call their remotes: nothing that changes with every request."""
    entry = {
        "servers": [{"host_name": app.server.host_name, "pid": "", "url": app.url}],
        "app_config": {"app": {"name": app.name, "version": app.version}},
        "effective_events": {f"{app.key}.{app.endpoint(e.settings.name).event}": _event(e) for e in proxy.endpoints},
    }
    return {"apps": {app.key: entry}, "server_status": {}}


def remote_states(proxy: HarpProxy, app: HarpApp) -> dict[str, tuple[str, str]]:
    """Remote, as the page about hosts names it → its status and, in words, why."""
    return {
        f"{app.name}: {app.endpoint(endpoint.settings.name).event} → {remote_name(remote.settings.url)}": _state(remote)
        for endpoint in proxy.endpoints
        for remote in endpoint.remote.endpoints
    }


def pools(proxy: HarpProxy, app: HarpApp) -> dict[str, list[ActivityKey]]:
    """Event of an endpoint → the remotes it asks in turn, always in one order."""
    return {
        app.endpoint(endpoint.settings.name).event: [remote_key(url) for url in sorted(endpoint.remote.current_pool)]
        for endpoint in proxy.endpoints
    }


def _event(endpoint: HarpEndpoint) -> dict[str, Any]:
    names = dict.fromkeys(remote_name(remote.settings.url) for remote in endpoint.remote.endpoints)
    return {"type": HTTP, "externals": list(names)}


def _state(remote: HarpRemote) -> tuple[str, str]:
    status = _STATUSES.get(remote.status, UNKNOWN)
    reasons = ", ".join(sorted(clean_label(reason.encode()) for reason in remote.failure_reasons or ()))
    if status == ALIVE:
        return ALIVE, f"up, though it failed lately: {reasons}" if reasons else ""
    return status, reasons or ("taken out by hand" if status == ERROR else _UNPROVEN)
