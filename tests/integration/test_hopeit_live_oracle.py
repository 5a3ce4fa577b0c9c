"""
Our live classes against the functions of the real visualizer, in its own interpreter, of runs in which it has no fault.
Those it has are in tests/unit/test_hopeit_live.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from typing import Any

import pytest

from collector.models.activity import ActivityKey
from tests.recorded_visualizer import RECORDED, read_recorded
from tests.tools import hopeit_env
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.hopeit_live import with_live_classes
from visualizer.core.runtime_config import effective_events, filter_apps, read_runtime_apps
from visualizer.models.live_entries import LiveEntries
from visualizer.models.node_id import AUTO, EXPANDED, STAGE_MARK, STANDARD
from visualizer.models.runtime_config import RuntimeConfig

pytestmark = pytest.mark.network
CASES = 60
#: Well within the last 10 s, and well before.
RECENT_S, BEFORE_S = (1, 8), (12, 56)
COLUMNS = {"START": "started", "FAILED": "failed", "IGNORED": "ignored"}


def test_live_classes_are_those_of_hopeit_where_it_is_right() -> None:
    cases = [_case(Random(seed)) for seed in range(CASES)]
    theirs = hopeit_env.ask("hopeit_live_oracle.py", cases)
    assert len(theirs) == CASES
    assert len({element.get("classes") for graph in theirs for element in graph.values()}) > 20
    for seed, (case, expected) in enumerate(zip(cases, theirs, strict=True)):
        assert _classes(_ours(case)) == _classes(expected), f"Random({seed})"


def _case(random: Random) -> dict[str, Any]:
    recorded = read_recorded(random.choice([path for path in RECORDED if "events_graph" in path.name])).answer
    config = read_runtime_apps(recorded["runtime_apps"], source="case")
    entries = [entry for _ in range(random.randint(0, 40)) for entry in _run(random, config)]
    options = {
        "app_prefix": random.choice(["", "", "simple"]),
        "host_filter": random.choice(["", "18020"]),
        "expanded_view": recorded["options"]["expanded_view"],
        "live": True,
    }
    return {"runtime_apps": recorded["runtime_apps"], "options": options, "entries": entries}


def _run(random: Random, config: RuntimeConfig) -> list[dict[str, Any]]:
    """The entries of a run, from its start to its end if it has one, all within the last minute."""
    app, event = random.choice(
        [
            (app, event)
            for app, event in effective_events(config).values()
            if event.type != "MULTIPART"
            and STAGE_MARK not in event.key
            and (event.read_stream is None or AUTO in event.read_stream.queues)
        ]
    )
    server, name = random.choice(app.servers), event.key.removeprefix(f"{app.key}.")
    plugin = next((plugin for plugin in app.plugins if name.startswith(f"{plugin}.")), "")
    extra = {"event.app": app.key, **({"event.plugin": plugin} if plugin else {})}
    if event.read_stream:
        extra |= {"stream.name": event.read_stream.name, "stream.queue": AUTO, "stream.event_name": name}
    common = {"event": name.removeprefix(f"{plugin}."), "server": [server.host_name, server.pid], "extra": extra}
    statuses = ["START", *random.choice([["DONE"], ["DONE"], ["FAILED"], ["IGNORED"], []])]
    return [
        {**common, "age_s": random.randint(*random.choice([RECENT_S, BEFORE_S])), "msg": status} for status in statuses
    ]


def _ours(case: dict[str, Any]) -> dict[str, Any]:
    options, config = case["options"], read_runtime_apps(case["runtime_apps"], source="case")
    filters = {"app_prefix": options["app_prefix"], "host_filter": options["host_filter"]}
    servers = [
        [server.host_name, server.pid]
        for app in config.apps
        for server in app.servers
        if options["host_filter"] in server.url
    ]
    counts: defaultdict[ActivityKey, Counter[str]] = defaultdict(Counter)
    for entry in case["entries"]:
        if entry["server"] in servers:
            ran, status = counts[_key(entry)], entry["msg"]
            ran[COLUMNS.get(status, "done")] += 1
            ran["pending"] += 1 if status == "START" else -1
            ran["recent"] += entry["age_s"] <= RECENT_S[1]
    entries = [
        LiveEntries(key=key, **{name: ran[name] for name in (*COLUMNS.values(), "pending", "recent")})
        for key, ran in counts.items()
    ]
    view = EXPANDED if options["expanded_view"] else STANDARD
    graph, _ = hopeit_graph(filter_apps(config, **filters), view=view, mended=True)
    return with_live_classes(graph, entries, view=view)


def _key(entry: dict[str, Any]) -> ActivityKey:
    extra = entry["extra"]
    stream, queue = (extra.get(name, "") for name in ("stream.name", "stream.queue"))
    return ActivityKey(extra["event.app"], extra.get("event.plugin", ""), entry["event"], "run", stream, queue)


def _classes(graph: dict[str, Any]) -> dict[str, str]:
    return {key: element.get("classes", "") for key, element in graph.items()}
