"""What can be compared: a file, `live`, a host, a kept version, a time. Each becomes a Side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from visualizer.core.declared_config import declared_config
from visualizer.core.declared_settings import declared_settings
from visualizer.core.kept_topology import keep_topology
from visualizer.core.report_time import parse_report_time
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.interfaces.topology_history import keep_answers
from visualizer.io.config_file import read_config_file
from visualizer.models.errors import NoSuchTopology
from visualizer.models.kept_topology import KeptTopology
from visualizer.models.node_id import VIEWS
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.drawn import read_drawn
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.topology_history import find_version, read_kept, read_next
from visualizer.resources import open_redis

LIVE = "live"
_URL = ("http://", "https://")
#: How a side may be named on a page, and in a command, for people.
EXPECTED_KEPT = (
    "live, the URL of a polled host, a version such as #12 or the first digits of its hash, or a time such as "
    "2026-11-22T18:30Z or 2h (ago)"
)
EXPECTED = f"a saved config answer or an AsyncAPI or OpenAPI document (a file), {EXPECTED_KEPT}"
#: How long behaviour is looked at before and after a change, at most.
WINDOW_S = 900


@dataclass(frozen=True, slots=True)
class Side:
    """One of two topologies that are compared."""

    #: In words: "apps.json", "live", "#12, 2026-11-22 18:30 UTC".
    label: str
    kept: KeptTopology
    #: From when until when its behaviour counts, unix seconds; None: history knows nothing of it.
    window: tuple[float, float] | None = None
    #: What could not be read, in words.
    warnings: tuple[str, ...] = ()


def read_side(name: str, *, now_s: float) -> Side:
    """
    What people name.

    Raises:
        NoSuchTopology: there is none of that name.
        InvalidConfigFile: the file is no config answer.
        StoreUnavailable, redis.RedisError, django.db.DatabaseError: the live store or history cannot be read.
    """
    path = Path(name)
    if name != LIVE and not name.startswith(_URL) and (path.is_file() or path.suffix == ".json"):
        return _file(path)
    return read_kept_side(name, now_s=now_s)


def read_kept_side(name: str, *, now_s: float) -> Side:
    """
    What people name, but no file: a page must not read what a visitor names.

    Raises: as read_side.
    """
    if name == LIVE:
        return _live(now_s)
    if name.startswith(_URL):
        return _host(name)
    return version_side(_find(name, now_s=now_s), now_s=now_s)


def version_side(version: TopologyVersion, *, now_s: float) -> Side:
    """
    A version that was kept.

    Raises:
        NoSuchTopology: it is damaged.
    """
    after = read_next(version)
    until_s = after.first_s if after else now_s
    try:
        kept = read_kept(version)
    except ValueError as exc:
        raise NoSuchTopology(f"#{version.number}: {exc}") from exc
    return Side(version_label(version), kept, (max(version.first_s, until_s - WINDOW_S), until_s))


def version_label(version: TopologyVersion) -> str:
    """ "#12, 2026-11-22 18:30 UTC"."""
    return f"#{version.number}, {datetime.fromtimestamp(version.first_s, UTC):%Y-%m-%d %H:%M} UTC"


def _find(name: str, *, now_s: float) -> TopologyVersion:
    if number := re.fullmatch(r"#?(\d{1,9})", name):
        version = find_version(number=int(number[1]))
    elif re.fullmatch(r"(?=.*[a-f])[0-9a-f]{4,16}", name):
        version = find_version(content=name)
    else:
        try:
            version = find_version(at_s=parse_report_time(name, now_s=now_s))
        except ValueError:
            raise NoSuchTopology(f"{name[:80]!a} is nothing that can be compared. Expected {EXPECTED_KEPT}") from None
    if version is None:
        raise NoSuchTopology(f"no topology is kept for {name[:80]!a}. Expected {EXPECTED_KEPT}")
    return version


def _file(path: Path) -> Side:
    config = read_config_file(path)
    merged = read_runtime_apps(config, source=str(path))
    kept = keep_topology((build_topology(merged, view=view) for view in VIEWS), declared_settings([config]))
    return Side(str(path), kept, warnings=merged.warnings)


def _live(now_s: float) -> Side:
    with open_redis() as client:
        drawn, answers = [read_drawn(client, view) for view in VIEWS], read_host_answers(client)
    topologies = [one.topology for one in drawn if one]
    if len(topologies) < len(VIEWS):
        raise NoSuchTopology("nothing is drawn yet: the worker (Celery) draws it within 30 s of its start")
    warnings = dict.fromkeys(warning for topology in topologies for warning in topology.warnings)
    return Side(LIVE, keep_answers(topologies, answers), (now_s - WINDOW_S, now_s), tuple(warnings))


def _host(url: str) -> Side:
    with open_redis() as client:
        answers = [answer for answer in read_host_answers(client) if answer.url.rstrip("/") == url.rstrip("/")]
    if not answers or answers[0].standard is None:
        raise NoSuchTopology(f"{url[:200]!a} is no polled host, or has not answered yet: nobody else is asked")
    topologies = [build_topology(declared_config(answers, view=view), view=view) for view in VIEWS]
    return Side(url, keep_answers(topologies, answers), warnings=topologies[0].warnings)
