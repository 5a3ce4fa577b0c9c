"""How apps did before and after something happened to them, for the cards of the time bar."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from visualizer.config import read_options
from visualizer.core.diff_words import failed_words, p95_words, worse_words
from visualizer.interfaces.diff_sides import WINDOW_S
from visualizer.models.topology_diff import Behaviour, BehaviourChange
from visualizer.repo.behaviour import read_behaviour
from visualizer.repo.node_details import read_keys


def before_and_after(
    words: str, *, before: Collection[str], after: Collection[str], at_s: float, until_s: float, now_s: float
) -> dict[str, Any]:
    """
    {"words", "worse", "before", "after"} of what happened from at_s to until_s. A side is {"runs", "failed", "p95"} in
    words, of up to WINDOW_S; "" for what history does not have.

    Args:
        before, after: keys of the apps that ran on each side.
    """
    change = BehaviourChange(
        id=words,
        name=words,
        before=_read(before, at_s - WINDOW_S, at_s, now_s=now_s),
        after=_read(after, until_s, min(until_s + WINDOW_S, now_s), now_s=now_s),
    )
    return {
        "words": words,
        "worse": worse_words(change),
        "before": _side(change.before),
        "after": _side(change.after),
    }


def _read(apps: Collection[str], since_s: float, until_s: float, *, now_s: float) -> Behaviour | None:
    resolutions = read_options().history
    if now_s - since_s > resolutions[-1].keep_s:
        return None
    activities = [pk for pk, key in read_keys().items() if key.app in apps]
    return read_behaviour(
        {"": activities},
        streams=(),
        since_s=since_s,
        until_s=until_s,
        resolutions=resolutions,
        now_s=now_s,
    ).get("")


def _side(behaviour: Behaviour | None) -> dict[str, str]:
    if behaviour is None:
        return {"runs": "", "failed": "", "p95": ""}
    return {"runs": f"{behaviour.runs:,}", "failed": failed_words(behaviour), "p95": p95_words(behaviour)}
