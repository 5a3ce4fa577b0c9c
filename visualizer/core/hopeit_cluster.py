"""Host answers → what hopeit's config-manager answers of a cluster: RuntimeApps, joined, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from collector.models.host import ALIVE, HostAnswer


def cluster_apps(answers: Iterable[HostAnswer], *, expanded: bool) -> dict[str, Any]:
    """
    {"apps": …, "server_status": …}: of each app the first host's config and the servers of all hosts that answer. Of a
    host that does not there is its status alone. Secrets stay as they are stored: masked.

    Args:
        answers: in the order of configuration.
        expanded: expand_events=true.
    """
    answers, apps = list(answers), dict[str, dict[str, Any]]()
    for answer in answers:
        declared = answer.expanded if expanded else answer.standard
        found = declared.get("apps") if declared and answer.status == ALIVE else None
        for key, info in found.items() if isinstance(found, dict) else ():
            servers = info.get("servers") if isinstance(info, dict) else None
            if not isinstance(servers, list):
                continue
            if key in apps:
                apps[key]["servers"] += servers
            else:
                apps[key] = {**info, "servers": list(servers)}
    return {"apps": apps, "server_status": {answer.url: answer.status for answer in answers}}
