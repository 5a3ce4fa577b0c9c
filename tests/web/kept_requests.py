"""Requests that were kept, written into SQL as the rollup does."""

from __future__ import annotations

from collector.models.activity import ActivityKey, Status
from visualizer.repo.models import Activity, Failure, SampledEntry, SeenServer

#: What times are told from, unix seconds.
NOW = 1_800_000_000.0


def ran(
    key: ActivityKey,
    status: Status,
    at_ms: float,
    *,
    request: str = "r-1",
    operation: str = "",
    message: str = "",
    took_ms: float | None = None,
    host: str = "h",
) -> None:
    """A line of a run, so long after NOW."""
    SampledEntry.objects.create(
        activity=activity_of(key),
        server=SeenServer.objects.get_or_create(host_name=host, pid="1")[0],
        timestamp_s=NOW + at_ms / 1000,
        status=status,
        duration_ms=took_ms,
        request_id=request,
        operation_id=operation or f"{request} {key.event}",
        message_id=message,
    )


def fails(
    key: ActivityKey, at_ms: float, *, request: str = "r-1", operation: str = "", message: str = "", cause: str = ""
) -> None:
    """A failure, as it is kept beside what is sampled."""
    Failure.objects.create(
        activity=activity_of(key),
        server=SeenServer.objects.get_or_create(host_name="h", pid="1")[0],
        timestamp_s=NOW + at_ms / 1000,
        request_id=request,
        operation_id=operation or f"{request} {key.event}",
        message_id=message,
        cause=cause,
    )


def activity_of(key: ActivityKey) -> Activity:
    """Its row."""
    fields = ("app", "plugin", "event", "kind", "stream", "queue", "consumer_group")
    names = {name: getattr(key, name) for name in fields}
    return Activity.objects.get_or_create(defaults={"first_seen_s": 0}, **names)[0]
