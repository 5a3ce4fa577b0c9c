"""
Processes that said nothing for PROCESSES_S are kept apart no longer: their totals are added to those of LONG_GONE, in
the transaction that deletes them. So no sum changes, and a new process has the room (NameCaps.servers). Their names
stay, as buckets of years ago have them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from collector.lib.failpoint import failpoint
from visualizer.models.seen_process import LONG_GONE, PROCESSES_S
from visualizer.repo.buckets import ADD_TOTAL, TOTAL, lock_shard
from visualizer.repo.models import SeenServer, Total

#: Processes that are looked at in one run, and how often that is another page of them: each of a million once in a day.
_A_PAGE, _PAGE_S = 1000, 60
#: Totals of one transaction: a few milliseconds, in which nobody else can write to SQLite.
_ROWS = 500
_LONG_GONE: dict[str, Any] = {"host_name": LONG_GONE.host_name, "pid": LONG_GONE.pid}

_FOLD = """
SELECT shard, activity_id, {server}, SUM(started), SUM(done), SUM(failed), SUM(ignored), MAX(last_s)
FROM visualizer_total WHERE id IN ({ids}) GROUP BY shard, activity_id
"""


def fold_old_processes(*, now_s: float, shards: int, go_on: Callable[[], bool]) -> int:
    """
    Look at a page of processes, and fold those that are over; returns how many totals that were.

    Args:
        now_s: unix time; says which page it is, too.
        go_on: asked before each transaction; what is left is for the next time.
    """
    before_s, newest = int(now_s - PROCESSES_S), SeenServer.objects.aggregate(id=Max("id"))["id"] or 0
    first = int(now_s) // _PAGE_S % (newest // _A_PAGE + 1) * _A_PAGE
    folded = 0
    for shard in range(shards):
        totals = Total.objects.filter(shard=shard, server_id__gte=first, server_id__lt=first + _A_PAGE)
        totals = totals.exclude(server__in=SeenServer.objects.filter(**_LONG_GONE))
        ages = totals.values_list("server_id").order_by("server_id").annotate(newest_s=Max("last_s"))
        old = [server for server, newest_s in ages if newest_s < before_s]
        while old and go_on():
            rows = _fold(old, before_s=before_s, shard=shard)
            folded += rows
            if rows < _ROWS:
                break
    return folded


def _fold(servers: Sequence[int], *, before_s: int, shard: int) -> int:
    """Some totals of these; who speaks again meanwhile keeps what is new."""
    with transaction.atomic():
        lock_shard(shard)
        rows = Total.objects.filter(shard=shard, server_id__in=servers, last_s__lt=before_s)
        ids = list(rows.order_by("server_id").values_list("id", flat=True)[:_ROWS])
        if ids:
            long_gone, _ = SeenServer.objects.get_or_create(**_LONG_GONE)
            # Only integers of ours.
            folded = _FOLD.format(server=long_gone.pk, ids=",".join(map(str, ids)))
            with connection.cursor() as cursor:
                cursor.execute(TOTAL + folded + ADD_TOTAL)
            Total.objects.filter(id__in=ids).delete()
            failpoint("before_processes_commit")
    return len(ids)
