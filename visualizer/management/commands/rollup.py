"""`manage.py rollup`."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Sequence
from threading import Event
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from kombu.exceptions import OperationalError as BrokerError

from collector.lib.clock import now_s
from collector.lib.garbage import look_for_circles_rarely
from collector.models.errors import EventscopeError
from collector.models.name_caps import NameCaps
from collector.models.resolution import Resolution
from visualizer.celery import app
from visualizer.config import read_options
from visualizer.interfaces.roll_up_shards import roll_up_shards
from visualizer.interfaces.rollup import ShardRollup
from visualizer.interfaces.rollup_options import RollupOptions
from visualizer.repo.shard_state import read_shards
from visualizer.repo.sqlite_check import check_sqlite
from visualizer.repo.widths import agree_on_widths
from visualizer.resources import open_counted_redis

log = logging.getLogger(__name__)

BUILD_TOPOLOGY = "visualizer.build_topology"
#: A request nobody took for this long is stale: beat asks every 30 s anyway.
_REQUEST_EXPIRES_S = 60


class Command(BaseCommand):
    help = (
        "Count the batches of the collectors into SQL, exactly once each, and tell the pages what changed. "
        "Runs until SIGTERM. Example: REDIS_URL=redis://127.0.0.1:6379/0 manage.py rollup"
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        look_for_circles_rarely(objects=100_000)
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        settings = read_options()
        rollup_options = RollupOptions(
            retention_s=settings.retention_s,
            resolutions=settings.history,
            caps=NameCaps.of(settings.most_names),
            clock=now_s,
            request_topology=_request_topology,
            # Only the tests' negative control sets it: it must show that without claims counts go wrong.
            claims=os.environ.get("EVENTSCOPE_NEGATIVE_CONTROL") != "no_claim",
        )
        try:
            check_sqlite()
            shards = range(_wait_for_shards(stop, settings.history))
            roll_up_shards([ShardRollup(*open_counted_redis(), shard, rollup_options) for shard in shards], stop)
        except EventscopeError as exc:
            raise CommandError(str(exc)) from exc


def _wait_for_shards(stop: Event, resolutions: Sequence[Resolution]) -> int:
    """The number of shards, as soon as SQL can say it."""
    while not stop.is_set():
        try:
            agree_on_widths(resolutions)
            return read_shards()
        except DatabaseError as exc:
            log.warning("rollup_waits for the database: %s", exc)
            stop.wait(1.0)
    return 0


def _request_topology() -> bool:
    """Ask a worker to build the topology; False when no broker takes the request."""
    try:
        app.send_task(BUILD_TOPOLOGY, expires=_REQUEST_EXPIRES_S, retry=False)
    except (BrokerError, redis.RedisError, OSError) as exc:
        log.warning("topology_not_requested: %s", exc)
        return False
    return True
