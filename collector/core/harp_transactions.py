"""
Transactions of a HARP proxy → LogBatch. HARP numbers its messages in the order in which it stores them, so they are
read as a log is: a message is a line of MESSAGE_BYTES, its number is its place. A request tells a start, a response or
an error an end, and a call of the remote.

Pages do not stand still: what is new moves the rest on, so that one transaction may come twice, and what began long ago
stands deep while its end is new. So everything up to the highest number of the *first* answers is looked for, and no
further: what was stored later is for the next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder, Route, measure
from collector.core.harp_system import HarpApp
from collector.core.json_time import NO_TIME, unix_time_s
from collector.core.labels import clean_label, printable
from collector.core.redact import redact_text
from collector.models.activity import CALL, ActivityKey, Status
from collector.models.batch import KeptEntry, LogBatch
from collector.models.count_table import ActivityCount
from collector.models.file_record import content_hash
from collector.models.harp_answer import HarpMessage, HarpTransaction

REQUEST = "request"
#: A message that tells most has a byte for each: the end of a request, and the start and end of a call.
MESSAGE_BYTES = 4
_CALL = "forward"
MAX_CAUSE_CHARS = 200
#: An end whose transaction is not finished is about to be: it is left for the next time, but not for ever.
UNFINISHED_S = 30.0
#: Why a number was left out: HARP showed no message of it.
MISSING = "missing"
_FAILED_CLASSES = frozenset(("ERR", "5xx"))

Numbered = Mapping[int, tuple[HarpTransaction, HarpMessage]]


@dataclass(frozen=True, slots=True)
class HarpCounts:
    """What was made of transactions."""

    #: The counts.
    batch: LogBatch
    #: Number of the last message in it.
    end: int
    #: Stands for the transaction of that message; tells whether HARP has begun to count anew.
    tail_hash: str
    #: Numbers without a message.
    missing: int


def number_messages(transactions: Iterable[HarpTransaction]) -> dict[int, tuple[HarpTransaction, HarpMessage]]:
    """Number → its message. Of a transaction that comes twice the later one counts."""
    return {message.id: (each, message) for each in transactions for message in each.messages if message.id > 0}


def last_whole(told: Sequence[HarpTransaction]) -> int:
    """The highest number up to which everything is told as it will stay; 0 of none."""
    numbered = number_messages(told)
    newest_s = max((_at_s(message) for _, message in numbered.values()), default=0.0)
    torn = [
        number
        for number, (each, message) in numbered.items()
        if message.kind != REQUEST and each.finished_at is None and newest_s - _at_s(message) < UNFINISHED_S
    ]
    return min((number - 1 for number in torn), default=max(numbered, default=0))


def has_begun_anew(numbered: Numbered, *, last: int, tail_hash: str) -> bool:
    """Whether the message of the last number counted is another one now: a storage in memory was restarted, say."""
    if last and numbered and max(numbered) < last:
        return True
    return bool(tail_hash) and last in numbered and _hash(numbered[last][0]) != tail_hash


def count_transactions(
    numbered: Numbered,
    *,
    after: int,
    end: int,
    app: HarpApp,
    pools: Mapping[str, Sequence[ActivityKey]],
    received_s: float,
) -> HarpCounts:
    """
    Count the messages of the numbers after < number ≤ end.

    Args:
        pools: event of an endpoint → remotes it asks in turn; calls are shared out evenly among them, as HARP does.
    """
    counter = _Counter(app, pools, received_s)
    found = [number for number in sorted(numbered) if after < number <= end]
    for number in found:
        counter.add(*numbered[number])
    missing = end - after - len(found)
    if missing:
        counter.batch.skip(MISSING, missing * MESSAGE_BYTES, lines=missing)
    tail_hash = _hash(numbered[end][0]) if end in numbered else ""
    return HarpCounts(counter.batch.build(), end, tail_hash, missing)


class _Counter:
    """One batch in the making."""

    def __init__(self, app: HarpApp, pools: Mapping[str, Sequence[ActivityKey]], received_s: float) -> None:
        self.batch = BatchBuilder(received_s)
        self._app, self._pools, self._received_s = app, pools, received_s
        self._routes: dict[tuple[ActivityKey, Status], Route] = {}
        #: Event of an endpoint → whose turn it is.
        self._turns: dict[str, int] = {}

    def add(self, each: HarpTransaction, message: HarpMessage) -> None:
        """Count a message."""
        at_s = _at_s(message) or self._received_s
        key, status = self._app.endpoint(each.endpoint or "none"), _status(each, message)
        remote = None if status is Status.START else self._remote(each, message, key)
        count = self._count(key, status, at_s, MESSAGE_BYTES if remote is None else MESSAGE_BYTES - 2)
        if status is Status.START:
            return
        duration_ms = None if each.elapsed is None else max(0.0, each.elapsed)
        measure(count, duration_ms, None)
        if remote is not None:
            # A call counts on what it names outside, so that a remote shows how it answers.
            call = ActivityKey(self._app.key, "", _CALL, CALL, stream=remote.stream)
            self._count(call, Status.START, at_s, 1)
            measure(self._count(call, status, at_s, 1), duration_ms, None)
            self.batch.call(int(at_s), key, remote, failed=status is Status.FAILED)
        if status is Status.FAILED and count.count <= MAX_FAILURES:
            self.batch.keep(_entry(each, message, at_s, count.key, count.server))

    def _count(self, key: ActivityKey, status: Status, at_s: float, size_bytes: int) -> ActivityCount:
        route = self._routes.get((key, status))
        if route is None:
            route = self._routes[key, status] = Route(key, self._app.server, int(status))
        count = self.batch.count(int(at_s), route)
        count.count += 1
        count.size_bytes += size_bytes
        return count

    def _remote(self, each: HarpTransaction, message: HarpMessage, key: ActivityKey) -> ActivityKey | None:
        remotes = self._pools.get(key.event, ())
        if not remotes or (each.extras and each.extras.cached):
            return None
        self._turns[key.event] = turn = self._turns.get(key.event, message.id) + 1
        return remotes[turn % len(remotes)]


def _status(each: HarpTransaction, message: HarpMessage) -> Status:
    if message.kind == REQUEST:
        return Status.START
    failed = message.kind == "error" or (each.extras is not None and each.extras.status_class in _FAILED_CLASSES)
    return Status.FAILED if failed else Status.DONE


def _entry(each: HarpTransaction, message: HarpMessage, at_s: float, key: int, server: int) -> KeptEntry:
    return KeptEntry(
        timestamp_s=at_s,
        key=key,
        server=server,
        status=int(Status.FAILED),
        offset=message.id,
        operation_id=clean_label(redact_text(each.id[:64]).encode("utf-8", "backslashreplace")),
        cause=printable(redact_text(message.summary[: 4 * MAX_CAUSE_CHARS])).strip()[:MAX_CAUSE_CHARS],
        duration_ms=-1.0 if each.elapsed is None else each.elapsed,
    )


def _at_s(message: HarpMessage) -> float:
    at_s = unix_time_s(message.created_at, UTC)
    return 0.0 if at_s == NO_TIME else at_s


def _hash(each: HarpTransaction) -> str:
    return content_hash(each.id.encode("utf-8", "backslashreplace"))
