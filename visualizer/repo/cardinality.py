"""Reading which limits of names were passed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Sum

from visualizer.repo.models import CardinalityLimit


@dataclass(frozen=True, slots=True)
class PassedLimit:
    """One dimension, over all shards. Names are untrusted."""

    #: As in CardinalityLimit.
    dimension: str
    within: str
    names_beyond: int
    offender: str
    #: Unix second of the newest line with such a name.
    last_s: int


def read_limits(*, since_s: float = 0) -> list[PassedLimit]:
    """The limits that were passed, those passed lately alone when asked so; a name seen by two shards counts twice."""
    rows = CardinalityLimit.objects.filter(last_s__gte=int(since_s)).values_list("dimension", "within")
    sums = rows.annotate(beyond=Sum("names_beyond"), first=Max("offender"), last=Max("last_s"))
    return [PassedLimit(*row) for row in sums.order_by("dimension", "within")]
