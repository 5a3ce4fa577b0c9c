"""Makes history coarser and lets go of what is over, in small transactions: the rollup writes in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from collector.models.resolution import Resolution
from visualizer.core.roll_up import SAMPLES_S
from visualizer.models.seen_process import PROCESSES_S
from visualizer.repo.drawn_models import ConfigSnapshot, TopologyContent, TopologySpan
from visualizer.repo.feeds import old_feeds
from visualizer.repo.folding import fold, folds
from visualizer.repo.history_models import Bucket
from visualizer.repo.letting_go import let_go, let_oldest_go
from visualizer.repo.models import DeadLetter, SampledEntry, SeenHour
from visualizer.repo.process_models import SeenProcess
from visualizer.repo.seen_hours import SEEN_HOURS_S
from visualizer.repo.shard_state import read_shards
from visualizer.repo.tracked_models import TrackedValue

#: Rows of one transaction: a few milliseconds, in which nobody else can write to SQLite.
ROWS_AT_ONCE = 1000
#: Batches that could not be read are kept for people, so many and so long.
DEAD_LETTERS = 10_000
DEAD_LETTER_S = 7 * 86400
#: Sampled entries that are kept.
SAMPLES = 1_000_000
#: The same of what tracked headers held: a storm of failures brings more of it than samples do.
TRACKED = 4 * SAMPLES

GoOn = Callable[[], bool]


def coarsen(resolutions: Sequence[Resolution], *, now_s: float, go_on: GoOn = lambda: True) -> int:
    """
    Make wider buckets of those that are over, and let finer ones go whose time is over.

    Args:
        resolutions: of history, the finest first.
        go_on: asked before each transaction; what is left is for the next time.

    Returns:
        Blocks written and rows deleted.
    """
    steps = folds(resolutions)
    done = sum(fold(step, now_s=now_s, go_on=go_on) for step in steps)
    shards = read_shards()
    done += sum(let_go(step, now_s=now_s, shards=shards, go_on=go_on) for step in steps)
    return done + let_oldest_go(resolutions[-1], now_s=now_s, go_on=go_on)


def compact(*, now_s: float, retention_s: float, fine_s: float, go_on: GoOn = lambda: True) -> int:
    """
    Delete what is over: 1 s buckets, of which wider ones are there, dead letters, sampled entries and what headers held
    that were tracked, hours of which nothing is learnt any more, processes, configs and topologies.

    Args:
        fine_s: how long 1 s buckets are kept.
        go_on: asked before each transaction; what is left is for the next time.

    Returns:
        Rows deleted.
    """
    oldest_sample = SampledEntry.objects.order_by("timestamp_s").values_list("timestamp_s", flat=True)[:1]
    over: list[QuerySet[Any]] = [
        Bucket.objects.filter(width_s=1, start_s__lt=int(now_s - fine_s)),
        DeadLetter.objects.filter(created_s__lt=int(now_s - DEAD_LETTER_S)),
        *_beyond(DeadLetter.objects.all(), DEAD_LETTERS),
        SampledEntry.objects.filter(timestamp_s__lt=now_s - SAMPLES_S),
        TrackedValue.objects.filter(timestamp_s__lt=now_s - SAMPLES_S),
        SeenHour.objects.filter(start_s__lt=int(now_s - SEEN_HOURS_S)),
        SeenProcess.objects.filter(last_s__lt=int(now_s - PROCESSES_S)),
        *old_feeds(now_s=now_s),
        _old_snapshots(now_s - retention_s),
        *_old_topologies(int(now_s - retention_s)),
        *_beyond(SampledEntry.objects.all(), SAMPLES),
        *(TrackedValue.objects.filter(timestamp_s__lt=oldest_s) for oldest_s in oldest_sample),
        *_beyond(TrackedValue.objects.all(), TRACKED),
    ]
    return sum(_delete(rows, go_on) for rows in over)


def _beyond(rows: QuerySet[Any], most: int) -> list[QuerySet[Any]]:
    """
    All but the newest so many. PostgreSQL takes a number for what is there already and for what failed, too, so rows
    are counted; but only where the numbers leave room for more.
    """
    ids = rows.order_by("id").values_list("id", flat=True)
    # Two questions: SQLite looks through all rows for a first and a last at once.
    first, newest = ids.first(), ids.last()
    if first is None or newest is None or newest - first < most:
        return []
    # Databases count faster than they walk to the so manieth row.
    over = rows.count() - most
    return [rows.filter(id__lte=row_id) for row_id in ids[over - 1 : over]] if over > 0 else []


def _old_snapshots(before_s: float) -> QuerySet[ConfigSnapshot]:
    """What no host has declared since then; of each host the newest stays: it says what it was."""
    newer = ConfigSnapshot.objects.filter(host_url=OuterRef("host_url"), last_seen__gt=OuterRef("last_seen"))
    old = ConfigSnapshot.objects.filter(last_seen__lt=datetime.fromtimestamp(before_s, UTC))
    return old.filter(Exists(newer))


def _old_topologies(before_s: int) -> list[QuerySet[Any]]:
    """Spans that are over, but the newest, then contents of no span any more."""
    newer = TopologySpan.objects.filter(pk__gt=OuterRef("pk"))
    used = TopologySpan.objects.filter(content=OuterRef("pk"))
    return [
        TopologySpan.objects.filter(last_s__lt=before_s).filter(Exists(newer)),
        TopologyContent.objects.filter(~Exists(used)),
    ]


def _delete(rows: QuerySet[Any], go_on: Callable[[], bool]) -> int:
    deleted = 0
    while go_on():
        ids = list(rows.values_list("id", flat=True)[:ROWS_AT_ONCE])
        if not ids:
            break
        deleted += rows.model._default_manager.filter(id__in=ids).delete()[0]
    return deleted
