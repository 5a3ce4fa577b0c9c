"""
Makes a node's numbers and state from the activities that belong to it, and keeps states from blinking.

Thresholds follow experience.md: some failures are a warning, a tenth of the runs is failing, and nothing is judged on
a handful of runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collector.lib.log_buckets import merge_counts, quantiles_ms
from visualizer.models.delta import STATES, NodeStats
from visualizer.models.live import RATE_WINDOW_S, ActivityStats
from visualizer.models.node_id import REQUEST, STREAM

#: This share of failed runs is failing; less, but some, is a warning.
FAIL_SHARE = 0.10
#: Enough to judge: so many runs that ended, or so many failures.
ENOUGH_RUNS = 20
ENOUGH_FAILURES = 3
#: Messages that wait longer than this (95th percentile) make a stream wait.
WAIT_MS = 1000.0


def stats_of(kind: str, parts: Iterable[ActivityStats]) -> NodeStats:
    """The numbers of a node of this kind."""
    return {STREAM: stream_stats, REQUEST: request_stats}.get(kind, event_stats)(parts)


def event_stats(parts: Iterable[ActivityStats]) -> NodeStats:
    """The numbers of an event: the sum of its activities."""
    stats, durations = NodeStats(), dict[int, int]()
    recent = 0
    for part in parts:
        stats.started += part.started
        stats.done += part.done
        stats.failed += part.failed
        stats.ignored += part.ignored
        stats.pending += part.pending
        stats.last = max(stats.last, part.last_s)
        recent += part.recent
        merge_counts(durations, part.durations)
    stats.rate = per_second(recent)
    stats.p50, stats.p95, stats.p99 = rounded_quantiles(durations, (0.50, 0.95, 0.99))
    stats.state = event_state(stats)
    return stats


def stream_stats(parts: Iterable[ActivityStats]) -> NodeStats:
    """The numbers of a stream: what its consumers read, and how long that had waited. How they fared is theirs."""
    stats, ages = NodeStats(), dict[int, int]()
    recent = 0
    for part in parts:
        stats.started += part.started
        stats.last = max(stats.last, part.last_s)
        recent += part.recent
        merge_counts(ages, part.stream_ages)
    stats.rate = per_second(recent)
    (stats.wait,) = rounded_quantiles(ages, (0.95,))
    stats.state = "wait" if stats.wait is not None and stats.wait > WAIT_MS else _moving(stats)
    return stats


def request_stats(parts: Iterable[ActivityStats]) -> NodeStats:
    """The numbers of an entry circle: the requests its event took in."""
    stats = NodeStats()
    recent = 0
    for part in parts:
        stats.started += part.started
        stats.last = max(stats.last, part.last_s)
        recent += part.recent
    stats.rate = per_second(recent)
    stats.state = _moving(stats)
    return stats


def read_edge_stats(parts: Iterable[ActivityStats]) -> tuple[float | None, float | None]:
    """Rate and wait of what one consumer reads from one queue."""
    stats = stream_stats(parts)
    return stats.rate, stats.wait


def event_state(stats: NodeStats) -> str:
    """What the numbers of the last 60 s say, without regard to what was shown before."""
    ended = stats.done + stats.failed + stats.ignored
    if stats.failed and (ended >= ENOUGH_RUNS or stats.failed >= ENOUGH_FAILURES):
        return "fail" if stats.failed / ended >= FAIL_SHARE else "warn"
    return "ok" if ended or stats.started or stats.pending else "idle"


def per_second(recent: int) -> float:
    """Runs of the rate window as a rate."""
    return round(recent / RATE_WINDOW_S, 1)


def rounded_quantiles(counts: Mapping[int, int], shares: tuple[float, ...]) -> list[float | None]:
    """Quantiles in ms to three digits: what changes less than that does not move on the screen."""
    return [None if value is None else float(f"{value:.3g}") for value in quantiles_ms(counts, shares)]


def worse(state: str, than: str) -> bool:
    """Is a state worse than another?"""
    return STATES.index(state) < STATES.index(than)


def _moving(stats: NodeStats) -> str:
    return "ok" if stats.started or stats.rate else "idle"
