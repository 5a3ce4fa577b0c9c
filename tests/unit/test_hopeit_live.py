from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from collector.models.activity import ActivityKey, Server
from tests.recorded_visualizer import LIVE, RecordedAnswer, read_recorded, recorded_entries
from tests.runtime_apps import answer, app, event, read, write
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.hopeit_live import with_live_classes
from visualizer.core.runtime_config import filter_apps, read_runtime_apps
from visualizer.models.live_entries import LiveEntries
from visualizer.models.node_id import EXPANDED, STANDARD

#: How old what the visualizer knew was, at most.
DELAY_S = 5.0
SIMPLE = "simple_example.0x30"
MULTIPART = f"{SIMPLE}.upload_something.MULTIPART"
#: Its log-streamer was started after these ran, and reads only files that change while it runs.
BEFORE_IT = dict.fromkeys((f"{SIMPLE}.setup_something", "redis_streams.0x30.setup_redis_pool"), "EVENT STARTED")
#: It lights all queues of a stream by the messages of any.
FROM_QUEUE = f"edge_{SIMPLE}.storage.save_events_fs.{SIMPLE}.streams.something_event"
AUTO_READ = {f"{FROM_QUEUE}.AUTO": "RECENT STARTED"}
AUTO = AUTO_READ | {f">{SIMPLE}.streams.something_event.AUTO": "RECENT STARTED STREAM"}
#: It leaves out stages where only their events are drawn.
STAGED = [
    f"{SIMPLE}.{name}" for name in ("collector.collect_spawn", "shuffle.parallelize_event", "shuffle.spawn_event")
]
STAGES = {
    key: value
    for each in STAGED
    for key, value in {
        each: "EVENT RECENT STARTED",
        f"{each}.POST": "RECENT REQUEST STARTED",
        f"edge_{each}.POST": "RECENT STARTED",
        f"edge_{each}.{SIMPLE}.streams.something_event.AUTO": "RECENT STARTED",
    }.items()
}
#: Recording → what is otherwise with us, and right.
RIGHT: dict[str, dict[str, str]] = {
    "02": {**BEFORE_IT, **AUTO_READ, MULTIPART: "RECENT REQUEST STARTED"},
    "04": {**BEFORE_IT, **AUTO, MULTIPART: "RECENT REQUEST STARTED"},
    "05": {},
    "06": {**BEFORE_IT, **AUTO, MULTIPART: "REQUEST STARTED"},
    "07": {**STAGES, MULTIPART: "REQUEST STARTED"},
    "08": {MULTIPART: "REQUEST STARTED"},
    "09": {f"{FROM_QUEUE}.high-prio": "RECENT STARTED", MULTIPART: "REQUEST STARTED"},
}


@pytest.mark.parametrize("path", LIVE, ids=lambda path: path.stem)
def test_a_recorded_answer_is_given_again_where_it_is_right(path: Path) -> None:
    recorded = read_recorded(path)
    since_s = recorded.at_s - DELAY_S
    moments = {entry.at_s for entry in recorded_entries() if since_s <= entry.at_s <= recorded.at_s}
    right = RIGHT[path.name[:2]]
    assert any(_different(recorded, until_s=moment) == right for moment in sorted({*moments, recorded.at_s}))


def test_an_entry_of_multipart_is_lit_by_its_event() -> None:
    lit = live(app("a", {"up": event("MULTIPART")}), LiveEntries(key=key("up", "request"), failed=1))
    assert lit == {
        "a.1x0.up.MULTIPART": "FAILED REQUEST",
        "edge_a.1x0.up.MULTIPART": "FAILED",
        "a.1x0.up": "EVENT FAILED",
    }


def test_who_reads_and_writes_one_stream_lights_both_lines_and_the_stream() -> None:
    loop = app("a", {"loop": event("STREAM", read_stream=read("s"), write_stream=write("s"))})
    lit = live(loop, LiveEntries(key=key("loop", "stream", "s", "AUTO"), started=1, pending=1))
    assert lit == {
        ">s": "PENDING STARTED STREAM",
        "a.1x0.loop": "EVENT PENDING STARTED",
        "edge_a.1x0.loop.s.AUTO": "PENDING STARTED",
        "edge_a.1x0.loop.>s.AUTO": "PENDING STARTED",
    }


@pytest.mark.parametrize("view", [STANDARD, EXPANDED])
def test_a_queue_is_lit_by_its_own_messages_whatever_other_streams_are_called(view: str) -> None:
    readers = {
        "one": event("STREAM", read_stream=read("s", "AUTO", "q.r", group="one")),
        "two": event("STREAM", read_stream=read("s.q.r", group="two")),
    }
    lit = live(app("a", readers), LiveEntries(key=key("gone", "stream", "s", "q.r"), failed=1), view=view)
    edge, node = ("q.r", ">s") if view == STANDARD else ("q.r.q.r", ">s.q.r")
    assert lit == {node: "FAILED STREAM", f"edge_a.1x0.one.s.{edge}": "FAILED"}


def test_all_that_happened_is_told_not_the_last_of_it() -> None:
    ran = LiveEntries(key=key("go", "request"), started=9, failed=1, ignored=1, recent=9, pending=1)
    assert live(app("a", {"go": event("GET")}), ran)["a.1x0.go"] == "EVENT FAILED IGNORED PENDING RECENT STARTED"


def key(name: str, kind: str, stream: str = "", queue: str = "") -> ActivityKey:
    return ActivityKey("a.1x0", "", name, kind, stream, queue)


def live(declared: dict[str, Any], *entries: LiveEntries, view: str = STANDARD) -> dict[str, str]:
    """Id → classes, of what is lit."""
    config = read_runtime_apps(answer(declared), source="x")
    lit = with_live_classes(hopeit_graph(config, view=view, mended=True)[0], entries, view=view)
    kinds = {"EVENT", "REQUEST", "STREAM", ""}
    return {name: classes for name, each in lit.items() if (classes := each.get("classes", "")) not in kinds}


def _different(recorded: RecordedAnswer, *, until_s: float) -> dict[str, str]:
    """Id → our classes, where they are not the recorded ones."""
    options = recorded.options
    filters = {"app_prefix": options["app_prefix"], "host_filter": options["host_filter"]}
    config = filter_apps(read_runtime_apps(recorded.answer["runtime_apps"], source="x"), **filters)
    view = EXPANDED if options["expanded_view"] else STANDARD
    graph, _ = hopeit_graph(config, view=view, mended=True)
    seen = _entries(recorded.servers(options["host_filter"]), recorded.at_s, until_s=until_s)
    lit = with_live_classes(graph, seen, view=view)
    assert list(lit) == list(recorded.classes)
    ours = {key: each.get("classes", "") for key, each in lit.items()}
    return {key: classes for key, classes in ours.items() if classes != recorded.classes[key]}


def _entries(servers: Collection[Server], at_s: float, *, until_s: float) -> list[LiveEntries]:
    counts: defaultdict[ActivityKey, Counter[str]] = defaultdict(Counter)
    for entry in recorded_entries():
        if entry.at_s < until_s and entry.server in servers:
            ran = counts[entry.key]
            ran["pending"] += 1 if entry.status == "START" else -1
            ran[entry.status] += entry.at_s >= int(at_s - 60)
            ran["recent"] += entry.at_s >= int(at_s - 10)
    return [
        LiveEntries(
            key=activity,
            started=ran["START"],
            failed=ran["FAILED"],
            ignored=ran["IGNORED"],
            recent=ran["recent"],
            pending=ran["pending"],
        )
        for activity, ran in counts.items()
    ]
