"""A TopologyDiff in words: what people read of it, in whichever form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from visualizer.core.clear_change import LEAST_FAILED, LEAST_RUNS, SLOWER, TWICE
from visualizer.core.verdict import duration_ms_words
from visualizer.models.topology_diff import ADDED, CHANGED, HOWS, REMOVED, Behaviour, BehaviourChange, Change

SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "~"}
KIND_WORDS = {
    "app": "app",
    "event": "event",
    "stream": "stream",
    "dangling": "unknown target",
    "external": "outside",
    "read": "reader",
    "write": "writer",
    "call": "call",
}
_PLURALS = {"outside": "outside systems"}


def summary(changes: Iterable[Change]) -> str:
    """ "2 events and 1 stream added, 1 call removed"; "nothing changed" of none."""
    counts = Counter((change.how, change.kind) for change in changes)
    parts = []
    for how in HOWS:
        kinds = [_counted(counts[how, kind], kind) for kind in KIND_WORDS if counts[how, kind]]
        if kinds:
            parts.append(f"{_joined(kinds)} {how}")
    return ", ".join(parts) or "nothing changed"


def counts_words(changes: Sequence[Change]) -> str:
    """ "3 added, 1 removed, 2 changed"; "nothing changed" of none."""
    counts = Counter(change.how for change in changes)
    return ", ".join(f"{counts[how]:,} {how}" for how in HOWS if counts[how]) or "nothing changed"


def change_words(change: Change) -> str:
    """ "event shop.1x0.pay (seen in logs, not declared)"."""
    undeclared = "" if change.declared else " (seen in logs, not declared)"
    return f"{KIND_WORDS.get(change.kind, change.kind)} {change.name}{undeclared}"


def rate_words(behaviour: Behaviour | None) -> str:
    """ "12 /s"; "–" where history has nothing."""
    if behaviour is None:
        return "–"
    rate = behaviour.per_s
    return f"{rate:,.0f} /s" if rate >= 10 else f"{rate:.2g} /s"


def failed_words(behaviour: Behaviour | None) -> str:
    """ "0.4 % of 1,240": the share and what it is one of."""
    if behaviour is None or behaviour.failed_percent is None:
        return "–"
    return f"{behaviour.failed_percent:.2g} % of {behaviour.runs:,}"


def p95_words(behaviour: Behaviour | None) -> str:
    """ "38 ms"."""
    return "–" if behaviour is None else duration_ms_words(behaviour.p95_ms)


def worse_words(row: BehaviourChange) -> str:
    """ "fails more, slower" when it clearly is; "" otherwise, and where one side has no history."""
    before, after = row.before, row.after
    if before is None or after is None:
        return ""
    was, now = before.failed_percent or 0.0, after.failed_percent or 0.0
    worse = []
    if before.runs >= LEAST_RUNS and after.failed >= LEAST_FAILED and now >= TWICE * was:
        worse.append("fails more")
    enough = min(before.runs, after.runs) >= LEAST_RUNS
    if enough and before.p95_ms and after.p95_ms and after.p95_ms >= SLOWER * before.p95_ms:
        worse.append("slower")
    return ", ".join(worse)


def _counted(count: int, kind: str) -> str:
    word = KIND_WORDS[kind]
    return f"{count:,} {word if count == 1 else _PLURALS.get(word, f'{word}s')}"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
