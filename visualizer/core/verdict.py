"""Says in one sentence how a node is, from its numbers of the last minute."""

from __future__ import annotations

from typing import NamedTuple

from visualizer.core.freshness import duration_words
from visualizer.models.delta import NodeStats
from visualizer.models.live import STATE_WINDOW_S
from visualizer.models.node_details import ServerShare
from visualizer.models.node_id import DANGLING, STREAM

#: One server has "almost all" of the failures from this share on.
_ALMOST_ALL = 0.8
_WORDS = {"fail": "Failing", "warn": "Some runs fail", "wait": "Messages wait", "ok": "Healthy", "idle": "Idle"}


class Verdict(NamedTuple):
    """What stands on top of the panel."""

    #: One of STATES.
    state: str
    #: Two words.
    headline: str
    #: One sentence with the numbers it rests on.
    sentence: str


def give_verdict(
    kind: str, stats: NodeStats, servers: tuple[ServerShare, ...], *, seen: bool, then_s: int = 0
) -> Verdict:
    """
    The verdict on a node of this kind.

    Args:
        then_s: how many seconds before a moment the numbers are of; 0: they are the last minute's.
    """
    state, within = stats.state, _within(then_s)
    if kind == DANGLING:
        return Verdict("idle", "Not there", "Something calls it, and no polled host declares it.")
    if state == "idle":
        never = "It had not been seen to run by then." if then_s else "It has never been seen to run."
        return Verdict(state, _WORDS[state], f"Nothing ran {within}." if seen else never)
    if kind == STREAM:
        wait = f" They waited {duration_ms_words(stats.wait)} (p95)." if stats.wait is not None else ""
        return Verdict(state, _WORDS[state], f"{stats.started:,} messages were read {within}.{wait}")
    ended = stats.done + stats.failed + stats.ignored
    if not stats.failed:
        none = "no run failed" if ended else "none has ended yet"
        return Verdict(state, _WORDS[state], f"{max(ended, stats.started):,} runs {within}, {none}.")
    share = f"{stats.failed:,} of {ended:,} runs failed {within} ({100 * stats.failed / ended:.3g} %)."
    return Verdict(state, _WORDS[state], share + _where(stats.failed, servers))


def _within(then_s: int) -> str:
    if not then_s:
        return f"in the last {STATE_WINDOW_S} s"
    return f"in the {f'{then_s} s' if then_s <= STATE_WINDOW_S else duration_words(then_s)} before"


def duration_ms_words(value_ms: float | None) -> str:
    """4.2 → "4.2 ms", 3200 → "3.2 s"; "–" for None."""
    if value_ms is None:
        return "–"
    return f"{value_ms:.3g} ms" if value_ms < 1000 else f"{value_ms / 1000:,.3g} s"


def _where(failed: int, servers: tuple[ServerShare, ...]) -> str:
    if len(servers) < 2:
        return ""
    worst = max(servers, key=lambda server: server.failed)
    return f" Almost all of them on {worst.host_name} · {worst.pid}." if worst.failed >= _ALMOST_ALL * failed else ""
