"""
Runs in .venv-hopeit, with none of our code: draws configs by the visualizer's own functions.

stdin: JSON list of {"runtime_apps", "expanded_view", "app_prefix", "host_filter"}; stdout: JSON list of `graph.data`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from hopeit.apps_visualizer.apps.events_graph import config_graph, cytoscape_data  # type: ignore[import-not-found]
from hopeit.apps_visualizer.site.visualization import VisualizationOptions  # type: ignore[import-not-found]
from hopeit.config_manager import RuntimeApps  # type: ignore[import-not-found]
from hopeit.dataobjects.payload import Payload  # type: ignore[import-not-found]


class Answers:
    """Stands in for hopeit's Collector: what each step asks for is already there."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        async def value() -> Any:
            return self.values[name]

        return value()


async def draw(case: dict[str, Any]) -> Any:
    """`graph.data` of one case."""
    answers = Answers()
    answers.values["runtime_apps"] = Payload.from_obj(case.pop("runtime_apps"), RuntimeApps)
    answers.values["payload"] = VisualizationOptions(**case)
    answers.values["config_graph"] = await config_graph(answers, None)
    return (await cytoscape_data(answers, None)).data


async def main() -> None:
    """Draw all."""
    print(json.dumps([await draw(case) for case in json.load(sys.stdin)]))


asyncio.run(main())
