"""
Keeps nodes from blinking: a worse state is shown when it has held for ENTER_S, a better one for LEAVE_S.

A node seen for the first time shows what it is, and so does one that starts to run or stops: there is nothing to hide.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from visualizer.core.node_state import worse

ENTER_S = 10.0
LEAVE_S = 60.0
_CALM = ("ok", "idle")


class Turn(NamedTuple):
    """A node that may be about to show another state."""

    #: What the numbers say now.
    state: str
    #: When it is to be shown, unix seconds, if they still say so.
    due_s: float
    #: Is it worse than what is shown?
    worse: bool


class StateMemory:
    """What each node shows, and what it may show soon."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._turns: dict[str, Turn] = {}

    def show(self, node: str, judged: str, now_s: float) -> str:
        """The state to show, given what the numbers say now."""
        shown = self._shown.get(node)
        if shown is None or shown == judged or judged == "idle" or (shown in _CALM and judged in _CALM):
            return self._take(node, judged)
        is_worse = worse(judged, than=shown)
        turn = self._turns.get(node)
        if turn is None or turn.worse != is_worse:
            turn = Turn(judged, now_s + (ENTER_S if is_worse else LEAVE_S), is_worse)
        self._turns[node] = turn._replace(state=judged)
        return self._take(node, judged) if now_s >= turn.due_s else shown

    def due(self, now_s: float) -> list[str]:
        """Nodes whose time has come, though their numbers did not move."""
        return [node for node, turn in self._turns.items() if now_s >= turn.due_s]

    def keep_only(self, nodes: Collection[str]) -> None:
        """Forget nodes that are no longer drawn."""
        for table in (self._shown, self._turns):
            for node in [node for node in table if node not in nodes]:
                del table[node]

    def _take(self, node: str, state: str) -> str:
        self._turns.pop(node, None)
        self._shown[node] = state
        return state
