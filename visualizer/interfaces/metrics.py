"""/metrics for Prometheus: read from Redis and SQL at each scrape, so it is the same from every web process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from ipaddress import ip_address
from secrets import compare_digest

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from collector.models.errors import StoreUnavailable
from collector.models.host import ALIVE
from visualizer.config import read_options
from visualizer.core.freshness import expected_collectors, judge_freshness
from visualizer.models.watch import Watch
from visualizer.repo.counted import read_counted
from visualizer.repo.watch import read_viewers, read_watch
from visualizer.resources import shared_redis

#: Headers of a proxy: behind one, everybody comes from loopback.
_PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For loopback, or with `Authorization: Bearer <EVENTSCOPE_METRICS_TOKEN>`."""
    if not _may_read(request):
        return HttpResponseForbidden("metrics need the token, or to be asked for from this machine\n")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Scrape())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Scrape(Collector):
    """One look at Redis and SQL. Labels take their values from short, fixed lists."""

    def collect(self) -> Iterator[Metric]:
        try:
            client = shared_redis()
            watch: Watch | None = read_watch(client)
            yield GaugeMetricFamily("eventscope_viewers", "Open live pages", read_viewers(client, now_s=time.time()))
        except (redis.RedisError, StoreUnavailable):
            watch = None
        yield GaugeMetricFamily("eventscope_redis_up", "1 while Redis answers", float(watch is not None))
        if watch:
            yield from _pipeline(watch, time.time())
        try:
            yield from _history()
            database = 1.0
        except DatabaseError:
            database = 0.0
        yield GaugeMetricFamily("eventscope_database_up", "1 while the database answers", database)


def _pipeline(watch: Watch, now_s: float) -> Iterator[Metric]:
    freshness = judge_freshness(watch, now_s)
    collectors = expected_collectors(watch.collectors, now_s)
    if freshness.behind_s is not None:
        yield GaugeMetricFamily("eventscope_behind_seconds", "Age of the oldest line not yet shown", freshness.behind_s)
    yield GaugeMetricFamily("eventscope_problems", "What is wrong right now", len(freshness.problems))
    yield GaugeMetricFamily("eventscope_collectors", "Collectors that report or should", len(collectors))
    yield GaugeMetricFamily("eventscope_files", "Log files followed", freshness.files)
    backlog = sum(beat.backlog_bytes for beat in collectors)
    yield GaugeMetricFamily("eventscope_backlog_bytes", "Bytes that wait in log files", backlog)
    waiting = sum(beat.waiting for beat in watch.rollups if beat)
    yield GaugeMetricFamily("eventscope_batches_waiting", "Batches that wait for the rollup", waiting)
    hosts = GaugeMetricFamily("eventscope_hosts", "Polled hosts by status", labels=["status"])
    alive = sum(host.status == ALIVE for host in watch.hosts)
    hosts.add_metric(["alive"], alive)
    hosts.add_metric(["error"], len(watch.hosts) - alive)
    yield hosts


def _history() -> Iterator[Metric]:
    counted = read_counted()
    runs = CounterMetricFamily("eventscope_runs", "Runs counted by status", labels=["status"])
    for status, count in counted.runs.items():
        runs.add_metric([status], count)
    yield runs
    yield CounterMetricFamily("eventscope_read_bytes", "Bytes of log files read and committed", counted.read_bytes)
    for kind in ("lines", "bytes"):
        family = CounterMetricFamily(
            f"eventscope_counted_{kind}", f"What became of the {kind} read", labels=["fate", "reason"]
        )
        for (fate, reason), amounts in counted.fates.items():
            family.add_metric([fate, reason], amounts[0 if kind == "lines" else 1])
        yield family
    lost = CounterMetricFamily("eventscope_lost_bytes", "Bytes gone before they were read", labels=["reason"])
    for reason, count in counted.lost_bytes.items():
        lost.add_metric([reason], count)
    yield lost


def _may_read(request: HttpRequest) -> bool:
    token = read_options().metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and compare_digest(given.encode(), token.get_secret_value().encode()):
        return True
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:
        return False
