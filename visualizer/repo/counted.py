"""Reading the sums of everything that was ever counted, by names from short lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Sum

from collector.models.batch import SKIP_REASONS
from visualizer.repo.models import LostBytes, Source, SourceBytes, Total

#: Reasons that are ours; those of other formats are summed up under "other".
_REASONS = {*SKIP_REASONS, "", "dead_letter", "skewed"}
_LOST_REASONS = {"truncated", "rotated", "rewritten", "gone", "copytruncate", "deleted"}


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums over all of history."""

    #: Status → lines: started, done, failed, ignored.
    runs: dict[str, int]
    #: Σ (high water − first offset) over the sources.
    read_bytes: int
    #: (fate, reason) → (lines, bytes).
    fates: dict[tuple[str, str], tuple[int, int]]
    #: Reason → bytes that were gone before they could be read.
    lost_bytes: dict[str, int]


def reason_label(reason: str) -> str:
    """The reason, or "other" when a third party's format gave it: labels come from a short list."""
    return reason if reason in _REASONS else "other"


def read_counted() -> Counted:
    """
    The sums.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    statuses = ("started", "done", "failed", "ignored")
    runs = Total.objects.aggregate(**{f"{name}_sum": Sum(name, default=0) for name in statuses})
    read = Source.objects.aggregate(total=Sum(F("high_water") - F("first_offset"), default=0))["total"]
    fates: dict[tuple[str, str], tuple[int, int]] = {}
    rows = SourceBytes.objects.values_list("fate", "reason").annotate(n=Sum("lines"), size=Sum("size_bytes"))
    for fate, reason, lines, size_bytes in rows:
        key = (fate, reason_label(reason))
        before = fates.get(key, (0, 0))
        fates[key] = (before[0] + lines, before[1] + size_bytes)
    lost: defaultdict[str, int] = defaultdict(int)
    for reason, size_bytes in LostBytes.objects.values_list("reason").annotate(size=Sum("size_bytes")):
        lost[reason if reason in _LOST_REASONS else "other"] += size_bytes
    return Counted({name: runs[f"{name}_sum"] for name in statuses}, read, fates, dict(lost))
