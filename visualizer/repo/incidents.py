"""Keeps alerts and incidents in SQL. Who judges holds the clock: two workers that judge at once never do it twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from visualizer.models.alert import Alert, Incident, IncidentEvent, Member
from visualizer.repo.incident_models import AlertClock, IncidentLine, KeptAlert, KeptIncident

#: Incidents that are over are kept so long.
KEEP_S = 400 * 86400
#: Lines of one timeline, and how many of them are its first.
MOST_LINES, FIRST_LINES = 1000, 50
#: Nobody looks for longer before judging; what was judged later than that was judged before the clock was set back.
LATE_S = 60.0
_FIELDS = ("rule", "subject", "bad_s", "firing_s", "good_s", "seen_s", "words")


@contextmanager
def judging(now_s: float, *, least_s: float) -> Iterator[float | None]:
    """
    A transaction of whoever judges: when it was done last, unix seconds, now for the first time; None where somebody
    did it less than `least_s` ago, or looked later meanwhile.

    Raises:
        django.db.DatabaseError: nothing is half done.
    """
    with transaction.atomic():
        AlertClock.objects.get_or_create(pk=1)
        clock = AlertClock.objects.select_for_update().get(pk=1)
        is_due = not now_s - least_s < clock.judged_s < now_s + LATE_S
        if is_due:
            AlertClock.objects.filter(pk=1).update(judged_s=now_s)
        yield (clock.judged_s or now_s) if is_due else None


def read_alerts() -> dict[tuple[str, str], Alert]:
    """Every alert, by rule and subject."""
    return {(row[0], row[1]): Alert(*row) for row in KeptAlert.objects.values_list(*_FIELDS)}


def keep_alerts(before: Mapping[tuple[str, str], Alert], after: Mapping[tuple[str, str], Alert]) -> None:
    """Bring the kept ones from what was read to what is now."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if not changed:
        return
    # There is no unique index over both: a subject may be longer than an index takes.
    stale = [
        pk for pk, rule, subject in KeptAlert.objects.values_list("pk", "rule", "subject") if (rule, subject) in changed
    ]
    KeptAlert.objects.filter(pk__in=stale).delete()
    KeptAlert.objects.bulk_create(KeptAlert(**asdict(after[key])) for key in sorted(changed & after.keys()))


def read_open_incidents() -> list[Incident]:
    """Those that are not over, the oldest first."""
    return [incident_from(row) for row in KeptIncident.objects.filter(resolved_s=0).order_by("opened_s", "key")]


def keep_incidents(incidents: Collection[Incident]) -> None:
    """Keep them, and what is new about each."""
    for incident in incidents:
        row, _ = KeptIncident.objects.update_or_create(
            key=incident.key,
            defaults={
                "root": incident.root,
                "severity": incident.severity,
                "opened_s": incident.opened_s,
                "resolved_s": incident.resolved_s,
                "members": msgspec.to_builtins(incident.members),
            },
        )
        add_lines(row, incident.news)


def add_lines(row: KeptIncident, events: Sequence[IncidentEvent]) -> None:
    """Lines of its timeline; of one that goes on and on, how it began and the newest are kept."""
    if not events:
        return
    IncidentLine.objects.bulk_create(IncidentLine(incident=row, **asdict(event)) for event in events)
    lines = IncidentLine.objects.filter(incident=row)
    if (more := lines.count() - MOST_LINES) > 0:
        between = lines.order_by("pk").values_list("pk", flat=True)[FIRST_LINES : FIRST_LINES + more]
        IncidentLine.objects.filter(pk__in=list(between)).delete()


def read_incident_rows(*, is_open: bool, count: int, before_s: float | None = None) -> list[KeptIncident]:
    """The newest so many; of those that began before a time, if given."""
    rows: QuerySet[KeptIncident] = KeptIncident.objects.order_by("-opened_s", "key")
    rows = rows.filter(resolved_s=0) if is_open else rows.exclude(resolved_s=0)
    return list((rows if before_s is None else rows.filter(opened_s__lt=before_s))[:count])


def read_incident_page(*, state: str, since_s: float | None, first: int, count: int) -> tuple[list[KeptIncident], int]:
    """
    (so many from the first on, the newest first; how many there are).

    Args:
        state: "open", "over", or "" for both.
        since_s: only those that were not over by then; None for all.
    """
    rows: QuerySet[KeptIncident] = KeptIncident.objects.order_by("-opened_s", "key")
    if state:
        rows = rows.filter(resolved_s=0) if state == "open" else rows.exclude(resolved_s=0)
    if since_s is not None:
        rows = rows.filter(Q(resolved_s=0) | Q(resolved_s__gte=since_s))
    return list(rows[first : first + count]), rows.count()


def read_incidents_between(since_s: float, until_s: float, *, count: int) -> list[Incident]:
    """Those that were open at any time in [since_s, until_s): the newest so many, the newest first."""
    rows = KeptIncident.objects.filter(Q(resolved_s=0) | Q(resolved_s__gt=since_s), opened_s__lt=until_s)
    return [incident_from(row) for row in rows.order_by("-opened_s", "key")[:count]]


def read_incident_row(key: str) -> KeptIncident | None:
    """One of them."""
    # PostgreSQL takes no NUL, and no key has one.
    return None if "\0" in key else KeptIncident.objects.filter(key=key).first()


def read_lines(row: KeptIncident, *, count: int) -> list[IncidentEvent]:
    """The newest so many of its timeline, in order."""
    rows = IncidentLine.objects.filter(incident=row).order_by("-at_s", "-pk").values_list("at_s", "kind", "words")
    return [IncidentEvent(*each) for each in reversed(rows[:count])]


def count_open() -> int:
    """How many are not over, of those that people are told of."""
    return KeptIncident.objects.filter(resolved_s=0).exclude(severity="info").count()


def acknowledge(row: KeptIncident, *, by: str, now_s: float) -> bool:
    """Somebody takes care of it; False where somebody does already, or it is over."""
    mine = KeptIncident.objects.filter(pk=row.pk, acknowledged_s=0, resolved_s=0)
    if not mine.update(acknowledged_by=by, acknowledged_s=now_s):
        return False
    add_lines(row, [IncidentEvent(now_s, "acknowledged", f"{by or 'Somebody'} takes care of it.")])
    return True


def forget_old_incidents(*, now_s: float) -> None:
    """Let go of what was over long ago."""
    KeptIncident.objects.filter(resolved_s__gt=0, resolved_s__lt=now_s - KEEP_S).delete()


def incident_from(row: KeptIncident) -> Incident:
    """As the core has it."""
    members = msgspec.convert(row.members, list[Member])
    return Incident(row.key, row.root, row.severity, row.opened_s, members, resolved_s=row.resolved_s)
