"""Messages are counted in parts that fit into memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from visualizer.repo.batches import TICK_BYTES, Message, in_ticks

sizes = st.lists(st.integers(0, 3 * TICK_BYTES // 2), max_size=6)


@given(sizes)
def test_parts_are_bounded_and_hold_every_message_in_order(sizes: list[int]) -> None:
    messages: list[Message] = [(b"%d-0" % place, {b"payload": bytes(size)}) for place, size in enumerate(sizes)]
    parts = list(in_ticks(messages))
    assert [message for part in parts for message in part] == messages
    for part in parts:
        assert part
        assert len(part) == 1 or sum(len(fields[b"payload"]) for _, fields in part) <= TICK_BYTES
