"""Pulses: which nodes just did something, each told a few times a second at most, whatever its rate."""

from __future__ import annotations

#: Pulses are told no more often than this: a ring takes longer to fade.
PULSE_EVERY_S = 0.25
#: At once; the others have their turn the next time.
MOST_PULSES = 24


class Pulses:
    """The nodes of one view. Times are unix seconds."""

    def __init__(self) -> None:
        #: Node id → time of its newest entry.
        self._entry_s: dict[str, float] = {}
        #: Nodes that have something to tell → when they told last.
        self._waiting: dict[str, float] = {}
        self._told_s: dict[str, float] = {}
        self._taken_s = 0.0

    def add(self, node: str, last_s: float) -> None:
        """A node's newest entry is of this time."""
        if last_s > self._entry_s.get(node, 0.0):
            self._entry_s[node] = last_s
            self._waiting[node] = self._told_s.get(node, 0.0)

    def take(self, now_s: float) -> list[str]:
        """The nodes to tell of now, those that told longest ago first."""
        if not self._waiting or 0 <= now_s - self._taken_s < PULSE_EVERY_S:
            return []
        self._taken_s = now_s
        chosen = sorted(self._waiting, key=self._waiting.__getitem__)[:MOST_PULSES]
        for node in chosen:
            del self._waiting[node]
            self._told_s[node] = now_s
        return chosen

    def forget(self) -> None:
        """What waits is no news."""
        self._waiting.clear()
