"""Celery's events and answers: what comes through the door, what is counted of it, and who lives."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.celery_config import celery_config
from collector.core.celery_counts import EVENT_BYTES, HOLD_S, CeleryCounts
from collector.core.celery_event import read_celery_event, read_workers
from collector.core.celery_nodes import FORGET_AFTER_S, GONE_AFTER_S, CeleryNodes
from collector.models.activity import PUBLISH, ActivityKey, Status
from collector.models.batch import LogBatch, encode_batch
from collector.models.celery_event import CeleryEvent, CeleryWorker
from collector.models.host import ALIVE, ERROR
from visualizer.core.batch_check import check_batch
from visualizer.core.edge_sights import EdgeSights
from visualizer.core.evidence import judge_edges
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.evidence import UNDECLARED, Sight
from visualizer.models.seen_hour import Pair

CANARY = "c4n4ry"
NODE = "shop@host1"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3),
    max_leaves=8,
)


def event(kind: str, at_s: float = 100.0, **fields: Any) -> CeleryEvent:
    raw = {"type": kind, "timestamp": at_s, "hostname": NODE, "pid": 7, "args": f"('{CANARY}',)"}
    made = read_celery_event({**raw, "kwargs": CANARY, "result": CANARY, "traceback": CANARY, **fields})
    assert made is not None
    return made


def sent(uuid: str, at_s: float, **fields: Any) -> CeleryEvent:
    known = {"uuid": uuid, "name": "shop.order", "queue": "celery", "hostname": "gen9@web1", "parent_id": None}
    return event("task-sent", at_s, **{**known, **fields})


def run(
    uuid: str, at_s: float, *, name: str = "shop.order", end: str = "succeeded", **fields: Any
) -> list[CeleryEvent]:
    """What a worker tells of one run."""
    return [
        event("task-received", at_s, uuid=uuid, name=name),
        event("task-started", at_s + 1, uuid=uuid),
        event(f"task-{end}", at_s + 3, uuid=uuid, **fields),
    ]


def runs(*batches: LogBatch) -> Counter[tuple[str, str, str]]:
    """(event, stream, status) → how often."""
    found: Counter[tuple[str, str, str]] = Counter()
    for batch in batches:
        check_batch(batch, size_bytes=batch.size_bytes)
        for cell in batch.counts:
            key = batch.keys[cell.key]
            found[f"{key.kind} {key.event}", key.stream, Status(cell.status).name] += cell.count
    return found


def counts() -> CeleryCounts:
    return CeleryCounts(lambda _node, _task: "celery")


def test_a_task_is_counted_with_its_wait_its_time_and_how_it_ended() -> None:
    events = [
        sent("a", 95.0),
        *run("a", 100.0, runtime=0.25),
        *run("b", 100.0, end="failed", exception=f"ValueError('{CANARY}')"),
        *run("c", 100.0, end="retried", exception=f"Retry(ConnectionError('{CANARY}'))"),
    ]
    batch = counts().count(events, received_s=200.0)
    assert batch.size_bytes == len(events) * EVENT_BYTES
    assert runs(batch) == {
        ("publish send", "celery", "START"): 1,
        ("publish send", "celery", "DONE"): 1,
        ("stream shop.order", "celery", "START"): 3,
        ("stream shop.order", "celery", "DONE"): 1,
        ("stream shop.order", "celery", "FAILED"): 1,
        ("stream shop.order", "celery", "IGNORED"): 1,
    }
    assert sum(n for cell in batch.counts for n in cell.stream_ages.values()) == 1
    assert sum(n for cell in batch.counts for n in cell.durations.values()) == 3
    assert [(each.cause, each.operation_id) for each in batch.failures] == [("ValueError", "b")]
    assert {(server.host_name, server.pid) for server in batch.servers} == {("host1", "7"), ("web1", "7")}
    assert CANARY.encode() not in encode_batch(batch)


def test_what_a_task_sends_waits_for_the_events_of_its_parent() -> None:
    counted = counts()
    child = sent("b", 101.5, name="shop.bill", queue="billing", parent_id="a", hostname=NODE)
    first = counted.count([child], received_s=1000.0)
    second = counted.count(run("a", 100.0) + run("b", 102.0, name="shop.bill"), received_s=1001.0)
    assert (first.size_bytes, second.size_bytes) == (0, 7 * EVENT_BYTES)
    (call,) = second.calls
    assert (second.keys[call.caller].event, second.keys[call.callee].stream) == ("shop.order", "billing")
    assert set(counted.seen_queues()) == {("shop.celery", "shop.bill", "billing")}


def test_what_was_missed_is_counted_as_missing() -> None:
    counted = counts()
    orphan = sent("b", 101.5, parent_id="a", hostname=NODE)
    events = [orphan, event("task-succeeded", uuid="x"), event("task-started", uuid="y"), event("worker-heartbeat")]
    first = counted.count(events, missed=5, received_s=1000.0)
    second = counted.count([], received_s=1000.0 + HOLD_S)
    assert {reason: each.lines for reason, each in first.skipped.items()} == {"missing": 7, "message": 1}
    assert {reason: each.lines for reason, each in second.skipped.items()} == {"missing": 1}


def test_one_that_is_tried_again_sends_itself_and_one_to_be_done_later_does_not_wait() -> None:
    again = sent("a", 103.0, parent_id="a", retries=1, eta="2026-11-28T11:00:00", hostname=NODE)
    batch = counts().count([*run("a", 100.0, end="retried"), again, *run("a", 160.0)], received_s=1000.0)
    (call,) = batch.calls
    assert (batch.keys[call.caller].event, batch.keys[call.callee].event) == ("shop.order", "shop.order")
    assert not any(cell.stream_ages for cell in batch.counts)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_whatever_comes_does_no_harm(one: Any, two: Any, three: Any, four: Any, five: Any) -> None:
    raw = {"type": "task-started", "hostname": "a@b", "timestamp": 1.0, "uuid": "u", "name": one, "pid": two}
    read = [read_celery_event(each) for each in (one, {**raw, "queue": three, "retries": four, "exception": five})]
    known = [each for each in read if each is not None]
    runs(counts().count(known, received_s=1.0))
    workers = read_workers({"a@b": one}, {"a@b": two}, {"a@b": three}, {"a@b": {"task_routes": four, "x": five}})
    msgspec.json.encode(celery_config(workers, alive=set(workers), url="u", seen=()))


def worker(**fields: Any) -> CeleryWorker:
    return CeleryWorker(**{"pid": "7", "tasks": ("shop.bill", "shop.order"), "queues": ("celery",), **fields})


def test_a_task_is_drawn_behind_its_queue() -> None:
    answers = read_workers(
        {NODE: ["shop.order", "shop.bill [rate_limit=10/m]", "celery.chord"]},
        {NODE: [{"name": "celery"}, {"name": "billing"}]},
        {NODE: {"pid": 7, "total": {"shop.order": 3, "shop.bill": 2}, "broker": {"password": CANARY}}},
        {NODE: {"task_routes": [{"shop.b*": {"queue": "billing"}}], "result_backend": CANARY}},
    )
    assert answers[NODE].processed == 5
    config = celery_config(answers, alive={NODE}, url="redis://b", seen=())
    assert CANARY not in str(config)
    topology = build_topology(read_runtime_apps(config, source="celery"), view="standard")
    assert {(edge.source, edge.target) for edge in topology.edges} == {
        (">celery", "shop.celery.shop.order"),
        (">billing", "shop.celery.shop.bill"),
    }
    assert [server.pid for app in topology.apps for server in app.servers] == ["7"]
    assert not topology.warnings


def test_that_nobody_declares_who_sends_is_taken_for_normal() -> None:
    config = read_runtime_apps(celery_config({NODE: worker()}, alive={NODE}, url="redis://b", seen=()), source="celery")
    sender = ActivityKey("web1.celery_client", "", "send", "service")
    sent_to = ActivityKey(sender.app, "", "send", PUBLISH, stream="celery", queue="AUTO")
    topology = build_topology(config, [sender, sent_to], [(sender, sent_to)], view="standard")
    sights = EdgeSights(topology, {}, {(sender, sent_to): Sight(Pair(1, 2), 1, 2, 3)})
    judged = judge_edges(topology, sights, now_s=None, allowed=lambda _: None)
    (written,) = [each for each in topology.edges if each.kind == "write"]
    assert (judged[written.id].state, judged[written.id].alone) == (UNDECLARED, True)
    report = lint_config(config)
    assert ([each.rule for each in report.findings], report.open_findings) == (["stream-never-written"], ())


@pytest.mark.parametrize("says_goodbye", [False, True])
def test_a_worker_is_gone_when_its_heart_has_stopped_or_it_says_goodbye(says_goodbye: bool) -> None:
    nodes = CeleryNodes()
    nodes.answered({NODE: worker()}, now_s=1000.0)
    nodes.hear(event("worker-heartbeat", freq=2.0, processed=0), now_s=1001.0)
    # A worker that is busy may not answer; its heart beats all the same.
    nodes.answered({}, now_s=1002.0)
    assert nodes.states(now_s=1001.0 + GONE_AFTER_S)[NODE] == (ALIVE, "")
    if says_goodbye:
        nodes.hear(event("worker-offline"), now_s=1003.0)
    late_s = 1004.0 if says_goodbye else 1001.1 + GONE_AFTER_S
    assert nodes.states(now_s=late_s)[NODE][0] == ERROR
    assert (nodes.alive(now_s=late_s), list(nodes.known())) == (frozenset(), [NODE])
    assert nodes.states(now_s=late_s + FORGET_AFTER_S) == {}


def test_a_worker_without_a_heart_lives_as_long_as_it_answers() -> None:
    nodes = CeleryNodes()
    nodes.answered({NODE: worker()}, now_s=1000.0)
    assert nodes.states(now_s=1300.0)[NODE] == (ALIVE, "")
    nodes.answered({}, now_s=1301.0)
    assert nodes.states(now_s=1301.0)[NODE] == (ERROR, "it does not answer any more")


def test_workers_that_tell_nothing_of_their_tasks_are_known_and_nothing_of_theirs_is_missed() -> None:
    nodes = CeleryNodes()
    for beat, processed in enumerate((3, 3, 9, 9)):
        nodes.hear(event("worker-heartbeat", processed=processed), now_s=1000.0 + beat)
    assert (nodes.silent(), nodes.take_missed()) == ([NODE], 0)
    for step in (*run("a", 100.0), *(event("worker-heartbeat", processed=10) for _ in range(3))):
        nodes.hear(step, now_s=1010.0)
    assert (nodes.silent(), nodes.take_missed()) == ([], 0)


def test_events_that_were_missed_are_found_by_what_the_worker_says_it_has_begun() -> None:
    nodes = CeleryNodes()
    nodes.hear(event("worker-heartbeat", processed=0), now_s=1000.0)
    for step in (*run("a", 100.0), event("worker-heartbeat", processed=1)):
        nodes.hear(step, now_s=1001.0)
    # Events leave in groups, later than the beat that counts them.
    nodes.hear(event("worker-heartbeat", processed=6), now_s=1002.0)
    assert nodes.take_missed() == 0
    for step in (*run("b", 101.0), *run("c", 101.0), event("worker-heartbeat", processed=6)):
        nodes.hear(step, now_s=1003.0)
    nodes.hear(event("worker-heartbeat", processed=6), now_s=1004.0)
    assert (nodes.take_missed(), nodes.take_missed()) == (3, 0)
    # Another process begins to count anew.
    nodes.hear(event("worker-heartbeat", processed=0, pid=8), now_s=1005.0)
    assert nodes.take_missed() == 0
