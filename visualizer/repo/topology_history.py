"""Keeps every topology that was ever current, and from when until when it was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from visualizer.models.kept_topology import KeptApp, KeptTopology, KeptView, decode_kept, encode_kept, kept_version
from visualizer.models.topology_version import Cause, TopologyVersion
from visualizer.repo.buckets import lock_shard
from visualizer.repo.drawn_models import TopologyContent, TopologySpan

#: `last_s` is kept to the minute: it keeps a quiet system from writing.
LAST_STEP_S = 60
#: Two workers may find a topology new at the same time: one waits for the other, as rollups of one shard do.
_NO_SHARD = -1


def read_newest() -> TopologyVersion | None:
    """The version that was current last."""
    return _first(TopologySpan.objects.order_by("-pk"))


def read_versions(*, before: int | None = None, count: int) -> list[TopologyVersion]:
    """The newest so many, the newest first; of those with a smaller number than `before`, if given."""
    rows = TopologySpan.objects.select_related("content").defer("content__content").order_by("-pk")
    return [_version(row) for row in (rows if before is None else rows.filter(pk__lt=before))[:count]]


def read_versions_between(since_s: float, until_s: float, *, count: int) -> list[TopologyVersion]:
    """Those that began in [since_s, until_s), unix seconds: the newest so many, the newest first."""
    rows = TopologySpan.objects.filter(first_s__gte=int(since_s), first_s__lt=until_s).order_by("-pk")
    return [_version(row) for row in rows.select_related("content").defer("content__content")[:count]]


def find_version(*, number: int | None = None, content: str = "", at_s: float | None = None) -> TopologyVersion | None:
    """By number, by the first digits of its hash (the newest with it), or the one that was current at a time."""
    rows = TopologySpan.objects.order_by("-pk")
    if number is not None:
        return _first(rows.filter(pk=number))
    if at_s is not None:
        return _first(rows.filter(first_s__lte=int(at_s)))
    return _first(rows.filter(content__version__startswith=content)) if content else None


def read_next(version: TopologyVersion) -> TopologyVersion | None:
    """The version that took its place."""
    return _first(TopologySpan.objects.filter(pk__gt=version.number).order_by("pk"))


def read_kept(version: TopologyVersion) -> KeptTopology:
    """
    Its content.

    Raises:
        ValueError: it is damaged.
    """
    return decode_kept(TopologyContent.objects.values_list("content", flat=True).get(version=version.content))


@lru_cache(maxsize=512)
def read_kept_apps(content: str) -> tuple[KeptApp, ...]:
    """
    The apps of a version's content; a hash always stands for the same.

    Raises:
        ValueError: it is damaged.
        TopologyContent.DoesNotExist: it was let go in the meantime.
    """
    kept = decode_kept(TopologyContent.objects.values_list("content", flat=True).get(version=content))
    return next(iter(kept.views.values()), KeptView()).apps


def add_version(
    kept: KeptTopology,
    *,
    after: TopologyVersion | None,
    now_s: int,
    basis: str,
    hosts: dict[str, str],
    summary: str,
    causes: Sequence[Cause],
) -> bool:
    """
    Say that it is current from now on.

    Args:
        after: the newest version as it was read. When somebody added another one meanwhile, nothing is added.
    """
    with transaction.atomic():
        lock_shard(_NO_SHARD)
        newest = TopologySpan.objects.order_by("-pk").first()
        if (newest.pk if newest else None) != (after.number if after else None):
            return False
        content, _ = TopologyContent.objects.get_or_create(
            version=kept_version(kept), defaults={"content": encode_kept(kept)}
        )
        TopologySpan.objects.create(
            content=content,
            first_s=now_s,
            last_s=now_s,
            basis=basis,
            hosts=hosts,
            summary=summary,
            causes=msgspec.to_builtins(causes),
        )
        return True


def keep_current(version: TopologyVersion, *, now_s: int, basis: str, hosts: dict[str, str]) -> None:
    """Say that it still is current, whatever it was made from."""
    if version.basis != basis or now_s - version.last_s >= LAST_STEP_S:
        TopologySpan.objects.filter(pk=version.number).update(last_s=now_s, basis=basis, hosts=hosts)


def _first(rows: QuerySet[TopologySpan]) -> TopologyVersion | None:
    row = rows.select_related("content").defer("content__content").first()
    return _version(row) if row else None


def _version(row: TopologySpan) -> TopologyVersion:
    return TopologyVersion(
        number=row.pk,
        content=row.content.version,
        first_s=row.first_s,
        last_s=row.last_s,
        basis=row.basis,
        hosts=row.hosts,
        summary=row.summary,
        causes=msgspec.convert(row.causes, tuple[Cause, ...]),
    )
