"""
The sampling threshold: which share of operations collectors keep whole (collector/lib/sampling.py), a power of two of
all of them, moved so that about TARGET_PER_S entries a second are kept. Pure: the clock comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2
from typing import TypeVar

from collector.lib.sampling import EVERYTHING, sample_hash
from collector.models.batch import KeptEntry

#: Sampled entries a second, over all shards.
TARGET_PER_S = 50
#: How far one looks back; a threshold that may rise does so once in this time.
WINDOW_S = 10
#: The least share of operations: one in a million.
LEAST = EVERYTHING // 2**20
#: Where it begins: a first start may have a backlog of millions of lines, and a trickle is seen to be one at once.
FIRST = EVERYTHING // 2**10
#: A tick keeps no more: until collectors know a lower threshold they go on with theirs.
MOST_A_TICK = 1000

#: (activity id, server id, entry)
Kept = tuple[int, int, KeptEntry]
T = TypeVar("T")


class SamplingThreshold:
    """The threshold and what came of it in the last seconds."""

    def __init__(self, value: int = FIRST, *, shards: int = 1) -> None:
        """Args: shards: we see one of so many shards, and take the others to be like it."""
        self.value = min(max(value, LEAST), EVERYTHING)
        self._shards = shards
        #: Second → [sampled entries, lines] that were counted in it, since the threshold was moved.
        self._seen: dict[int, list[int]] = {}
        self._moved_s = float("-inf")

    def add(self, *, sampled: int, lines: int, now_s: float) -> None:
        """Say what a tick brought."""
        seen = self._seen.setdefault(int(now_s), [0, 0])
        seen[0] += sampled
        seen[1] += lines

    def adapt(self, now_s: float) -> int:
        """The threshold from now on; asked for once a second."""
        now = int(now_s)
        # A clock that is set back starts the window anew.
        self._seen = {second: seen for second, seen in self._seen.items() if now - WINDOW_S < second <= now}
        newest = max(self._seen.values(), default=[0, 0])
        worst_per_s = newest[0] * self._shards
        per_s = sum(sampled for sampled, _ in self._seen.values()) * self._shards / WINDOW_S
        lines_per_s = max((lines for _, lines in self._seen.values()), default=0) * self._shards
        if max(per_s, worst_per_s / 4) > 2 * TARGET_PER_S:
            self._move(self.value >> ceil(log2(max(per_s, worst_per_s / 4) / TARGET_PER_S)), now_s)
        elif lines_per_s and 2 * lines_per_s * self.value / EVERYTHING <= TARGET_PER_S:
            # Even if each line were of a sampled operation: no need to wait and see.
            self._move(int(EVERYTHING * 2 ** -max(0, ceil(log2(lines_per_s / TARGET_PER_S)))), now_s)
        elif lines_per_s and 2 * per_s < TARGET_PER_S and not 0 <= now_s - self._moved_s < WINDOW_S:
            self._move(self.value * 2, now_s)
        return self.value

    def _move(self, value: int, now_s: float) -> None:
        value = min(max(value, LEAST), EVERYTHING)
        if value != self.value:
            self.value, self._moved_s = value, now_s
            self._seen.clear()


def bounded(samples: Sequence[Kept], most: int = MOST_A_TICK) -> Sequence[Kept]:
    """At most so many, chosen as a lower threshold would: what stays is whole operations."""
    if len(samples) <= most:
        return samples
    by_hash = sorted((sample_hash(entry.request_id.encode()), place) for place, (_, _, entry) in enumerate(samples))
    threshold = EVERYTHING
    while threshold > LEAST and by_hash[most][0] < threshold:
        threshold //= 2
    below = (place for value, place in by_hash[:most] if value < threshold)
    return [samples[place] for place in sorted(below)]
