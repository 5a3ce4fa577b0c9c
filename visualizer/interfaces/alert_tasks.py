"""Celery's tasks of alerts, thin. Both are idempotent, bounded in time, and safe when two workers run them at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

import redis
from celery import shared_task
from django.db import DatabaseError

from collector.models.errors import StoreUnavailable
from visualizer.config import kept_resolutions, read_options
from visualizer.interfaces.judge_alerts import judge_alerts
from visualizer.interfaces.send_notifications import channels_of, send_notifications
from visualizer.interfaces.task_watch import problem_of
from visualizer.interfaces.usual_rates import UsualRates
from visualizer.repo.incidents import forget_old_incidents
from visualizer.resources import open_redis

log = logging.getLogger(__name__)
#: One a process: days before are read once an hour.
usual_rates = UsualRates()


@shared_task(name="visualizer.judge_alerts", ignore_result=True)
def judge() -> str:
    """Look what is wrong, and who is to be told. Returns what kept it from that."""
    options = read_options()
    channels = tuple(channels_of(options.alert_webhooks, options.alert_apprise))
    try:
        now_s = time.time()
        usual, problem = _usual(now_s=now_s)
        with open_redis() as client:
            changed = judge_alerts(client, options.alerts, channels, usual=usual, now_s=now_s)
        if changed:
            log.info("incidents_changed: %s", ", ".join(incident.key for incident in changed))
    except (redis.RedisError, StoreUnavailable, DatabaseError) as exc:
        log.warning("alerts_not_judged: %s", exc)
        return problem_of(exc)
    return problem


def _usual(*, now_s: float) -> tuple[Mapping[str, tuple[float, str]], str]:
    """What UsualRates.look() finds, and what kept it from that: damaged history hides nothing else that is wrong."""
    try:
        return usual_rates.look(kept_resolutions(), now_s=now_s), ""
    except ValueError as exc:
        log.warning("usual_rates_not_known: %s", exc)
        return {}, problem_of(exc)


@shared_task(name="visualizer.send_notifications", ignore_result=True)
def send() -> str:
    """Tell who is to be told, and try again what failed. Returns what kept it from that."""
    options = read_options()
    channels = channels_of(options.alert_webhooks, options.alert_apprise)
    try:
        send_notifications(channels, base_url=options.base_url, now_s=time.time())
        forget_old_incidents(now_s=time.time())
    except DatabaseError as exc:
        log.warning("notifications_not_sent: %s", exc)
        return problem_of(exc)
    return ""
