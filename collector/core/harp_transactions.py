"""
Transactions of a HARP proxy → LogBatch. HARP numbers its messages in the order in which it stores them, so they are
read as a log is: a message is a line of one byte, its number is its place. A request tells a start, a response or an
error an end.

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
from collector.models.activity import ActivityKey, Status
from collector.models.batch import KeptEntry, LogBatch
from collector.models.file_record import content_hash
from collector.models.harp_answer import HarpMessage, HarpTransaction

REQUEST = "request"
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


def has_begun_anew(numbered: Numbered, *, offset: int, tail_hash: str) -> bool:
    """Whether the message of the last number counted is another one now: a storage in memory was restarted, say."""
    if offset and numbered and max(numbered) < offset:
        return True
    return bool(tail_hash) and offset in numbered and _hash(numbered[offset][0]) != tail_hash


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
    batch = BatchBuilder(received_s)
    routes: dict[tuple[ActivityKey, Status], Route] = {}
    turns: dict[str, int] = {}
    found = 0
    for number in sorted(numbered):
        if not after < number <= end:
            continue
        each, message = numbered[number]
        at_s = _at_s(message) or received_s
        found += 1
        key, status = app.endpoint(each.endpoint or "none"), _status(each, message)
        if (key, status) not in routes:
            routes[key, status] = Route(key, app.server, int(status))
        count = batch.count(int(at_s), routes[key, status])
        count.count += 1
        count.size_bytes += 1
        if status is Status.START:
            continue
        measure(count, None if each.elapsed is None else max(0.0, each.elapsed), None)
        remotes = pools.get(key.event, ())
        if remotes and not (each.extras and each.extras.cached):
            turns[key.event] = turn = turns.get(key.event, number) + 1
            batch.call(int(at_s), key, remotes[turn % len(remotes)], failed=status is Status.FAILED)
        if status is Status.FAILED and count.count <= MAX_FAILURES:
            batch.keep(_entry(each, message, at_s, count.key, count.server))
    missing = end - after - found
    if missing:
        batch.skip(MISSING, missing, lines=missing)
    tail_hash = _hash(numbered[end][0]) if end in numbered else ""
    return HarpCounts(batch.build(), end, tail_hash, missing)


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
