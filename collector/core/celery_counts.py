"""
Celery's events → LogBatch. An event is a message of EVENT_BYTES: a task that was sent tells a message that was
written, one that started a start with how long it waited, and one that succeeded, failed or is tried again an end.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder, Route, measure
from collector.core.celery_config import AUTO, group_key
from collector.models.activity import PUBLISH, ActivityKey, Server, Status
from collector.models.app_key import make_app_key
from collector.models.batch import KeptEntry, LogBatch
from collector.models.celery_event import CELERY_CLIENT, CeleryEvent, node_host

#: An event that tells a start and an end has a byte for each.
EVENT_BYTES = 2
#: Tasks that are known by their id, also for a while after their end; of those beyond, the oldest are forgotten.
MAX_TASKS = 50_000
#: A worker's events leave in groups, up to a second late; what a task sends is told at once. So long one waits for what
#: its parent is.
HOLD_S = 3.0
#: Why an event is counted as nothing that ran.
MISSING, MESSAGE = "missing", "message"
_SEND = "send"
_ENDS = {
    "task-succeeded": Status.DONE,
    "task-failed": Status.FAILED,
    "task-retried": Status.IGNORED,
    "task-revoked": Status.IGNORED,
    "task-rejected": Status.IGNORED,
}
#: (node, task) → the queue it is read from, as far as that is declared.
QueueOf = Callable[[str, str], str]


@dataclass(slots=True)
class _Task:
    """What is known of a task by its id."""

    #: Its name, "" until an event tells it.
    name: str = ""
    #: Where it was sent, and when; 0 when that was not seen, or it was sent to be done later.
    queue: str = ""
    sent_s: float = 0.0
    #: As what it began last, None when that was not seen; and when, 0 when it does not run.
    key: ActivityKey | None = None
    started_s: float = 0.0


class CeleryCounts:
    """Of one broker. Events of a task are joined by its id, and forgotten when it has ended."""

    def __init__(self, queue_of: QueueOf) -> None:
        self._queue_of = queue_of
        self._tasks: OrderedDict[str, _Task] = OrderedDict()
        self._routes: dict[tuple[ActivityKey, Server, Status], Route] = {}
        #: Sent tasks whose parent is not known yet, and until when they wait.
        self._held: list[tuple[CeleryEvent, float]] = []
        #: (app key, task) → the queue it was seen to come from.
        self._queues: dict[tuple[str, str], str] = {}

    def seen_queues(self) -> Iterator[tuple[str, str, str]]:
        """(app key, task, queue) of every task whose queue was seen."""
        return ((app, task, queue) for (app, task), queue in self._queues.items())

    def count(self, events: Iterable[CeleryEvent], *, missed: int = 0, received_s: float) -> LogBatch:
        """
        Count events, in the order in which they came.

        Args:
            missed: events that are known to have been missed.
        """
        batch = BatchBuilder(received_s)
        if missed:
            batch.skip(MISSING, missed * EVENT_BYTES, lines=missed)
        for event in events:
            if event.type == "task-sent" and event.uuid and event.queue:
                task = self._task(event)
                task.queue, task.sent_s = event.queue, 0.0 if event.is_delayed else event.at_s
                self._held.append((event, received_s + HOLD_S))
            elif reason := self._add(batch, event):
                batch.skip(reason, EVENT_BYTES)
        held, self._held = self._held, []
        for event, until_s in held:
            writer = self._writer(event)
            if writer is not None:
                self._sent(batch, event, writer)
            elif received_s < until_s:
                self._held.append((event, until_s))
            else:
                batch.skip(MISSING, EVENT_BYTES)
        return batch.build()

    def _add(self, batch: BatchBuilder, event: CeleryEvent) -> str:
        """Count one; returns why it is nothing that ran, "" when it is."""
        if not event.uuid:
            return MESSAGE
        if event.type == "task-received":
            self._task(event)
            return MESSAGE
        if event.type == "task-started":
            return self._started(batch, event)
        return self._ended(batch, event, _ENDS[event.type]) if event.type in _ENDS else MESSAGE

    def _sent(self, batch: BatchBuilder, event: CeleryEvent, writer: ActivityKey) -> None:
        key = ActivityKey(writer.app, "", writer.event, PUBLISH, stream=event.queue, queue=AUTO)
        server, second = _server(event), int(event.at_s)
        for status in (Status.START, Status.DONE):
            count = batch.count(second, self._route(key, server, status))
            count.count += 1
            count.size_bytes += EVENT_BYTES // 2
        batch.call(second, writer, key, failed=False)

    def _started(self, batch: BatchBuilder, event: CeleryEvent) -> str:
        task = self._task(event)
        if not task.name:
            return MISSING
        app = group_key(event.node)
        if task.queue:
            self._queues[app, task.name] = task.queue
        queue = task.queue or self._queues.get((app, task.name), "") or self._queue_of(event.node, task.name)
        task.key, task.started_s = _task_key(app, task.name, queue), event.at_s
        count = batch.count(int(event.at_s), self._route(task.key, _server(event), Status.START))
        count.count += 1
        count.size_bytes += EVENT_BYTES
        measure(count, None, max(0.0, event.at_s - task.sent_s) * 1000 if task.sent_s else None)
        return ""

    def _ended(self, batch: BatchBuilder, event: CeleryEvent, status: Status) -> str:
        task = self._tasks.get(event.uuid)
        if task is None or task.key is None or not task.started_s:
            return MISSING if status in (Status.DONE, Status.FAILED) else MESSAGE
        runtime_s = event.runtime_s if event.runtime_s >= 0 else max(0.0, event.at_s - task.started_s)
        task.started_s = 0.0
        count = batch.count(int(event.at_s), self._route(task.key, _server(event), status))
        count.count += 1
        count.size_bytes += EVENT_BYTES
        measure(count, runtime_s * 1000, None)
        if status is Status.FAILED and count.count <= MAX_FAILURES:
            batch.keep(
                KeptEntry(
                    event.at_s,
                    count.key,
                    count.server,
                    int(status),
                    0,
                    operation_id=event.uuid,
                    cause=event.error,
                    duration_ms=runtime_s * 1000,
                )
            )
        return ""

    def _writer(self, event: CeleryEvent) -> ActivityKey | None:
        """Who sent it: the task that ran, itself when it is tried again, or what is no task. None: not known yet."""
        if sender := event.uuid if event.retries else event.parent:
            task = self._tasks.get(sender)
            return task.key if task else None
        host = node_host(event.node).replace(".", "_")
        return ActivityKey(make_app_key(host, CELERY_CLIENT), "", _SEND, "service")

    def _task(self, event: CeleryEvent) -> _Task:
        task = self._tasks.get(event.uuid)
        if task is None:
            task = self._tasks[event.uuid] = _Task()
            if len(self._tasks) > MAX_TASKS:
                self._tasks.popitem(last=False)
        task.name = event.name or task.name
        return task

    def _route(self, key: ActivityKey, server: Server, status: Status) -> Route:
        route = self._routes.get((key, server, status))
        if route is None:
            if len(self._routes) > MAX_TASKS:
                self._routes.clear()
            route = self._routes[key, server, status] = Route(key, server, int(status))
        return route


def _task_key(app: str, name: str, queue: str) -> ActivityKey:
    if not queue:
        return ActivityKey(app, "", name, "service")
    return ActivityKey(app, "", name, "stream", stream=queue, queue=AUTO)


def _server(event: CeleryEvent) -> Server:
    return Server(node_host(event.node), event.pid)
