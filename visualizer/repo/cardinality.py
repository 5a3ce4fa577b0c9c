"""Reading which limits of names were passed."""

from __future__ import annotations

from django.db.models import Max, Sum

from visualizer.models.passed_limit import PassedLimit
from visualizer.repo.cardinality_models import CardinalityLimit


def read_limits(*, since_s: float = 0) -> list[PassedLimit]:
    """The limits that were passed, those passed lately alone when asked so; a name seen by two shards counts twice."""
    rows = CardinalityLimit.objects.filter(last_s__gte=int(since_s)).values_list("dimension", "within")
    sums = rows.annotate(beyond=Sum("names_beyond"), first=Max("offender"), last=Max("last_s"))
    return [PassedLimit(*row) for row in sums.order_by("dimension", "within")]
