"""The list of what declared and observed do not agree on: what is surest first, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log10

from msgspec.structs import replace

from visualizer.core.evidence import WATCHED_S, asks
from visualizer.core.freshness import duration_words
from visualizer.models.evidence import (
    DANGLING,
    DRIFT,
    NEVER,
    QUIET,
    SKEWED,
    UNDECLARED,
    AcceptedEdge,
    Evidence,
    edge_identity,
)
from visualizer.models.node_id import dangling_name
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, Edge, Topology

STATE_WORDS = {
    DANGLING: "Dangling",
    SKEWED: "Other version",
    UNDECLARED: "Undeclared",
    QUIET: "Gone quiet",
    NEVER: "Never seen",
}
#: From this confidence on.
_CERTAIN, _LIKELY = 0.95, 0.7
#: What is usual may change, and often for good reasons.
_LIKELY_AT_MOST = 0.94
#: What a caller says of itself is believed less than what readers log, until it is said often.
_TOLD = 0.6
_DOES = {REQUEST: "comes in", READ: "is read", WRITE: "is written", CALL: "calls"}


@dataclass(frozen=True, slots=True)
class Drift:
    """An edge of the list."""

    edge: Edge
    evidence: Evidence
    #: How sure it is that something differs, 0 … 1.
    confidence: float
    #: What is the matter, on what it rests, and what to do, a sentence each.
    cause: str
    proof: str
    advice: str

    @property
    def state_words(self) -> str:
        """ "Undeclared"."""
        return STATE_WORDS[self.evidence.state]

    @property
    def sureness(self) -> str:
        """certain | likely | possible."""
        if self.confidence >= _CERTAIN:
            return "certain"
        return "likely" if self.confidence >= _LIKELY else "possible"


def list_drift(edges: Iterable[Edge], evidence: Mapping[str, Evidence], *, now_s: float) -> list[Drift]:
    """Those that are not confirmed, the surest first; equally sure ones in the order of their states and names."""
    rows = []
    for edge in edges:
        if (found := evidence.get(edge.id)) is not None:
            rows.append(Drift(edge, found, _confidence(found, now_s), *_words(edge, found, now_s)))
    return sorted(rows, key=lambda row: (-row.confidence, DRIFT.index(row.evidence.state), row.edge.id))


def with_answers(
    topology: Topology, evidence: Mapping[str, Evidence], accepted: Mapping[str, AcceptedEdge], *, now_s: float
) -> dict[str, Evidence]:
    """The same evidence, with what somebody takes for normal, and what asks for an answer."""
    answered = {}
    for edge in topology.edges:
        if (found := evidence.get(edge.id)) is not None:
            taken = accepted.get(edge_identity(edge))
            found = replace(found, accepted=taken is not None and taken.state == found.state)
            answered[edge.id] = replace(found, asks=asks(found, now_s=now_s))
    return answered


def _confidence(found: Evidence, now_s: float) -> float:
    if found.state in (DANGLING, SKEWED):
        return 1.0
    if found.state == UNDECLARED:
        often = 1 - 1 / (2 + log10(max(1, found.count)))
        return _TOLD + (1 - _TOLD) * often if found.told else 0.9 + 0.1 * often
    if found.state == QUIET:
        age_s = max(1.0, now_s - found.last_s, found.allowed_s)
        return min(_LIKELY_AT_MOST, 1 - 0.5 * found.allowed_s / age_s)
    watched_s = now_s - found.since_s if found.since_s else 0.0
    return 0.6 * watched_s / (watched_s + 7 * WATCHED_S)


def _words(edge: Edge, found: Evidence, now_s: float) -> tuple[str, str, str]:
    target = dangling_name(edge.target)
    if found.state == SKEWED and not edge.declared:
        runs = ", ".join(found.versions)
        return (f"It calls {runs}, and declares another version.", _seen(found), "Let both name the same version.")
    if found.state == SKEWED:
        runs = ", ".join(found.versions)
        return (
            f"It declares {target}; what is there is {runs}.",
            "Configs tell.",
            "Name the version that runs, or run it.",
        )
    if found.state == DANGLING:
        return (
            f"It declares a call to {target}; no config and no line knows that.",
            "Configs tell.",
            "Mend its connection, or poll the host that has it.",
        )
    if found.state == UNDECLARED:
        return _undeclared_words(edge, found, now_s)
    if found.state == QUIET:
        usual = duration_words(found.allowed_s)
        cause = f"Not seen for {duration_words(now_s - found.last_s)}; up to {usual} is usual at this time of the day."
        return cause, _seen(found), "See whether it still runs."
    if not found.since_s:
        return "Declared, and neither end was seen yet.", "Nothing was seen.", "Wait, or take it out of the config."
    watched = duration_words(now_s - found.since_s)
    return (
        f"Declared, and not seen in the {watched} in which its ends were.",
        "Their lines were read, none tells of it.",
        "Use it, or take it out of the config.",
    )


def _undeclared_words(edge: Edge, found: Evidence, now_s: float) -> tuple[str, str, str]:
    if found.old:
        ago = duration_words(now_s - found.last_s)
        return f"In no config, and not seen for {ago}.", _seen(found), "Nothing is to be done unless it comes again."
    if found.alone:
        return "Neither end has a config that could declare it.", _seen(found), "Nothing is to be done."
    if edge.kind == READ:
        cause, advice = "It reads, and no config says so (any more).", "Declare its read_stream, or end the consumer."
    elif edge.kind == CALL:
        cause, advice = "It calls, and no config says so (any more).", "Declare the connection, or find out who calls."
    else:
        cause = f"It {_DOES[edge.kind]}, and no config says so (any more)."
        advice = "Declare it, or poll the host that does."
    return cause, _seen(found), advice


def _seen(found: Evidence) -> str:
    if found.inferred:
        return "Inferred: lines do not tell who writes, but both its ends ran."
    times = f"Seen {found.count:,} times" if found.count != 1 else "Seen once"
    return f"{times}, by the name the caller gives itself." if found.told else f"{times} in the logs."
