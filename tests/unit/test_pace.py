from __future__ import annotations

from collector.lib.pace import LONGEST_PAUSE_S, Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_fails_is_left_alone_for_longer_and_longer() -> None:
    clock = Clock()
    pace = Pace(clock=clock, random=lambda: 0.0)
    pauses = []
    for _ in range(5):
        pace.failed("refused")
        began = clock.now
        while pace.is_pausing:
            clock.now += 0.25
        pauses.append(clock.now - began)
    assert pauses == [1.0, 2.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    assert pace.reason == "refused"


def test_what_works_is_tried_at_once() -> None:
    pace = Pace(clock=Clock())
    pace.failed("refused")
    pace.worked()
    assert not pace.is_pausing


def test_a_pause_is_never_shorter_than_half_a_second() -> None:
    clock = Clock()
    pace = Pace(clock=clock, random=lambda: 0.999)
    pace.failed("refused")
    clock.now += 0.5
    assert pace.is_pausing
