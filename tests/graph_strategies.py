"""What Hypothesis draws graphs from."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from hypothesis import strategies as st

from collector.models.activity import ActivityKey
from tests.drawn_world import PACK_KEY, PLACE_KEY
from visualizer.core.graph_state import Picture
from visualizer.models.delta import EdgeView, NodeStats, NodeView
from visualizer.models.evidence import STATES
from visualizer.models.live import ActivityStats
from visualizer.models.topology import Box

T = TypeVar("T", NodeView, EdgeView)

#: Few ids, so that two pictures share some; hostile ones among them.
IDS = ["a", "b", "c", "__proto__", "</script>", "d\u2028", ""]
ids = st.sampled_from(IDS)
texts = st.text(max_size=5)
numbers = st.integers(0, 50)
maybe_ms = st.none() | st.sampled_from([1.0, 20.0, 1500.0])
boxes = st.builds(Box, st.sampled_from([0.0, 40.0]), st.just(0.0), st.just(160.0), st.just(48.0))
stats = st.builds(
    NodeStats,
    started=numbers,
    failed=numbers,
    rate=st.sampled_from([0.0, 0.1, 12.0]),
    p95=maybe_ms,
    state=st.sampled_from(["fail", "warn", "wait", "ok", "idle"]),
    last=st.sampled_from([0.0, 1.5]),
)
nodes = st.builds(
    NodeView,
    id=ids,
    kind=st.sampled_from(["event", "stream"]),
    name=texts,
    label=texts,
    app=ids,
    box=boxes,
    stats=stats,
    observed=st.booleans(),
)
edges = st.builds(
    EdgeView,
    id=ids,
    source=ids,
    target=ids,
    kind=st.just("read"),
    label=texts,
    rate=maybe_ms,
    wait=maybe_ms,
    state=st.sampled_from(STATES),
    first=numbers,
    last=numbers,
    asks=st.booleans(),
)
apps = st.fixed_dictionaries({"key": ids, "name": texts, "box": st.lists(numbers, min_size=4, max_size=4)})


def pictures() -> st.SearchStrategy[Picture]:
    """Any picture, drawable or not: the law does not care."""
    return st.builds(
        Picture,
        nodes=st.lists(nodes, max_size=5).map(lambda some: {node.id: _numbered(node) for node in some}),
        edges=st.lists(edges, max_size=5).map(lambda some: {edge.id: _numbered(edge) for edge in some}),
        apps=st.lists(apps, max_size=3).map(lambda some: {app["key"]: app for app in some}),
    )


def _numbered(view: T) -> T:
    return msgspec.structs.replace(view, n=IDS.index(view.id) + 1)


keys = st.sampled_from(
    [
        PLACE_KEY,
        PACK_KEY,
        ActivityKey("store.1x0", "", "pack", "stream", "orders", "express", "packers"),
        ActivityKey("shop.1x0", "", "place_order", "service"),
        ActivityKey("nobody.1x0", "", "unknown", "request"),
        ActivityKey("?", "", "", "request"),
    ]
)
histograms = st.dictionaries(st.integers(50, 250), st.integers(1, 5), max_size=3)
activities = st.builds(
    ActivityStats,
    key=keys,
    started=numbers,
    done=numbers,
    failed=numbers,
    recent=numbers,
    pending=st.integers(0, 3),
    durations=histograms,
    stream_ages=histograms,
    last_s=st.integers(0, 9).map(float),
)
