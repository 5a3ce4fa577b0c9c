"""Celery's tasks, thin: each calls one flow. Names are `visualizer.<what>`; the schedule is in visualizer/celery.py."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

import redis
from celery import shared_task
from django.db import DatabaseError

from collector.models.errors import StoreUnavailable
from visualizer.config import read_options
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.find_evidence import EvidenceFinder
from visualizer.interfaces.find_standstills import StandstillFinder
from visualizer.interfaces.lint_graph import refresh_lint
from visualizer.interfaces.task_watch import problem_of
from visualizer.resources import open_redis

log = logging.getLogger(__name__)
#: One a process: what is usual is learnt once.
evidence_finder = EvidenceFinder()
standstill_finder = StandstillFinder()


@shared_task(name="visualizer.build_topology", ignore_result=True)
def build_topology() -> str:
    """
    Build both views of what is declared and seen now, and lint it. Beat repeats it, so that a failure may pass: what it
    was is returned.
    """
    now, options = datetime.now(UTC), read_options()
    try:
        with open_redis() as client:
            if refresh_topology(client, now=now, hide_after_s=options.hide_after_s):
                log.info("topology_changed")
                evidence_finder.refresh(client, now_s=now.timestamp(), old_after_s=options.hide_after_s)
            refresh_lint(client, accepted=options.lint)
    except (redis.RedisError, StoreUnavailable, DatabaseError) as exc:
        log.warning("topology_not_built: %s", exc)
        return problem_of(exc)
    return ""


@shared_task(name="visualizer.find_evidence", ignore_result=True)
def find_evidence() -> str:
    """Look anew at what every edge rests on. Idempotent; beat repeats it every few seconds. Returns what went wrong."""
    if not evidence_finder.is_due:
        return ""
    try:
        with open_redis() as client:
            evidence_finder.refresh(client, now_s=time.time(), old_after_s=read_options().hide_after_s)
    except (redis.RedisError, StoreUnavailable, DatabaseError) as exc:
        log.warning("evidence_not_found: %s", exc)
        return problem_of(exc)
    return ""


@shared_task(name="visualizer.find_standstills", ignore_result=True)
def find_standstills() -> str:
    """Look anew at what should go on and does not. Idempotent; beat repeats it every few seconds."""
    if not standstill_finder.is_due:
        return ""
    try:
        with open_redis() as client:
            standstill_finder.refresh(client, now_s=time.time())
    except (redis.RedisError, StoreUnavailable, DatabaseError) as exc:
        log.warning("standstills_not_found: %s", exc)
        return problem_of(exc)
    return ""
