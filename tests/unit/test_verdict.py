from __future__ import annotations

from visualizer.core.verdict import duration_ms_words, give_verdict
from visualizer.models.delta import NodeStats
from visualizer.models.node_details import ServerShare


def test_a_failing_event_says_how_many_and_where() -> None:
    servers = (ServerShare("a2", "17", 50, 24), ServerShare("a1", "9", 50, 1))
    stats = NodeStats(done=75, failed=25, state="fail")
    verdict = give_verdict("event", stats, servers, seen=True)
    assert verdict.headline == "Failing"
    assert verdict.sentence == "25 of 100 runs failed in the last 60 s (25 %). Almost all of them on a2 · 17."


def test_failures_all_over_name_no_server() -> None:
    servers = (ServerShare("a2", "17", 50, 12), ServerShare("a1", "9", 50, 13))
    assert (
        "Almost" not in give_verdict("event", NodeStats(done=75, failed=25, state="fail"), servers, seen=True).sentence
    )


def test_quiet_and_never_seen_are_not_the_same() -> None:
    assert give_verdict("event", NodeStats(), (), seen=True).sentence == "Nothing ran in the last 60 s."
    assert give_verdict("event", NodeStats(), (), seen=False).sentence == "It has never been seen to run."


def test_a_waiting_stream_says_how_long() -> None:
    verdict = give_verdict("stream", NodeStats(started=7104, wait=3200.0, state="wait"), (), seen=True)
    assert verdict.sentence == "7,104 messages were read in the last 60 s. They waited 3.2 s (p95)."


def test_a_target_that_nobody_declares_is_said_to_be_missing() -> None:
    assert give_verdict("dangling", NodeStats(), (), seen=False).headline == "Not there"


def test_durations_change_their_unit() -> None:
    assert [duration_ms_words(value) for value in (None, 4.2, 999.0, 3200.0)] == ["–", "4.2 ms", "999 ms", "3.2 s"]
