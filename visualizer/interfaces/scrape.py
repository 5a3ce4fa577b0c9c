"""Scrape: one look at Redis and SQL for /metrics. Labels take their values from short lists, or are cut to be few."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import redis
from django.db import DatabaseError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from collector.lib.sampling import EVERYTHING
from collector.models.errors import StoreUnavailable
from collector.models.file_status import FileStatus
from collector.models.host import ALIVE
from visualizer.core.freshness import GONE_AFTER_S, expected_collectors, judge_freshness
from visualizer.core.source_labels import OTHER, label_sources, source_label
from visualizer.interfaces.scrape_brokers import broker_values
from visualizer.models.metric import METRICS
from visualizer.models.socket_end import CLOSINGS, REFUSALS
from visualizer.models.watch import Watch
from visualizer.repo.cardinality import read_limits
from visualizer.repo.counted import read_counted, reason_label
from visualizer.repo.file_statuses import read_source_sums, read_statuses, read_stored
from visualizer.repo.redis_state import read_memory, read_sampling, read_socket_ends
from visualizer.repo.watch import read_viewers, read_watch
from visualizer.resources import shared_redis

#: Label values → value.
Values = Mapping[tuple[str, ...], float]


class Scrape(Collector):
    """What Redis says first, then what SQL says; each is left out while the other end does not answer."""

    def collect(self) -> Iterator[Family]:
        files: Sequence[FileStatus] = ()
        now_s = time.time()
        try:
            client = shared_redis()
            watch = read_watch(client)
            beats = expected_collectors(watch.collectors, now_s)
            files = [f for told in read_statuses(client, [b.collector_id for b in beats]).values() for f in told]
            yield from _redis(client, now_s)
            yield from _pipeline(watch, now_s)
            for name, values in broker_values(client, now_s):
                yield _family(name, values)
            answers = True
        except (redis.RedisError, StoreUnavailable):
            answers = False
        yield _one("eventscope_redis_up", answers)
        try:
            yield from _sources(files, now_s)
            yield from _history()
            answers = True
        except DatabaseError:
            answers = False
        yield _one("eventscope_database_up", answers)


def _redis(client: redis.Redis, now_s: float) -> Iterator[Family]:
    yield _one("eventscope_viewers", read_viewers(client, now_s=now_s))
    ends = read_socket_ends(client)
    yield _family("eventscope_sockets_refused_total", {(why,): ends.get(f"refused:{why}", 0) for why in REFUSALS})
    yield _family("eventscope_sockets_closed_total", {(why,): ends.get(f"closed:{why}", 0) for why in CLOSINGS})
    used_bytes, max_bytes = read_memory(client)
    yield _one("eventscope_redis_memory_bytes", used_bytes)
    yield _one("eventscope_redis_memory_max_bytes", max_bytes)
    yield _one("eventscope_sampling_ratio", read_sampling(client) / EVERYTHING)


def _pipeline(watch: Watch, now_s: float) -> Iterator[Family]:
    freshness = judge_freshness(watch, now_s)
    collectors = expected_collectors(watch.collectors, now_s)
    if freshness.behind_s is not None:
        yield _one("eventscope_behind_seconds", freshness.behind_s)
    yield _one("eventscope_problems", len(freshness.problems))
    yield _one("eventscope_collectors", len(collectors))
    up: Values = {(source_label(beat.collector_id),): float(now_s - beat.at_s <= GONE_AFTER_S) for beat in collectors}
    yield _family("eventscope_collector_up", up)
    yield _one("eventscope_files", freshness.files)
    yield _one("eventscope_backlog_bytes", sum(beat.backlog_bytes for beat in collectors))
    events: Counter[tuple[str, ...]] = Counter()
    for beat in collectors:
        events.update({(name,): count for name, count in beat.counters.items()})
    yield _family("eventscope_collector_events_total", events)
    rollups = {(str(shard),): beat for shard, beat in enumerate(watch.rollups) if beat}
    yield _one("eventscope_batches_waiting", sum(beat.waiting for beat in rollups.values()))
    yield _family("eventscope_rollup_waiting", {shard: beat.waiting for shard, beat in rollups.items()})
    lag: Values = {shard: max(0.0, now_s - beat.caught_up_s) for shard, beat in rollups.items()}
    yield _family("eventscope_rollup_lag_seconds", lag)
    alive = sum(host.status == ALIVE for host in watch.hosts)
    yield _family("eventscope_hosts", {("alive",): alive, ("error",): len(watch.hosts) - alive})
    read = sum(document.status == ALIVE for document in watch.documents)
    yield _family("eventscope_documents", {("read",): read, ("error",): len(watch.documents) - read})


def _sources(files: Sequence[FileStatus], now_s: float) -> Iterator[Family]:
    lag_bytes: defaultdict[str, int] = defaultdict(int)
    for file in (*read_stored(), *files):
        lag_bytes[file.path] += file.lag_bytes
    labels = label_sources(lag_bytes)
    lag: tuple[defaultdict[tuple[str, ...], float], ...] = (defaultdict(float), defaultdict(float))
    for file in files:
        label = (labels.get(file.path, OTHER),)
        lag[0][label] += file.lag_bytes
        behind_s = max(0.0, now_s - file.behind_since_s) if file.lag_bytes and file.behind_since_s else 0.0
        lag[1][label] = max(lag[1][label], behind_s)
    yield _family("eventscope_collector_lag_bytes", lag[0])
    yield _family("eventscope_collector_lag_seconds", lag[1])
    sums: tuple[defaultdict[tuple[str, ...], float], ...] = (defaultdict(float), defaultdict(float))
    for (path, fate, reason), amounts in read_source_sums().items():
        key = (labels.get(path, OTHER), fate, reason_label(reason))
        for each, amount in zip(sums, amounts, strict=True):
            each[key] += amount
    yield _family("eventscope_collector_lines_total", sums[0])
    yield _family("eventscope_collector_bytes_total", sums[1])


def _history() -> Iterator[Family]:
    counted = read_counted()
    yield _family("eventscope_runs_total", {(status,): count for status, count in counted.runs.items()})
    yield _one("eventscope_read_bytes_total", counted.read_bytes)
    yield _family("eventscope_counted_lines_total", {key: lines for key, (lines, _) in counted.fates.items()})
    yield _family("eventscope_counted_bytes_total", {key: size for key, (_, size) in counted.fates.items()})
    yield _family("eventscope_lost_bytes_total", {(reason,): size for reason, size in counted.lost_bytes.items()})
    beyond: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for limit in read_limits():
        beyond[limit.dimension,] += limit.names_beyond
    yield _family("eventscope_cardinality_beyond", beyond)


def _one(name: str, value: float) -> Family:
    return _family(name, {(): float(value)})


def _family(name: str, values: Values) -> Family:
    metric = METRICS[name]
    make = CounterMetricFamily if metric.is_counter else GaugeMetricFamily
    family = make(name, metric.meaning, labels=metric.labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family
