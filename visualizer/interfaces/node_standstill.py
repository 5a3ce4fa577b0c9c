"""What stands still at a node, for its panel: it goes before what its numbers say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from visualizer.core.freshness import duration_words
from visualizer.core.halted import Halts
from visualizer.core.standstill_words import standstill_trouble
from visualizer.core.unseen import part_words, unseen_words
from visualizer.core.verdict import Verdict
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.models.delta import NodeStats
from visualizer.models.node_id import EVENT, STREAM
from visualizer.models.standstill import OldRun
from visualizer.models.topology import Node


class OpenRow(NamedTuple):
    """A run of the list."""

    run: OldRun
    began: datetime
    #: "2 min".
    age: str


def with_standstill(verdict: Verdict, node: Node, facts: PanelFacts, *, now_s: float) -> Verdict:
    """The verdict, where something stands still or nobody looks another one."""
    found = facts.standstills.get(node.id)
    stats = NodeStats(state=verdict.state)
    # What runs is seen, whatever the topology knows by now.
    is_known = (node.observed or verdict.state == "ok") and node.kind in (EVENT, STREAM)
    part = facts.unseen.get(node.id)
    unseen = frozenset({node.id}) if part and part.is_whole else frozenset[str]()
    Halts(facts.standstills, facts.is_blind, unseen).mark(stats, node.id, is_known=is_known)
    if found:
        trouble = standstill_trouble(found, now_s=now_s)
        verdict = Verdict(stats.state, trouble.headline, trouble.sentence)
    elif stats.state == "unknown":
        why = unseen_words(part) if part else "No collector or rollup has reported"
        return Verdict(stats.state, "Unknown", f"{why}: what it does now is not known. See the page Sources.")
    return verdict._replace(sentence=f"{verdict.sentence} {part_words(part)}") if part else verdict


def oldest_runs(node: Node, facts: PanelFacts, *, now_s: float) -> list[OpenRow]:
    """Its stuck runs, the oldest first, as far as they are told."""
    found = facts.standstills.get(node.id)
    return [
        OpenRow(run, datetime.fromtimestamp(run.began_s, UTC), duration_words(now_s - run.began_s))
        for run in (found.oldest if found else ())
    ]
