from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.core.lag import MAX_MARKS, Lag


def test_what_is_read_has_no_lag() -> None:
    lag = Lag()
    assert lag.note(now_s=10, size_bytes=100, offset=100, looked_s=9) == 0


def test_it_waits_since_the_last_look_that_found_nothing() -> None:
    lag = Lag()
    assert lag.note(now_s=10, size_bytes=100, offset=0, looked_s=9) == 9
    assert lag.note(now_s=11, size_bytes=200, offset=0, looked_s=10) == 9


def test_a_reader_that_is_a_steady_three_seconds_late_stays_three_seconds_late() -> None:
    lag = Lag()
    late = [
        second - lag.note(now_s=second, size_bytes=second * 100, offset=(second - 3) * 100, looked_s=second - 1)
        for second in range(3, 500)
    ]
    assert set(late[10:]) == {3}


def test_it_is_over_and_begins_anew() -> None:
    lag = Lag()
    lag.note(now_s=10, size_bytes=100, offset=0, looked_s=9)
    assert lag.note(now_s=20, size_bytes=100, offset=100, looked_s=19) == 0
    assert lag.note(now_s=30, size_bytes=200, offset=100, looked_s=29) == 29


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=300))
def test_it_is_never_younger_than_the_oldest_unread_byte_and_few_marks_are_kept(
    looks: list[tuple[int, int]],
) -> None:
    lag, size, offset = Lag(), 0, 0
    written: list[tuple[int, int]] = []
    for second, (grown, read) in enumerate(looks, 1):
        size += grown
        if grown:
            written.append((second, size))
        offset = min(size, offset + read)
        since_s = lag.note(now_s=second, size_bytes=size, offset=offset, looked_s=second - 1)
        oldest = next((at for at, end in written if end > offset), None)
        if oldest is None:
            assert since_s == 0
        else:
            assert since_s <= oldest
    assert len(lag._marks) <= MAX_MARKS + 1
