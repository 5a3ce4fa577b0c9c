"""
What hopeit's visualizer answered in the recorded session, and the entries its log files held by then: read in the
plainest way, which is not ours.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from collector.models.activity import ActivityKey, Server
from tests.world import FIXTURES

RECORDED = sorted((FIXTURES / "hopeit" / "visualizer").glob("*.json"))
LIVE = [path for path in RECORDED if "event_stats_live" in path.name]
_STATUSES = {"START", "DONE", "FAILED", "IGNORED"}
_QUEUE_KINDS = {"stream.name": "stream", "service.event_name": "service"}


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One answer."""

    #: EventsGraphResult.
    answer: dict[str, Any]
    #: Unix time just before it was asked for.
    at_s: float

    @property
    def options(self) -> dict[str, Any]:
        """What was asked for."""
        options: dict[str, Any] = self.answer["options"]
        return options

    @property
    def classes(self) -> dict[str, str]:
        """Id → classes."""
        return {key: element.get("classes", "") for key, element in self.answer["graph"]["data"].items()}

    def servers(self, host_filter: str) -> set[Server]:
        """The processes whose URL contains the filter."""
        apps = self.answer["runtime_apps"]["apps"].values()
        found = (server for app in apps for server in app["servers"] if host_filter in server["url"])
        return {Server(server["host_name"], server["pid"]) for server in found}


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """A line START, DONE, FAILED or IGNORED."""

    at_s: float
    status: str
    key: ActivityKey
    server: Server


def read_recorded(path: Path) -> RecordedAnswer:
    """The answer in a file."""
    at = datetime.fromisoformat(path.with_suffix(".at").read_text("utf-8").strip())
    return RecordedAnswer(json.loads(path.read_text("utf-8")), at.replace(tzinfo=UTC).timestamp())


@cache
def recorded_entries() -> list[RecordedEntry]:
    """All of the session, in the order of their time."""
    files = sorted((FIXTURES / "hopeit" / "logs").glob("*.log"))
    return sorted((entry for path in files for entry in _entries(path)), key=lambda entry: entry.at_s)


def _entries(path: Path) -> Iterator[RecordedEntry]:
    for line in path.read_text("utf-8").split("\n"):
        time, *parts = line.split(" | ")
        if len(parts) < 3 or parts[2] not in _STATUSES:
            continue
        _, _, event, host, pid = parts[1].split(" ")
        pairs = (extra.partition("=") for extra in parts[3:])
        extras = defaultdict(str, {name: value for name, _, value in pairs})
        kind = next((kind for extra, kind in _QUEUE_KINDS.items() if extra in extras), "request")
        queue = extras["stream.queue"]
        key = ActivityKey(
            extras["event.app"],
            extras["event.plugin"],
            extras["stream.event_name"] or extras["service.event_name"] or event,
            kind,
            extras["stream.name"].removesuffix(f".{queue}"),
            queue,
        )
        at = datetime.strptime(time, "%Y-%m-%d %H:%M:%S,%f").replace(tzinfo=UTC)
        yield RecordedEntry(at.timestamp(), parts[2], key, Server(host, pid))
