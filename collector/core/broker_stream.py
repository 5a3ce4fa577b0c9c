"""
What XINFO told → BrokerStream.

Redis counts how far a group has read, and that count is missing or wrong after messages were deleted or trimmed ahead
of the group (Redis 7.0: lag 4 on a stream of length 1). The ids are never wrong: a group that was given the last
message waits for none, one that was given none of those in the stream waits for all of them. So ids decide where they
can, with any version of Redis; the lag counts in between, and is never believed beyond the length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collector.models.broker import STUCK_AFTER_S, BrokerConsumer, BrokerGroup, BrokerStream, Fields, StreamReply

#: Milliseconds and sequence.
_Id = tuple[int, int]
#: Stuck consumers that are named.
_MOST_STUCK = 5
#: Ids of one's own making say nothing of time.
_OLDEST_S = 10 * 365 * 86400.0


def make_broker_stream(reply: StreamReply, *, at_s: float) -> BrokerStream:
    """Args: at_s: the broker's clock, unix seconds."""
    stream = reply.stream
    last = _entry_id(stream.get("last-entry"))
    return BrokerStream(
        name=reply.name,
        length=_count(stream.get("length")) or 0,
        added_total=_count(stream.get("entries-added")),
        last_id=last or (0, 0),
        groups=tuple(
            _group(group, stream, reply.consumers.get(_text(group.get("name")), ()), at_s=at_s)
            for group in reply.groups
        ),
    )


def _group(group: Fields, stream: Fields, consumers: Sequence[Fields], *, at_s: float) -> BrokerGroup:
    length, added = _count(stream.get("length")) or 0, _count(stream.get("entries-added"))
    first, last = _entry_id(stream.get("first-entry")), _entry_id(stream.get("last-entry"))
    given, read = _id(group.get("last-delivered-id")), _count(group.get("entries-read"))
    waiting = _waiting(length, first, last, given=given, lag=_count(group.get("lag")))
    is_before_all = first is not None and given < first
    oldest, is_bound = first, False
    if not is_before_all:
        oldest, is_bound = (last, False) if waiting == 1 else (given, True)
    position = read if read is not None or added is None or waiting is None else added - waiting
    stuck = [
        BrokerConsumer(
            name=_text(each.get("name")), pending=_count(each.get("pending")) or 0, idle_s=_idle_s(each.get("idle"))
        )
        for each in consumers
        if _count(each.get("pending")) and _idle_s(each.get("idle")) > STUCK_AFTER_S
    ]
    return BrokerGroup(
        name=_text(group.get("name")),
        consumers=_count(group.get("consumers")) or 0,
        pending=_count(group.get("pending")) or 0,
        waiting=waiting,
        given_id=given,
        oldest_s=_age_s(oldest, at_s) if waiting != 0 else None,
        oldest_is_bound=is_bound and waiting != 0,
        trimmed=max(0, added - read - length) if is_before_all and added is not None and read is not None else 0,
        position=position,
        stuck=tuple(sorted(stuck, key=lambda each: (-each.pending, each.name))[:_MOST_STUCK]),
        stuck_count=len(stuck),
    )


def _waiting(length: int, first: _Id | None, last: _Id | None, *, given: _Id, lag: int | None) -> int | None:
    if not length or (last is not None and given >= last):
        return 0
    if first is not None and given < first:
        return length
    return None if lag is None else min(lag, length)


def _age_s(message: _Id | None, at_s: float) -> float | None:
    if message is None:
        return None
    age_s = at_s - message[0] / 1000
    # Clocks of two machines that write may differ a little.
    return max(0.0, age_s) if -60 < age_s < _OLDEST_S else None


def _entry_id(entry: Any) -> _Id | None:
    return _id(entry[0]) if isinstance(entry, list | tuple) and entry else None


def _id(value: Any) -> _Id:
    """Of "1795864542017-4"; what is none stands before all."""
    milliseconds, _, sequence = _text(value).partition("-")
    both_are_numbers = milliseconds.isdecimal() and sequence.isdecimal()
    return (int(milliseconds), int(sequence)) if both_are_numbers else (0, 0)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _idle_s(value: Any) -> float:
    return (_count(value) or 0) / 1000


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value or "")
