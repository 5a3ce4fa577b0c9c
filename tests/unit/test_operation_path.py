"""The path of a request, from entries of our own and from every request of the recorded session."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from collector.core.hopeit_lines import HopeitLines
from collector.lib.sampling import EVERYTHING
from collector.models.activity import ActivityKey, Status
from collector.models.keep import Keep
from tests.recorded_session import RecordedSession
from tests.world import FIXTURES
from visualizer.core.operation_path import find_path, path_lines
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS
from visualizer.models.operation import DONE, FAILED, MISSING, RUNNING, Hop, PathEntry
from visualizer.models.topology import CALL, READ, WRITE, Edge, Topology

PLACE = ActivityKey("shop.1x0", "", "place_order", "request")
PACK = ActivityKey("store.1x0", "", "pack", "stream", "orders", "AUTO", "packers")
BILL = ActivityKey("bill.1x0", "", "bill", "stream", "orders", "AUTO", "billers")
EDGES = [
    Edge(id="w", source="shop.1x0.place_order", target=">orders", kind=WRITE),
    Edge(id="r", source=">orders", target="store.1x0.pack", kind=READ),
    Edge(id="q", source=">orders", target="bill.1x0.bill", kind=READ),
]


def entry(key: ActivityKey, status: Status, at_ms: float, **more: Any) -> PathEntry:
    return PathEntry(1000 + at_ms / 1000, status, key, "h", "1", request_id="r", **more)


def path(*entries: PathEntry) -> tuple[Hop, ...]:
    return find_path(entries, EDGES, view=STANDARD)


def test_it_tells_what_ran_and_what_waited_and_what_was_expected() -> None:
    hops = path(
        entry(PACK, Status.DONE, 120, duration_ms=60.0, operation_id="b"),
        entry(PLACE, Status.START, 0, operation_id="a"),
        entry(PLACE, Status.DONE, 20, duration_ms=20.0, operation_id="a"),
        entry(PACK, Status.START, 60, operation_id="b"),
    )
    place, pack, bill = hops
    assert (place.after, place.ran_ms, place.waited_ms) == (None, 20, None)
    assert (pack.after, pack.ran_ms, round(pack.waited_ms or 0)) == (0, 60, 40)
    assert (bill.node, bill.status, bill.after) == ("bill.1x0.bill", MISSING, 0)
    assert path_lines(hops) == [
        ("shop.1x0.place_order", ">orders", DONE),
        (">orders", "store.1x0.pack", DONE),
        (">orders", "bill.1x0.bill", MISSING),
    ]


def test_what_has_not_ended_runs_and_a_run_without_its_begin_began_before_it_ended() -> None:
    running, ended = path(
        entry(PLACE, Status.START, 0, operation_id="a"), entry(BILL, Status.FAILED, 100, duration_ms=40.0, cause="no")
    )
    assert (running.status, running.ran_ms) == (RUNNING, None)
    assert (ended.status, round((ended.began_s - 1000) * 1000), ended.cause) == (FAILED, 60, "no")


def test_a_fan_out_and_retries_of_one_operation_are_hops_of_their_own() -> None:
    twice = [entry(PACK, status, at, operation_id="b") for at in (50, 90) for status in (Status.START, Status.FAILED)]
    hops = path(entry(PLACE, Status.DONE, 10, duration_ms=10.0), *twice, entry(BILL, Status.START, 60))
    assert Counter(hop.node for hop in hops)["store.1x0.pack"] == 2
    assert [hop.after for hop in hops] == [None, 0, 0, 0]


def test_of_many_runs_the_newest_of_its_own_operation_set_it_off() -> None:
    runs = [entry(PLACE, Status.DONE, at, duration_ms=0.0, operation_id=str(at % 4)) for at in range(1000)]
    *places, pack, other, _ = path(
        *runs,
        entry(PACK, Status.DONE, 1010, duration_ms=0.0, operation_id="1"),
        entry(PACK, Status.DONE, 1020, duration_ms=0.0, operation_id="x"),
    )
    assert (len(places), pack.after, other.after) == (1000, 997, 999)


def test_calls_in_a_circle_within_the_slack_of_clocks_do_not_set_off_themselves() -> None:
    keys = [ActivityKey("a.1", "", name, "request") for name in ("x", "y", "z")]
    circle = [
        Edge(id=f"{n}", source=f"a.1.{one.event}", target=f"a.1.{other.event}", kind=CALL)
        for n, (one, other) in enumerate(zip(keys, [*keys[1:], keys[0]], strict=True))
    ]
    entries = [entry(key, Status.START, at) for key, at in zip(keys, (0, 10, 20), strict=True)]
    assert [hop.after for hop in find_path(entries, circle, view=STANDARD)] == [None, 0, 1]


@cache
def recorded_topology(view: str) -> Topology:
    suffix = ".expanded" if view == EXPANDED else ""
    folder = FIXTURES / "hopeit" / "config"
    answers = [
        read_runtime_apps(json.loads((folder / f"runtime_apps_config.{name}{suffix}.json").read_text()), source=name)
        for name in ("simple", "client", "orders", "visualizer", "streamer")
    ]
    return build_topology(merge_configs(answers), view=view)


def chunks() -> Iterator[bytes]:
    """A batch samples so many entries: no chunk has more."""
    for content in RecordedSession().files.values():
        lines = content.splitlines(keepends=True)
        yield from (b"".join(lines[at : at + 50]) for at in range(0, len(lines), 50))


@cache
def recorded_requests() -> dict[str, list[PathEntry]]:
    """Everything that was kept, by request, with every operation sampled."""
    found = defaultdict[str, list[PathEntry]](list)
    for chunk in chunks():
        batch = HopeitLines().parse(chunk, offset=0, received_s=0, keep=Keep(sample_below=EVERYTHING)).batch
        for kept in batch.samples:
            server = batch.servers[kept.server]
            duration_ms = kept.duration_ms if kept.duration_ms >= 0 else None
            found[kept.request_id].append(
                PathEntry(
                    kept.timestamp_s,
                    Status(kept.status),
                    batch.keys[kept.key],
                    server.host_name,
                    server.pid,
                    duration_ms,
                    kept.request_id,
                    kept.operation_id,
                )
            )
    return found


@cache
def told_by_lines() -> dict[str, Counter[str]]:
    """Request id → app and event → runs that began, read one line at a time."""
    line = re.compile(r"\| \w+ \| (\S+) (\S+) (\S+) \S+ \d+ \| START \|.*?track\.request_id=([^ |]+)")
    told = defaultdict[str, Counter[str]](Counter)
    for content in RecordedSession().files.values():
        for app, version, event, request_id in line.findall(content.decode()):
            told[request_id][f"{app} {version} {event}"] += 1
    return told


@pytest.mark.parametrize("view", VIEWS)
def test_every_recorded_request_gives_its_exact_path(view: str) -> None:
    requests, told = recorded_requests(), told_by_lines()
    assert len(told) > 100
    assert requests.keys() >= told.keys()
    for request_id, runs in told.items():
        hops = find_path(requests[request_id], recorded_topology(view).edges, view=view)
        seen = [hop for hop in hops if hop.status != MISSING]
        assert len(seen) == runs.total(), request_id
        assert not [hop for hop in seen if hop.after is not None and seen[hop.after].began_s > hop.began_s + 0.05]


def test_a_recorded_order_goes_through_its_stream() -> None:
    orders = [
        find_path(entries, recorded_topology(STANDARD).edges, view=STANDARD)
        for entries in recorded_requests().values()
        if {"place_order", "fulfil"} <= {entry.key.event for entry in entries}
    ]
    assert orders
    for hops in orders:
        first = hops[0]
        assert first.node == "orders_example.1x2.place_order"
        followed = {hop.node for hop in hops if hop.after is not None}
        assert "orders_example.1x2.fulfil" in followed
