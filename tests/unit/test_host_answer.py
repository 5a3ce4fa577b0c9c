"""The state of a host, poll after poll."""

from __future__ import annotations

from typing import Any

from collector.core.host_answer import has_changed, make_host_answer, repeat_host_answer
from collector.models.host import ALIVE, ERROR, HostAnswer, HostPoll

URL = "http://shop:8000"


def answered(**app: Any) -> HostPoll:
    config = {"apps": app, "server_status": {}}
    return HostPoll(api_version="0x30", latency_ms=12.5, standard=config, expanded=config, raw_hash=b"h")


def after(poll: HostPoll, before: HostAnswer | None = None, *, at_s: float = 100, position: int = 0) -> HostAnswer:
    return make_host_answer(poll, before=before, url=URL, position=position, at_s=at_s, key=b"k")


def test_a_first_answer_is_alive_since_now() -> None:
    state = after(answered(a={"x": 1}))
    assert (state.status, state.reason, state.since_s, state.polled_s) == (ALIVE, "", 100, 100)
    assert (state.latency_ms, state.api_version) == (12.5, "0x30")
    assert state.standard == {"apps": {"a": {"x": 1}}, "server_status": {}}
    assert state.content_hash


def test_a_failing_host_keeps_what_it_declared_and_says_since_when() -> None:
    alive = after(answered(a={}))
    down = after(HostPoll(reason="connection refused"), alive, at_s=110)
    still = after(HostPoll(reason="no answer within 5 s"), down, at_s=120)
    assert (still.status, still.reason, still.since_s, still.polled_s) == (ERROR, "no answer within 5 s", 110, 120)
    assert still.latency_ms is None
    assert (still.standard, still.content_hash, still.api_version) == (alive.standard, alive.content_hash, "0x30")


def test_alive_lasts_through_polls_and_begins_anew_after_an_error() -> None:
    alive = after(answered(), after(answered(), at_s=100), at_s=110)
    assert alive.since_s == 100
    back = after(answered(), after(HostPoll(reason="down"), alive, at_s=120), at_s=130)
    assert (back.status, back.since_s) == (ALIVE, 130)


def test_a_repeated_answer_is_the_same_state_at_another_time() -> None:
    first = after(answered(a={}))
    assert repeat_host_answer(answered(a={}), before=first, position=0, at_s=110) == after(
        answered(a={}), first, at_s=110
    )
    down = after(HostPoll(reason="down"), first, at_s=120)
    assert repeat_host_answer(answered(a={}), before=down, position=0, at_s=130).since_s == 130


def test_secrets_are_gone_and_their_change_still_shows() -> None:
    one, other = (after(answered(a={"password": value})) for value in ("hunter2", "hunter3"))
    assert "hunter" not in str((one, other))
    assert one.content_hash != other.content_hash


def test_what_is_drawn_anew() -> None:
    first = after(answered(a={}))
    assert has_changed(None, first)
    assert not has_changed(first, after(answered(a={}), first, at_s=110))
    assert has_changed(first, after(answered(b={}), first, at_s=110))
    assert has_changed(first, after(answered(a={}), first, at_s=110, position=1))
    down = after(HostPoll(reason="down"), first, at_s=110)
    assert has_changed(first, down)
    assert not has_changed(down, after(HostPoll(reason="still"), down, at_s=120))


def test_order_is_content() -> None:
    assert after(answered(a={}, b={})).content_hash != after(answered(b={}, a={})).content_hash
