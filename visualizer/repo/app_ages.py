"""Reading when each app was seen last in log lines, and when a host declared it last: what makes an app an old one."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from django.db.models import Max, TextField
from django.db.models.functions import Cast

from visualizer.repo.models import ConfigSnapshot, Total


@dataclass(frozen=True, slots=True)
class AppAge:
    """Unix seconds; 0 where it never was, as far as was looked."""

    #: Of its newest line.
    seen_s: int = 0
    #: When a host last declared it, to the minute.
    declared_s: int = 0


class _RuntimeApps(msgspec.Struct):
    #: By app key; what is declared of it is not decoded.
    apps: dict[str, msgspec.Raw] = {}


class _Content(msgspec.Struct):
    standard: _RuntimeApps | None = None


_decode = msgspec.json.Decoder(_Content).decode


def read_app_ages(*, declared_since_s: float) -> dict[str, AppAge]:
    """
    App key → its age, for every app that was ever seen or declared.

    Args:
        declared_since_s: unix time; what was declared before it counts as never.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    seen = dict(Total.objects.values_list("activity__app").annotate(last=Max("last_s")))
    declared: defaultdict[str, int] = defaultdict(int)
    since = datetime.fromtimestamp(declared_since_s, UTC)
    snapshots = ConfigSnapshot.objects.filter(last_seen__gte=since).values_list("content_hash", "last_seen")
    for content_hash, last_seen in snapshots:
        with suppress(ConfigSnapshot.DoesNotExist):  # let go in the meantime
            for app in _declared_apps(content_hash):
                declared[app] = max(declared[app], int(last_seen.timestamp()))
    return {app: AppAge(seen.get(app, 0), declared.get(app, 0)) for app in sorted(seen.keys() | declared.keys())}


@lru_cache(maxsize=4096)
def _declared_apps(content_hash: str) -> frozenset[str]:
    """App keys of a snapshot; a hash always stands for the same content."""
    texts = ConfigSnapshot.objects.annotate(text=Cast("content", TextField())).values_list("text", flat=True)
    try:
        content = _decode(texts.get(content_hash=content_hash))
    except msgspec.DecodeError:  # in the shape of another version
        return frozenset()
    return frozenset(content.standard.apps if content.standard else ())
