"""The outbox: what channels are to be told, kept in the transaction that opened the incident, until it was told."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex

from django.db.models import F

from visualizer.repo.incident_models import KeptIncident, Notification

OPENED, CHANGED, MERGED, RESOLVED = "opened", "changed", "merged", "resolved"
#: Who sends has so long; after that somebody else tries: better twice than never.
LEASE_S = 60.0
#: Between two tries: doubled each time, up to the second.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 600.0


def put_in_outbox(row: KeptIncident, kind: str, channels: Sequence[str], *, due_s: float) -> None:
    """Each of these channels is to be told, once it is due."""
    Notification.objects.bulk_create(
        Notification(incident=row, channel=channel, kind=kind, event_id=token_hex(16), due_s=due_s)
        for channel in channels
    )


def was_put(row: KeptIncident, kind: str) -> bool:
    """Is anybody told, or to be told, this of the incident?"""
    return Notification.objects.filter(incident=row, kind=kind).exists()


def take_due(*, now_s: float, most: int) -> list[Notification]:
    """Those that are due, and nobody else's for LEASE_S from now on; of each incident in order."""
    due = Notification.objects.filter(sent_s=0, due_s__lte=now_s).select_related("incident").order_by("pk")[:most]
    return [
        each
        for each in due
        if Notification.objects.filter(pk=each.pk, due_s=each.due_s, sent_s=0).update(due_s=now_s + LEASE_S)
    ]


def mark_sent(sent: Notification, *, now_s: float) -> None:
    """It was told."""
    Notification.objects.filter(pk=sent.pk).update(sent_s=now_s, tries=F("tries") + 1, problem="")


def mark_failed(failed: Notification, problem: str, *, now_s: float) -> None:
    """It was not; it is tried again, less and less often, for as long as it takes."""
    pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failed.tries, 20))
    Notification.objects.filter(pk=failed.pk).update(due_s=now_s + pause_s, tries=F("tries") + 1, problem=problem[:512])


def failing_channels() -> dict[str, tuple[int, str]]:
    """Channel → (how much waits there after a failure, why the newest try failed)."""
    rows = Notification.objects.filter(sent_s=0).exclude(problem="").order_by("pk").values_list("channel", "problem")
    found: dict[str, tuple[int, str]] = {}
    for channel, problem in rows:
        found[channel] = (found.get(channel, (0, ""))[0] + 1, problem)
    return found
