"""When each app gave its last signs of life: a log line, a host that declares it, a person who asked for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from django.db.models import Max, TextField
from django.db.models.functions import Cast

from visualizer.core.old_apps import find_old_apps
from visualizer.models.app_age import AppAge
from visualizer.repo.drawn_models import ConfigSnapshot, ShownApp
from visualizer.repo.models import CallEdge, Total


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
    # Of some apps nothing is known but that others say who called them.
    for app, last_s in CallEdge.objects.values_list("caller__app").annotate(last=Max("last_s")):
        seen[app] = max(seen.get(app, 0), last_s)
    declared: defaultdict[str, int] = defaultdict(int)
    since = datetime.fromtimestamp(declared_since_s, UTC)
    snapshots = ConfigSnapshot.objects.filter(last_seen__gte=since).values_list("content_hash", "last_seen")
    for content_hash, last_seen in snapshots:
        with suppress(ConfigSnapshot.DoesNotExist):  # let go in the meantime
            for app in _declared_apps(content_hash):
                declared[app] = max(declared[app], int(last_seen.timestamp()))
    shown = dict(ShownApp.objects.values_list("app", "shown_s"))
    apps = sorted(seen.keys() | declared.keys())
    return {app: AppAge(seen.get(app, 0), declared.get(app, 0), shown.get(app, 0)) for app in apps}


def read_old_apps(*, now_s: float, hide_after_s: float) -> dict[str, AppAge]:
    """
    App key → its age, of every app that gave no sign for `hide_after_s`.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    since_s = max(0.0, now_s - hide_after_s)
    return find_old_apps(read_app_ages(declared_since_s=since_s), now_s=now_s, hide_after_s=hide_after_s)


def show_apps(apps: Iterable[str], *, now_s: float) -> None:
    """Somebody wants to see these again."""
    for app in apps:
        ShownApp.objects.update_or_create(app=app, defaults={"shown_s": int(now_s)})


@lru_cache(maxsize=4096)
def _declared_apps(content_hash: str) -> frozenset[str]:
    """App keys of a snapshot; a hash always stands for the same content."""
    texts = ConfigSnapshot.objects.annotate(text=Cast("content", TextField())).values_list("text", flat=True)
    try:
        content = _decode(texts.get(content_hash=content_hash))
    except msgspec.DecodeError:  # in the shape of another version
        return frozenset()
    return frozenset(content.standard.apps if content.standard else ())
