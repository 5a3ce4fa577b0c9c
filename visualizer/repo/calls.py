"""Calls between activities, of all time."""

from __future__ import annotations

from collections.abc import Mapping

from visualizer.core.roll_up import CallSum
from visualizer.repo.models import CallEdge
from visualizer.repo.upsert import upsert

_CALL = "INSERT INTO visualizer_calledge (caller_id, callee_id, shard, count, failed, first_s, last_s)"
_ADD_CALL = """
ON CONFLICT (caller_id, callee_id, shard) DO UPDATE SET
  count = visualizer_calledge.count + excluded.count,
  failed = visualizer_calledge.failed + excluded.failed,
  first_s = CASE WHEN excluded.first_s < visualizer_calledge.first_s
    THEN excluded.first_s ELSE visualizer_calledge.first_s END,
  last_s = CASE WHEN excluded.last_s > visualizer_calledge.last_s
    THEN excluded.last_s ELSE visualizer_calledge.last_s END
"""


def add_calls(calls: Mapping[tuple[int, int], CallSum], *, shard: int) -> None:
    """Add calls, by the ids of caller and callee."""
    rows = [(*ids, shard, call.count, call.failed, call.first_s, call.last_s) for ids, call in sorted(calls.items())]
    upsert(_CALL, _ADD_CALL, rows)


def read_call_pairs() -> set[tuple[int, int]]:
    """(id of the caller, of the callee) of every call that was ever seen."""
    return set(CallEdge.objects.values_list("caller_id", "callee_id").distinct())
