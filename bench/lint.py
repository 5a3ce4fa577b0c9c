"""How long the linter takes for a fleet whose apps hand messages on to each other and call each other."""

from __future__ import annotations

from time import process_time
from typing import Any

from tests.runtime_apps import answer, app, call, connection, event, read, write
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import read_runtime_apps

_RUNS = 5
_EVENTS_PER_APP = 50


def main() -> None:
    """Print the best of some runs; CPU time, as others on the machine only ever add to it."""
    for events in (100, 1_000, 10_000):
        config = read_runtime_apps(answer(*_fleet(events // _EVENTS_PER_APP)), source="bench")
        took_s = []
        for _ in range(_RUNS):
            begin = process_time()
            report = lint_config(config)
            took_s.append(process_time() - begin)
        print(f"{report.events:6} events {len(report.findings):4} findings  {min(took_s) * 1000:7.1f} ms")


def _fleet(apps: int) -> list[dict[str, Any]]:
    return [
        app(f"app-{number}", _events(number, apps), connections={"c": connection(f"app-{(number + 1) % apps}")})
        for number in range(apps)
    ]


def _events(number: int, apps: int) -> dict[str, dict[str, Any]]:
    """Chains: a request writes two queues, a step propagates them, a step writes to the next app, which reads."""
    events: dict[str, dict[str, Any]] = {}
    for chain in range(_EVENTS_PER_APP // 4):
        first, second, group = f"a{number}.{chain}", f"b{number}.{chain}", f"g{number}.{chain}"
        ask = [call("c", f"ask_{chain}")]
        events[f"ask_{chain}"] = event("GET", connections=ask, write_stream=write(first, "AUTO", "fast"))
        events[f"sort_{chain}"] = event(
            "STREAM",
            read_stream=read(first, "fast", "AUTO", group=group),
            write_stream=write(second, strategy="PROPAGATE"),
        )
        events[f"hand_{chain}"] = event(
            "STREAM",
            read_stream=read(second, "AUTO", "fast", group=group),
            write_stream=write(f"c{(number + 1) % apps}"),
        )
        events[f"take_{chain}"] = event("STREAM", read_stream=read(f"c{number}", group=f"take{chain}"))
    return events
