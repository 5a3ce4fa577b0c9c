from __future__ import annotations

from typing import Any

import pytest

from collector.core.broker_answer import make_broker_answer
from collector.core.broker_stream import make_broker_stream
from collector.core.stream_flows import StreamFlows
from collector.core.stream_sweep import MOST_STREAMS, StreamSweep
from collector.models.broker import BrokerAnswer, BrokerGroup, BrokerPoll, BrokerStream, StreamReply

NOW_S = 1_795_000_000.0


def entry(second: float) -> list[Any]:
    return [f"{second * 1000:.0f}-0".encode(), [b"payload", b"x"]]


def told(
    *, length: int, first: float, last: float, given: float, consumers: list[dict[str, Any]] | None = None, **more: Any
) -> BrokerGroup:
    """A group on a stream whose first and last message, and the last that was given, are of these seconds."""
    group = {"name": b"g", "consumers": 1, "pending": 2, "last-delivered-id": entry(given)[0]}
    group |= {name.replace("_", "-"): value for name, value in more.items() if name in ("lag", "entries_read")}
    stream = {"length": length, "first-entry": entry(first), "last-entry": entry(last)}
    if "added" in more:
        stream["entries-added"] = more["added"]
    reply = StreamReply("s", stream, [group], {"g": consumers or []})
    return make_broker_stream(reply, at_s=NOW_S).groups[0]


@pytest.mark.parametrize(
    ("given", "lag", "waiting"),
    [
        # Redis 7.0 says 4 of a group that has read the last message, after XTRIM MAXLEN 1.
        (NOW_S - 1, 4, 0),
        (NOW_S - 5, 3, 3),
        (NOW_S - 5, 99, 10),
        (NOW_S - 5, None, None),
        (0, None, 10),
        (NOW_S - 99, 0, 10),
    ],
)
def test_ids_decide_and_the_lag_is_never_believed_beyond_the_length(
    given: float, lag: int | None, waiting: int | None
) -> None:
    assert told(length=10, first=NOW_S - 50, last=NOW_S - 1, given=given, lag=lag).waiting == waiting


def test_redis_before_7_has_no_lag_and_ids_still_tell() -> None:
    assert told(length=10, first=NOW_S - 50, last=NOW_S - 1, given=NOW_S - 1).waiting == 0
    assert told(length=10, first=NOW_S - 50, last=NOW_S - 1, given=NOW_S - 60).waiting == 10
    between = told(length=10, first=NOW_S - 50, last=NOW_S - 1, given=NOW_S - 5)
    assert (between.waiting, between.position) == (None, None)


@pytest.mark.parametrize(
    ("given", "lag", "oldest_s", "is_bound"),
    [(NOW_S - 60, 10, 50.0, False), (NOW_S - 5, 3, 5.0, True), (NOW_S - 5, 1, 1.0, False), (NOW_S - 1, 0, None, False),
     (NOW_S - 5, None, 5.0, True)],
)  # fmt: skip
def test_the_oldest_that_waits_is_known_or_bounded(
    given: float, lag: int | None, oldest_s: float | None, is_bound: bool
) -> None:
    group = told(length=10, first=NOW_S - 50, last=NOW_S - 1, given=given, lag=lag)
    assert (group.oldest_s, group.oldest_is_bound) == (oldest_s, is_bound)


def test_ids_of_ones_own_making_have_no_age() -> None:
    assert told(length=2, first=1, last=2, given=0).oldest_s is None


def test_a_consumer_that_holds_messages_and_asks_no_more_is_stuck() -> None:
    consumers = [
        {"name": b"gone", "pending": 3, "idle": 61_000},
        {"name": b"at work", "pending": 3, "idle": 59_000},
        {"name": b"at rest", "pending": 0, "idle": 900_000},
        *({"name": b"lost-%d" % n, "pending": 1, "idle": 70_000} for n in range(9)),
    ]
    group = told(length=1, first=1, last=1, given=1, consumers=consumers)
    assert group.stuck_count == 10
    assert [(each.name, each.pending, each.idle_s) for each in group.stuck][:2] == [
        ("gone", 3, 61.0),
        ("lost-0", 1, 70.0),
    ]
    assert len(group.stuck) == 5


def stream(
    added: int | None, *, position: int | None = None, last_s: float = 0, waiting: int | None = 1, length: int = 1
) -> BrokerStream:
    bound = {"oldest_s": 500.0, "oldest_is_bound": True, "given_id": (100_000, 0)}
    group = BrokerGroup(name="g", position=position, waiting=waiting, **bound)  # type: ignore[arg-type]
    return BrokerStream(name="s", length=length, added_total=added, last_id=(int(last_s * 1000), 0), groups=(group,))


def test_flows_look_back_a_minute() -> None:
    flows = StreamFlows()
    seen = [flows.add([stream(10 * n, position=5 * n)], at_s=100.0 + 5 * n)[0] for n in range(20)]
    assert (seen[0].added, seen[0].window_s, seen[0].groups[0].read) == (None, 0, None)
    assert (seen[1].added, seen[1].window_s, seen[1].groups[0].read) == (10, 5, 5)
    assert (seen[-1].added, seen[-1].window_s, seen[-1].groups[0].read) == (120, 60, 60)


def test_a_stream_that_was_made_anew_is_counted_anew() -> None:
    flows = StreamFlows()
    flows.add([stream(1000, position=900)], at_s=1)
    (anew,) = flows.add([stream(3, position=0)], at_s=6)
    assert (anew.added, anew.window_s, anew.groups[0].read) == (None, 0, None)
    (after,) = flows.add([stream(5, position=None)], at_s=11)
    assert (after.added, after.groups[0].read) == (2, None)
    (unknown,) = StreamFlows().add([stream(None)], at_s=1)
    assert unknown.added is None


def test_an_unknown_lag_is_bounded_by_what_came_since_everything_was_read() -> None:
    flows = StreamFlows()
    for second in range(0, 600, 5):
        flows.add([stream(1000 + second, last_s=second, waiting=None)], at_s=float(second))
    # The last message that somebody was given is of second 100: what came since the mark before it.
    (now,) = flows.add([stream(1700, last_s=600, waiting=None, length=5000)], at_s=600)
    assert now.groups[0].at_most == 700 - 60
    assert now.groups[0].oldest_s == 500.0
    (short,) = flows.add([stream(1701, last_s=605, waiting=None, length=50)], at_s=605)
    assert short.groups[0].at_most == 50


def test_what_waits_came_after_the_last_look_that_found_nothing() -> None:
    flows = StreamFlows()
    flows.add([stream(1, last_s=100)], at_s=580)
    flows.add([stream(1, last_s=100)], at_s=585)
    (now,) = flows.add([stream(3, last_s=589)], at_s=590)
    assert now.groups[0].oldest_s == 5.0


def answered(at_s: float, before: BrokerAnswer | None, *names: str, reason: str = "") -> BrokerAnswer:
    replies = tuple(StreamReply(name, {"length": 1}) for name in names)
    poll = BrokerPoll(reason=reason, at_s=at_s, streams=replies)
    return make_broker_answer(poll, before=before, flows=StreamFlows(), url="redis://b", position=0, at_s=at_s)


def test_a_stream_without_readers_lasts_when_it_was_there_for_a_minute() -> None:
    first = answered(1000, None, "kept", "gone")
    # A collector that began anew has other flows, and what Redis remembers.
    later = answered(1059, first, "kept", "new")
    assert (first.lasting, later.lasting) == ([], [])
    down = answered(1061, later, reason="connection refused")
    assert down.lasting == []
    last = answered(1066, down, "kept", "gone", "new")
    assert last.lasting == ["kept"]


def test_a_sweep_over_several_polls_forgets_only_what_it_did_not_meet() -> None:
    sweep = StreamSweep()
    sweep.take(0, [b"old", b"kept", b"{s00}:batches", b"{s07}:live", b"x" * 600])
    assert sweep.names == [b"kept", b"old"]
    sweep.take(17, [b"new"])
    assert (sweep.names, sweep.cursor) == ([b"kept", b"new", b"old"], 17)
    sweep.take(0, [b"kept"])
    assert sweep.names == [b"kept", b"new"]


def test_beyond_the_limit_streams_are_counted_not_asked() -> None:
    sweep = StreamSweep()
    sweep.take(0, [b"%06d" % n for n in range(MOST_STREAMS + 7)])
    assert (len(sweep.names), sweep.left_out) == (MOST_STREAMS, 7)
