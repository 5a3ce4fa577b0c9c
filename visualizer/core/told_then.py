"""What a panel tells of a time that is over: numbers of which buckets, a chart of what, and what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from collector.models.resolution import Resolution
from visualizer.core.moment_times import moment_step_s
from visualizer.models.live import STATE_WINDOW_S
from visualizer.models.node_id import DANGLING, EVENT, EXTERNAL, REQUEST, STREAM
from visualizer.models.told_then import (
    BLAST,
    DEPTHS,
    EVIDENCE,
    FINDINGS,
    LINES,
    RUNNING,
    STANDSTILLS,
    TROUBLES,
    ToldThen,
)

#: Instead of a kind of node: the panel is one of a line.
EDGE = "edge"
#: A chart is so long, at least; of wide buckets it has so many, at least.
CHART_S = 3600
FEWEST_BUCKETS = 24
_LEFT_OUT = {
    EVENT: (RUNNING, STANDSTILLS, TROUBLES, EVIDENCE, BLAST, FINDINGS, LINES),
    REQUEST: (EVIDENCE, BLAST, FINDINGS, LINES),
    STREAM: (DEPTHS, STANDSTILLS, TROUBLES, EVIDENCE, BLAST, FINDINGS, LINES),
    DANGLING: (EVIDENCE, BLAST, FINDINGS),
    EXTERNAL: (EVIDENCE, BLAST, LINES),
    EDGE: (DEPTHS, EVIDENCE),
}


def tell_then(
    kind: str, *, at_s: float, now_s: float, resolutions: Sequence[Resolution], failures_since_s: float = 0.0
) -> ToldThen:
    """
    Args:
        kind: of the node (models/node_id.py), or EDGE.
        at_s: the time, unix seconds, not after now_s.
        failures_since_s: since when all failures of each of its activities are kept; 0: all that ever were.
    """
    width_s = moment_step_s(resolutions, at_s, now_s=now_s)
    until_s, half_s = int(at_s) - int(at_s) % width_s, max(CHART_S, FEWEST_BUCKETS * width_s) // 2
    return ToldThen(
        at_s=int(at_s),
        from_s=until_s - max(STATE_WINDOW_S, width_s),
        until_s=until_s,
        width_s=width_s,
        chart_from_s=int(at_s) - half_s,
        chart_until_s=min(int(at_s) + half_s, int(now_s)),
        left_out=_LEFT_OUT[kind],
        failures_gone=at_s < failures_since_s,
    )
