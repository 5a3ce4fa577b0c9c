"""Says in one sentence how a node is, from its numbers of the last minute."""

from __future__ import annotations

from typing import NamedTuple

from visualizer.models.delta import NodeStats
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


def give_verdict(kind: str, stats: NodeStats, servers: tuple[ServerShare, ...], *, seen: bool) -> Verdict:
    """The verdict on a node of this kind."""
    state = stats.state
    if kind == DANGLING:
        return Verdict("idle", "Not there", "Something calls it, and no polled host declares it.")
    if state == "idle":
        return Verdict(
            state, _WORDS[state], "Nothing ran in the last 60 s." if seen else "It has never been seen to run."
        )
    if kind == STREAM:
        wait = f" They waited {duration_ms_words(stats.wait)} (p95)." if stats.wait is not None else ""
        return Verdict(state, _WORDS[state], f"{stats.started:,} messages were read in the last 60 s.{wait}")
    ended = stats.done + stats.failed + stats.ignored
    if not stats.failed:
        none = "no run failed" if ended else "none has ended yet"
        return Verdict(state, _WORDS[state], f"{max(ended, stats.started):,} runs in the last 60 s, {none}.")
    share = f"{stats.failed:,} of {ended:,} runs failed in the last 60 s ({100 * stats.failed / ended:.3g} %)."
    return Verdict(state, _WORDS[state], share + _where(stats.failed, servers))


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
