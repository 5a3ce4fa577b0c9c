"""Reading how every app did in the last minutes, in beats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import F, Sum

from visualizer.models.beat import BEAT_S, BEATS, Beat
from visualizer.models.node_details import SLOT_S
from visualizer.repo.app_numbers import OUTGOING
from visualizer.repo.history_models import Bucket


def read_beats(end_s: int) -> Mapping[str, tuple[Beat, ...]]:
    """App key → its last BEATS beats before a multiple of BEAT_S, oldest first, for apps that ran; one query."""
    first = end_s // BEAT_S - BEATS
    rows = (
        Bucket.objects.filter(width_s=SLOT_S, start_s__gte=first * BEAT_S, start_s__lt=end_s)
        .exclude(activity__kind__in=OUTGOING)
        .annotate(beat=F("start_s") / BEAT_S)
        .values_list("activity__app", "beat")
        .annotate(runs=Sum("done") + Sum("failed") + Sum("ignored"), failures=Sum("failed"))
    )
    found = defaultdict[str, list[Beat]](lambda: [Beat()] * BEATS)
    for app, beat, runs, failed in rows:
        found[app][beat - first] = Beat(runs, failed)
    return {app: tuple(beats) for app, beats in found.items()}
