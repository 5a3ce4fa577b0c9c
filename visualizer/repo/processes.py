"""
Which processes ran which app, and when they were seen. Written in the transaction that claims the batches: what comes
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Count, F, Max, Min, Q, Sum

from collector.models.activity import Server
from visualizer.models.seen_hour import SLOT_S
from visualizer.models.seen_process import ProcessSight, SeenProcess, name_of
from visualizer.repo.process_models import SeenProcess as SeenProcessRow
from visualizer.repo.upsert import upsert

_PROCESS = "INSERT INTO visualizer_seenprocess (app, server_id, shard, first_s, last_s, gap_s, slots)"
# What comes late, between two sights, makes neither the way between them shorter nor the slots more.
_ADD_PROCESS = f"""
ON CONFLICT (app, server_id, shard) DO UPDATE SET
  gap_s = {{greatest}}(visualizer_seenprocess.gap_s, excluded.gap_s,
    excluded.first_s - visualizer_seenprocess.last_s, visualizer_seenprocess.first_s - excluded.last_s),
  slots = visualizer_seenprocess.slots + CASE
    WHEN excluded.last_s / {SLOT_S} <= visualizer_seenprocess.last_s / {SLOT_S} THEN 0
    WHEN excluded.first_s / {SLOT_S} <= visualizer_seenprocess.last_s / {SLOT_S} THEN excluded.slots - 1
    ELSE excluded.slots END,
  first_s = {{least}}(visualizer_seenprocess.first_s, excluded.first_s),
  last_s = {{greatest}}(visualizer_seenprocess.last_s, excluded.last_s)
"""


def add_processes(sights: Sequence[ProcessSight], *, shard: int) -> None:
    """Add what was seen of processes, which are in order; it may be known already."""
    is_postgres = connection.vendor == "postgresql"
    words = {"greatest": "GREATEST", "least": "LEAST"} if is_postgres else {"greatest": "MAX", "least": "MIN"}
    rows = [(app, server, shard, *times) for app, server, *times in sights]
    upsert(_PROCESS, _ADD_PROCESS.format(**words), rows)


def read_places(*, shard: int, within_s: int) -> dict[tuple[str, int], int]:
    """(App key, server id) → when it was seen last, of those that were seen so shortly before the newest."""
    newest_s = SeenProcessRow.objects.filter(shard=shard).aggregate(newest=Max("last_s"))["newest"] or 0
    rows = SeenProcessRow.objects.filter(shard=shard, last_s__gte=newest_s - within_s)
    return {(app, server): last_s for app, server, last_s in rows.values_list("app", "server_id", "last_s")}


def read_processes(
    *, from_s: float, until_s: float, most: int, names: Collection[str] = (), least_s: int = 0
) -> list[SeenProcess]:
    """
    Those that were seen from from_s on, and first before until_s: those that came last, in order of their coming.

    Args:
        names: of apps, without their version; none of them: all.
        least_s: leave out what was seen for less.
    """
    rows = SeenProcessRow.objects.filter(last_s__gte=int(from_s), first_s__lt=until_s)
    if least_s:
        rows = rows.filter(last_s__gte=F("first_s") + least_s)
    if names:
        of_names = [Q(app=name) | Q(app__startswith=f"{name}.") for name in sorted(names)]
        rows = rows.filter(reduce(or_, of_names))
    found = (
        rows.values_list("app", "server__host_name", "server__pid")
        .annotate(first=Min("first_s"), last=Max("last_s"), gap=Max("gap_s"), slots_in_all=Sum("slots"))
        .order_by("-first", "app", "server__host_name", "server__pid")[:most]
    )
    return [SeenProcess(app, Server(host, pid), *times) for app, host, pid, *times in reversed(found)]


def find_short_lived(*, from_s: float, within_s: int, least: int) -> set[str]:
    """Names of apps with so many processes on one host that came from then on and were seen for less than so long."""
    rows = SeenProcessRow.objects.filter(first_s__gte=int(from_s), last_s__lt=F("first_s") + within_s)
    counts = rows.values_list("app", "server__host_name").order_by().annotate(n=Count("pk")).filter(n__gte=least)
    return {name_of(app) for app, *_ in counts}
