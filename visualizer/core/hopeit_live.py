"""
The classes that hopeit's visualizer adds to what runs: STARTED, PENDING, RECENT, FAILED, IGNORED.

Its rules are described in tests/fixtures/hopeit/README.md ("Live classes"); where it is wrong we are not, and
docs/from-hopeit.md lists each difference: a queue is lit by its own messages, a MULTIPART entry is lit at all, stages
count where they are drawn, and pending is what has not ended, however long ago it began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from visualizer.models.live_entries import LiveEntries
from visualizer.models.node_id import (
    EXPANDED,
    STREAM_MARK,
    activity_event_id,
    activity_stream_id,
    stream_id,
)

Element = dict[str, Any]


def with_live_classes(graph: dict[str, Element], entries: Iterable[LiveEntries], *, view: str) -> dict[str, Element]:
    """
    The map with the classes of what ran.

    Args:
        graph: of hopeit_graph().
        view: standard | expanded.
    """
    ran = defaultdict[str, set[str]](set)
    queues = defaultdict[str, set[str]](set)
    for each in entries:
        ran[activity_event_id(each.key, view=view)] |= _classes(each)
        if node_id := activity_stream_id(each.key, view=view):
            ran[node_id] |= _classes(each)
            queues[activity_stream_id(each.key, view=EXPANDED) or ""] |= _classes(each)
    added = defaultdict[str, set[str]](set)
    for key, element in graph.items():
        data = element["data"]
        if "source" not in data:
            added[key] |= ran[key]
            continue
        source, target = data["source"], data["target"]
        classes = queues[_queue_id(key, source, target, view=view)] if _is_stream(source) else ran[source]
        # A line lights the stream it leads to, and the entry it comes from.
        if _is_stream(target):
            added[target] |= classes
        else:
            classes = classes | ran[target]
        if graph[source]["classes"] == "REQUEST":
            added[source] |= classes
        added[key] |= classes
    return {key: _with_classes(element, added[key]) for key, element in graph.items()}


def _classes(entries: LiveEntries) -> set[str]:
    counts = {
        "STARTED": entries.started,
        "PENDING": entries.pending,
        "RECENT": entries.recent,
        "FAILED": entries.failed,
        "IGNORED": entries.ignored,
    }
    return {name for name, count in counts.items() if count > 0}


def _queue_id(edge_id: str, source: str, target: str, *, view: str) -> str:
    """The queue from which an edge leads to an event."""
    if view == EXPANDED:
        return source
    name = source.removeprefix(STREAM_MARK)
    return stream_id(stream=name, queue=edge_id.removeprefix(f"edge_{target}.{name}."), view=EXPANDED)


def _is_stream(node_id: str) -> bool:
    return node_id.startswith(STREAM_MARK)


def _with_classes(element: Element, added: set[str]) -> Element:
    classes = {*element.get("classes", "").split(), *added}
    return {**element, "classes": " ".join(sorted(classes))} if classes else element
