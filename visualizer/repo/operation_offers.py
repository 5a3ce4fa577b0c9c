"""Reading which other operations one may be compared with: found by indexes, in a bounded number of rows."""

from __future__ import annotations

from collections import defaultdict

from collector.models.activity import Status
from visualizer.repo.models import Failure, SampledEntry

#: Of the newest entries that were kept of all requests, so many are looked through for one that went well.
LOOKED_AT = 4000
#: Of the newest failures of each activity of the path.
_FAILURES = 10
_MOST_ACTIVITIES = 50


def newest_well(request_id: str) -> tuple[str, float] | None:
    """
    (request id, unix time) of the newest other request of which everything ended well, and that ran whatever this one
    ran; None where it is not among the newest LOOKED_AT entries.
    """
    wanted = set(_activities(request_id))
    if not wanted:
        return None
    rows = SampledEntry.objects.exclude(request_id=request_id).exclude(request_id="").order_by("-timestamp_s")
    newest: dict[str, float] = {}
    ran = defaultdict[str, set[int]](set)
    still_open = defaultdict[tuple[str, int], int](int)
    failed: set[str] = set()
    for other, at_s, activity_id, status in rows.values_list("request_id", "timestamp_s", "activity_id", "status")[
        :LOOKED_AT
    ]:
        newest.setdefault(other, at_s)
        ran[other].add(activity_id)
        # A line that tells the end alone closes nothing.
        still_open[other, activity_id] += 1 if status == Status.START else -1
        if status == Status.FAILED:
            failed.add(other)
    for other, at_s in newest.items():
        if other not in failed and ran[other] >= wanted and all(still_open[other, each] <= 0 for each in ran[other]):
            return other, at_s
    return None


def newest_failed(request_id: str) -> tuple[str, float] | None:
    """
    (request id, unix time) of the newest other request that failed in what this one ran: of those that were kept whole
    where there is one, else of which the failure alone was kept.
    """
    found: dict[str, float] = {}
    for activity_id in _activities(request_id)[:_MOST_ACTIVITIES]:
        rows = Failure.objects.filter(activity_id=activity_id).order_by("-timestamp_s")
        for other, at_s in rows.values_list("request_id", "timestamp_s")[:_FAILURES]:
            if other and other != request_id:
                found[other] = max(at_s, found.get(other, at_s))
    whole = set(SampledEntry.objects.filter(request_id__in=found).values_list("request_id", flat=True))
    return max(found.items(), key=lambda each: (each[0] in whole, each[1]), default=None)


def _activities(request_id: str) -> list[int]:
    """Ids of what it ran, the first first."""
    found: dict[int, None] = {}
    for table in (SampledEntry, Failure):
        rows = table.objects.filter(request_id=request_id).order_by("timestamp_s")
        found |= dict.fromkeys(rows.values_list("activity_id", flat=True)[:LOOKED_AT])
    return list(found)
