from __future__ import annotations

import asyncio

from visualizer.interfaces.viewer import ACKNOWLEDGE_EVERY, DEAD_AFTER_S, WINDOW, WINDOW_CHARS, Viewer


class Clock:
    """Counts what it is told."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def make_viewer(clock: Clock | None = None) -> Viewer:
    return Viewer(make_snapshot=lambda: (100, "snapshot"), clock=clock or Clock())


async def texts(viewer: Viewer) -> list[str]:
    """Everything that waits."""
    found = []
    while True:
        try:
            async with asyncio.timeout(0.005):
                found.append(await viewer.next_text())
        except TimeoutError:
            return found


async def test_deltas_and_beats_go_out_in_their_order() -> None:
    viewer = make_viewer()
    viewer.offer_delta(1, "d1")
    viewer.offer_beat("b")
    viewer.offer_delta(2, "d2")
    assert await texts(viewer) == ["d1", "b", "d2"]


async def test_a_browser_that_acknowledges_gets_everything() -> None:
    viewer = make_viewer()
    for seq in range(1, 50):
        viewer.offer_delta(seq, f"d{seq}")
        viewer.acknowledge(seq)
    assert len(await texts(viewer)) == 49


async def test_a_stalled_browser_is_owed_no_more_than_a_window_and_no_sign_of_life() -> None:
    viewer = make_viewer()
    for seq in range(1, 1000):
        viewer.offer_delta(seq, f"d{seq}")
        viewer.offer_beat("b") if seq > WINDOW else None
    assert await texts(viewer) == [f"d{seq}" for seq in range(1, WINDOW + 1)]


async def test_a_browser_that_comes_back_gets_a_snapshot_instead_of_the_backlog() -> None:
    viewer = make_viewer()
    for seq in range(1, 20):
        viewer.offer_delta(seq, f"d{seq}")
    await texts(viewer)
    viewer.acknowledge(WINDOW - ACKNOWLEDGE_EVERY)
    assert await texts(viewer) == []  # these are still on their way
    viewer.acknowledge(WINDOW - ACKNOWLEDGE_EVERY + 1)
    assert await texts(viewer) == ["snapshot"]
    viewer.acknowledge(100)
    viewer.offer_delta(101, "d101")
    assert await texts(viewer) == ["d101"]


async def test_what_is_on_its_way_is_bounded_in_size_and_one_delta_goes_however_large() -> None:
    viewer = make_viewer()
    half = "x" * (WINDOW_CHARS // 2)
    for seq, text in enumerate([half, half, "one too many"], 1):
        viewer.offer_delta(seq, text)
    assert await texts(viewer) == [half, half]
    viewer.acknowledge(2)
    assert await texts(viewer) == ["snapshot"]
    viewer.offer_delta(101, 3 * half)
    assert await texts(viewer) == [3 * half]


async def test_a_resync_brings_one_snapshot_however_often_it_is_asked_for() -> None:
    viewer = make_viewer()
    viewer.resync()
    viewer.resync()
    assert await texts(viewer) == ["snapshot"]
    viewer.acknowledge(100)
    viewer.resync()
    assert await texts(viewer) == ["snapshot"]


async def test_a_snapshot_takes_the_place_of_what_waits() -> None:
    viewer = make_viewer()
    viewer.offer_delta(1, "d1")
    viewer.send_snapshot()
    viewer.offer_delta(101, "d101")
    assert await texts(viewer) == ["snapshot", "d101"]


def test_a_browser_that_owes_an_answer_for_long_is_dead_and_a_quiet_one_is_not() -> None:
    clock = Clock()
    viewer = make_viewer(clock)
    clock.now_s = 1000
    assert not viewer.is_dead
    viewer.offer_delta(1, "d1")
    clock.now_s += DEAD_AFTER_S + 0.1
    assert viewer.is_dead


def test_a_browser_that_answers_in_the_end_is_not_dead() -> None:
    clock = Clock()
    viewer = make_viewer(clock)
    viewer.offer_delta(1, "d1")
    clock.now_s += DEAD_AFTER_S + 0.1
    viewer.acknowledge(1)
    assert not viewer.is_dead


async def test_an_acknowledgement_of_the_future_breaks_nothing() -> None:
    viewer = make_viewer()
    viewer.offer_delta(1, "d1")
    viewer.acknowledge(2**63)
    viewer.offer_delta(2, "d2")
    assert await texts(viewer) == ["d1", "d2"]
