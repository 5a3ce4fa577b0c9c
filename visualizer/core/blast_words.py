"""Impacts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from visualizer.core.freshness import duration_words
from visualizer.models.blast import FAILS, FILLS, LATER, NOW, STARVES, SUFFERS, Impact, Refill
from visualizer.models.node_id import STREAM
from visualizer.models.topology import Node


def impact_words(
    impact: Impact, way: str, nodes: Mapping[str, Node], *, refill: Refill | None = None, starts: Sequence[str] = ()
) -> str:
    """ "waits for its answer · 80 % of its runs"."""
    node, via = nodes[impact.id], nodes.get(impact.via)
    over = "it" if via is None or via.id in starts else via.name
    if way != SUFFERS:
        what = {FAILS: "fails", STARVES: "gets nothing any more", FILLS: "is not read any more"}[impact.how]
        return f"{over} {what} when this is down{_share_words(impact)}"
    if impact.how == FILLS:
        return _fill_words(refill or Refill())
    if impact.how == STARVES:
        return f"gets nothing from {over} any more{_share_words(impact)}"
    if via is not None and via.kind == STREAM:
        return f"cannot reach {over}{_share_words(impact)}"
    return f"waits for an answer of {over}{_share_words(impact)}" if node.kind != STREAM else "is down"


def blast_summary(impacts: Sequence[Impact], way: str) -> str:
    """ "2 suffer now, 4 later"."""
    now, later = (sum(impact.when == when for impact in impacts) for when in (NOW, LATER))
    verb = "suffer" if way == SUFFERS else "could be the cause"
    if not impacts:
        return "nothing suffers" if way == SUFFERS else "nothing else could be the cause"
    if way == SUFFERS:
        return f"{now:,} {verb} now, {later:,} later"
    return f"{len(impacts):,} {verb}"


def _fill_words(refill: Refill) -> str:
    if refill.overflow_s is not None:
        wait = f", of which {refill.waiting:,} wait already," if refill.waiting else ""
        return (
            f"fills up: full in about {duration_words(refill.overflow_s)} "
            f"({refill.most_messages:,} messages{wait} at {refill.per_s:,.3g} /s), then the oldest are lost"
        )
    if refill.most_messages == 0:
        return "holds what is written, without a limit"
    if refill.most_messages:
        return f"holds what is written, up to {refill.most_messages:,} messages; how many come is not known"
    return "holds what is written; how much of it is not known"


def _share_words(impact: Impact) -> str:
    if impact.share is None:
        return " · declared, never seen"
    return f" · {100 * impact.share:.2g} % of what it does" if impact.share < 0.995 else ""
