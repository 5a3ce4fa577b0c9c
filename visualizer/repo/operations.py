"""Reading what was kept whole of one request: sampled entries and failures, by any of its ids."""

from __future__ import annotations

from collections.abc import Iterable

from collector.models.activity import ActivityKey, Status
from visualizer.models.operation import MOST_ENTRIES, PathEntry
from visualizer.repo.models import Failure, SampledEntry
from visualizer.repo.tracked_values import find_tracked

_KEY = tuple(f"activity__{name}" for name in ActivityKey.__struct_fields__)
_IDS = ("request_id", "operation_id", "message_id")


def find_requests(any_id: str) -> list[str]:
    """Request ids that an id stands for: itself, those of an operation, a message or a tracked header; newest first."""
    for name in _IDS:
        found: dict[str, float] = {}
        for table in (SampledEntry, Failure):
            # Said as the index of message ids says it: it leaves out lines without one.
            rows = table.objects.filter(**{name: any_id}).exclude(**{name: ""}).exclude(request_id="")
            newest = rows.order_by("-timestamp_s").values_list("request_id", "timestamp_s")[:MOST_ENTRIES]
            for request_id, at_s in newest:
                found[request_id] = max(at_s, found.get(request_id, at_s))
        if found:
            return sorted(found, key=lambda each: -found[each])
    tracked, kept = find_tracked(any_id), set[str]()
    # A failure goes when there are newer ones, before what its headers held.
    for table in (SampledEntry, Failure):
        kept |= set(table.objects.filter(request_id__in=tracked).values_list("request_id", flat=True).distinct())
    return [each for each in tracked if each in kept]


def read_entries(request_id: str) -> tuple[list[PathEntry], bool]:
    """(what was kept of a request, whether that is more than MOST_ENTRIES). A failure that was sampled, too, is one."""
    columns = (*_KEY, "server__host_name", "server__pid", "timestamp_s", *_IDS)
    failures = list(Failure.objects.filter(request_id=request_id).values_list(*columns, "cause")[: MOST_ENTRIES + 1])
    rows = SampledEntry.objects.filter(request_id=request_id).order_by("timestamp_s", "pk")
    sampled = list(rows.values_list(*columns, "status", "duration_ms")[: MOST_ENTRIES + 1])
    causes = {row[:-1]: row[-1] for row in failures}
    entries = [
        _entry(row[:-2], Status(row[-2]), row[-1], causes.pop(row[:-2], "") if row[-2] == Status.FAILED else "")
        for row in sampled
    ]
    entries += [_entry(row, Status.FAILED, None, cause) for row, cause in causes.items()]
    return entries[:MOST_ENTRIES], len(entries) > MOST_ENTRIES


def _entry(row: tuple[object, ...], status: Status, duration_ms: float | None, cause: str) -> PathEntry:
    width = len(_KEY)
    host_name, pid, timestamp_s, request_id, operation_id, message_id = row[width:]
    return PathEntry(
        timestamp_s=float(str(timestamp_s)),
        status=status,
        key=ActivityKey(*map(str, row[:width])),
        host_name=str(host_name),
        pid=str(pid),
        duration_ms=duration_ms,
        request_id=str(request_id),
        operation_id=str(operation_id),
        message_id=str(message_id),
        cause=cause,
    )


def newest_requests(*, count: int) -> Iterable[tuple[str, float]]:
    """(request id, unix time) of the newest sampled requests, each once."""
    rows = SampledEntry.objects.exclude(request_id="").order_by("-timestamp_s").values_list("request_id", "timestamp_s")
    found: dict[str, float] = {}
    for request_id, at_s in rows[: 20 * count]:
        found.setdefault(request_id, at_s)
    return list(found.items())[:count]
