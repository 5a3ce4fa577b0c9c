"""The outbox: what channels are to be told, kept in the transaction that opened the incident, until it was told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from visualizer.repo.incident_models import KeptIncident, Notification

OPENED, CHANGED, MERGED, RESOLVED = "opened", "changed", "merged", "resolved"
#: Who sends has so long; after that somebody else tries: better twice than never.
LEASE_S = 60.0
#: Of those that are due, others may take so many before us.
_TRIED = 5
#: Between two tries: doubled each time, up to the second.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 600.0


def put_in_outbox(row: KeptIncident, kind: str, channels: Sequence[str], *, due_s: float) -> None:
    """Each of these channels is to be told, once it is due."""
    Notification.objects.bulk_create(
        Notification(incident=row, channel=channel, kind=kind, event_id=token_hex(16), due_s=due_s)
        for channel in channels
    )


def channels_told(row: KeptIncident) -> list[str]:
    """The channels that are told, or to be told, that it began."""
    return list(Notification.objects.filter(incident=row, kind=OPENED).order_by("pk").values_list("channel", flat=True))


def take_next(*, now_s: float, without: Collection[str] = ()) -> Notification | None:
    """
    The oldest that is due, and nobody else's for LEASE_S from now on. What a channel is told of an incident it is told
    in order: nothing is due while something before it is not sent.

    Args:
        without: channels that are left alone.
    """
    # Nobody waits for longer: what is due later is so by a clock that was set back since.
    is_due = Q(due_s__lte=now_s) | Q(due_s__gt=now_s + LONGEST_PAUSE_S + LEASE_S)
    before = Notification.objects.filter(
        incident=OuterRef("incident"), channel=OuterRef("channel"), sent_s=0, pk__lt=OuterRef("pk")
    )
    waiting = Notification.objects.filter(is_due, sent_s=0).exclude(channel__in=list(without))
    for each in waiting.filter(~Exists(before)).select_related("incident").order_by("pk")[:_TRIED]:
        if Notification.objects.filter(pk=each.pk, due_s=each.due_s, sent_s=0).update(due_s=now_s + LEASE_S):
            return each
    return None


def mark_sent(sent: Notification, *, now_s: float) -> None:
    """It was told; what waits for its channel as that did not work need not wait any longer."""
    Notification.objects.filter(pk=sent.pk).update(sent_s=now_s, tries=F("tries") + 1, problem="")
    held_back = Notification.objects.filter(channel=sent.channel, sent_s=0, due_s__gt=now_s + LEASE_S)
    held_back.exclude(problem="").update(due_s=now_s)


def mark_failed(failed: Notification, problem: str, *, now_s: float) -> list[KeptIncident]:
    """
    It was not; it is tried again, less and less often, for as long as it takes. What else is due in its channel would
    not have been taken either, and is held back: each waits by how often it was tried or held back itself.

    Returns:
        Other incidents of which something is held back for the first time, and was never tried.
    """
    with transaction.atomic():
        _wait(Notification.objects.filter(pk=failed.pk, sent_s=0), "tries", problem, now_s=now_s)
        others = Notification.objects.filter(channel=failed.channel, due_s__lte=now_s, sent_s=0).exclude(pk=failed.pk)
        new = others.filter(tries=0, held_back=0).exclude(incident=failed.incident_id).values("incident")
        incidents = list(KeptIncident.objects.filter(pk__in=new).order_by("pk"))
        _wait(others, "held_back", problem, now_s=now_s)
    return incidents


def _wait(rows: QuerySet[Notification], counted: str, problem: str, *, now_s: float) -> None:
    rows = rows.annotate(waits=F("tries") + F("held_back"))
    for waits in sorted(set(rows.values_list("waits", flat=True)), reverse=True):
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(waits, 20))
        again: dict[str, Any] = {"due_s": now_s + pause_s, "problem": problem[:512], counted: F(counted) + 1}
        rows.filter(waits=waits).update(**again)


def failing_channels() -> dict[str, tuple[int, str]]:
    """Channel → (how much waits there after a failure, why the newest try failed)."""
    waiting = Notification.objects.filter(sent_s=0).exclude(problem="")
    counts = waiting.values("channel").annotate(count=Count("pk"), newest=Max("pk")).order_by("channel")
    problems = dict(waiting.filter(pk__in=[each["newest"] for each in counts]).values_list("pk", "problem"))
    return {each["channel"]: (each["count"], problems.get(each["newest"], "")) for each in counts}
