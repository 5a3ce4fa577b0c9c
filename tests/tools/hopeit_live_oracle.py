"""
Runs in .venv-hopeit, with none of our code: live answers by the visualizer's own functions.

stdin: JSON list of {"runtime_apps", "options": VisualizationOptions, "entries": [{"age_s", "msg", "event", "server":
[host, pid], "extra"}]}; stdout: JSON list of `graph.data`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hopeit.apps_visualizer import AppsVisualizerSettings  # type: ignore[import-not-found]
from hopeit.apps_visualizer.apps.events_graph import config_graph, cytoscape_data  # type: ignore[import-not-found]
from hopeit.apps_visualizer.event_stats.collect import recent_entries  # type: ignore[import-not-found]
from hopeit.apps_visualizer.event_stats.live import live_stats  # type: ignore[import-not-found]
from hopeit.apps_visualizer.site.visualization import VisualizationOptions  # type: ignore[import-not-found]
from hopeit.config_manager import RuntimeApps  # type: ignore[import-not-found]
from hopeit.dataobjects.payload import Payload  # type: ignore[import-not-found]
from hopeit.log_streamer import LogEntry  # type: ignore[import-not-found]

CONTEXT = SimpleNamespace(settings=lambda **_: AppsVisualizerSettings(hosts=""))


class Answers(dict[str, Any]):
    """Stands in for hopeit's Collector: what each step asks for is already there."""

    def __getitem__(self, name: str) -> Any:
        async def value() -> Any:
            return self.get(name)

        return value()


async def answer(case: dict[str, Any]) -> Any:
    """`graph.data` of one case."""
    answers = Answers(
        runtime_apps=Payload.from_obj(case["runtime_apps"], RuntimeApps),
        payload=VisualizationOptions(**case["options"]),
    )
    answers["config_graph"] = await config_graph(answers, CONTEXT)
    answers["cytoscape_data"] = await cytoscape_data(answers, CONTEXT)
    recent_entries.clear()
    recent_entries.extend(entry(one) for one in case["entries"])
    return (await live_stats(answers, CONTEXT)).data


def entry(one: dict[str, Any]) -> LogEntry:
    """An entry of so long ago."""
    ts = (datetime.now(UTC) - timedelta(seconds=one["age_s"])).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    host, pid = one["server"]
    return LogEntry(ts, one["msg"], "app", "1.0", one["event"], "app.1x0", one["extra"], host, pid)


async def main() -> None:
    """Answer all."""
    print(json.dumps([await answer(case) for case in json.load(sys.stdin)]))


asyncio.run(main())
