"""Metric: every family /metrics may show. docs/metrics.md is made from here; a test holds both complete."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One family."""

    #: As it is scraped: counters end in _total.
    name: str
    #: What it says, for people; units in the name.
    meaning: str
    #: Labels, in order.
    labels: tuple[str, ...] = ()

    @property
    def is_counter(self) -> bool:
        """Only grows, but for what docs/metrics.md says of `source`."""
        return self.name.endswith("_total")


METRICS = {
    metric.name: metric
    for metric in (
        Metric("eventscope_redis_up", "1 while Redis answers."),
        Metric("eventscope_database_up", "1 while the database answers."),
        Metric("eventscope_viewers", "Open live pages of all web processes."),
        Metric("eventscope_sockets_refused_total", "Live pages not let in, by why.", ("reason",)),
        Metric("eventscope_sockets_closed_total", "Live pages sent away, by why.", ("reason",)),
        Metric("eventscope_behind_seconds", "Age of the oldest line not yet shown; missing while a process is silent."),
        Metric("eventscope_problems", "How many things are wrong right now; the page says which."),
        Metric("eventscope_collectors", "Collectors that report or should."),
        Metric("eventscope_collector_up", "1 while the collector beats.", ("collector",)),
        Metric("eventscope_files", "Log files followed."),
        Metric("eventscope_backlog_bytes", "Bytes that wait in log files."),
        Metric("eventscope_collector_lag_bytes", "Complete lines of a file not shipped yet.", ("source",)),
        Metric(
            "eventscope_collector_lag_seconds",
            "For how long the oldest of them waits; of `other` the longest.",
            ("source",),
        ),
        Metric(
            "eventscope_collector_lines_total",
            "Lines of a file by what became of them: parsed, skipped or dropped.",
            ("source", "result", "reason"),
        ),
        Metric("eventscope_collector_bytes_total", "The same in bytes.", ("source", "result", "reason")),
        Metric(
            "eventscope_collector_events_total",
            "What applications of the collectors count of themselves since they started.",
            ("event",),
        ),
        Metric("eventscope_batches_waiting", "Batches that wait for the rollup, of all shards."),
        Metric("eventscope_rollup_waiting", "Batches that wait for the rollup of a shard.", ("shard",)),
        Metric("eventscope_rollup_lag_seconds", "For how long a shard's stream was never empty.", ("shard",)),
        Metric("eventscope_hosts", "Polled hosts: alive or error.", ("status",)),
        Metric("eventscope_documents", "AsyncAPI and OpenAPI documents: read or error.", ("status",)),
        Metric("eventscope_broker_up", "1 while the broker says how its streams are.", ("broker",)),
        Metric("eventscope_stream_length", "Messages in a stream, read ones too, as its broker says.", ("stream",)),
        Metric(
            "eventscope_stream_waiting",
            "Messages that no consumer of a group was given; missing while that is not known.",
            ("stream", "group"),
        ),
        Metric("eventscope_stream_pending", "Messages given and not acknowledged.", ("stream", "group")),
        Metric(
            "eventscope_stream_stuck_consumers",
            "Consumers that hold messages and have not asked for 60 s.",
            ("stream", "group"),
        ),
        Metric("eventscope_sampling_ratio", "Share of operations kept whole, 0 to 1; it adapts to load."),
        Metric("eventscope_redis_memory_bytes", "Memory Redis uses."),
        Metric("eventscope_redis_memory_max_bytes", "Its maxmemory, 0 for none."),
        Metric("eventscope_runs_total", "Runs by status: started, done, failed, ignored.", ("status",)),
        Metric("eventscope_read_bytes_total", "Bytes of log files read and committed."),
        Metric("eventscope_counted_lines_total", "What became of all lines read.", ("fate", "reason")),
        Metric(
            "eventscope_counted_bytes_total",
            "The same in bytes: parsed + skipped + dropped is eventscope_read_bytes_total.",
            ("fate", "reason"),
        ),
        Metric("eventscope_lost_bytes_total", "Bytes gone before they could be read, a lower bound.", ("reason",)),
        Metric(
            "eventscope_cardinality_beyond",
            "Names beyond a limit, counted as __other__; an estimate.",
            ("dimension",),
        ),
    )
}
