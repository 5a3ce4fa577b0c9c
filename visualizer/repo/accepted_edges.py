"""Edges whose state somebody takes for normal."""

from __future__ import annotations

from visualizer.models.evidence import AcceptedEdge
from visualizer.repo.drawn_models import AcceptedEdge as AcceptedEdgeRow


def read_accepted() -> dict[str, AcceptedEdge]:
    """Edge identity → what was accepted of it."""
    rows = AcceptedEdgeRow.objects.values_list("edge", "state", "note", "accepted_by", "accepted_s")
    return {edge: AcceptedEdge(state, note, by, at_s) for edge, state, note, by, at_s in rows}


def accept_edge(edge: str, accepted: AcceptedEdge) -> None:
    """Take an edge's state for normal."""
    AcceptedEdgeRow.objects.update_or_create(edge=edge, defaults=accepted._asdict())


def reject_edge(edge: str) -> None:
    """Take nothing of this edge for normal any more."""
    AcceptedEdgeRow.objects.filter(edge=edge).delete()
