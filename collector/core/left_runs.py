"""LeftRuns: runs that begin in a chunk and do not end in it, and runs that end in it and had begun before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from collector.core.batch_builder import BatchBuilder
from collector.models.open_run import OpenedRun, OtherRuns

#: Told of one key on one server; of what is beyond only the number is. Those that end are told by 9 bytes each.
MAX_OPENED, MAX_CLOSED = 64, 512
#: The same of a whole batch: with all else it stays below a payload's 256 KiB.
MAX_BATCH_OPENED, MAX_BATCH_CLOSED = 256, 4096
#: Offset of a START → unix time, operation id and request id, as they are shown.
ReadStart = Callable[[int], tuple[float, str, str]]


class LeftRuns(NamedTuple):
    """Those of one key on one server."""

    #: Index into the batch's keys.
    key: int
    #: Index into its servers.
    server: int
    #: run_hash() of each that begins, and the offset of its START in the source.
    opened: list[tuple[int, int]]
    #: run_hash() of each that ends.
    closed: list[int]


def tell_runs(batch: BatchBuilder, left: Iterable[LeftRuns], read: ReadStart) -> None:
    """Tell the batch, as far as there is room; of the rest the number."""
    opened_room, closed_room = MAX_BATCH_OPENED, MAX_BATCH_CLOSED
    for key, server, opened, closed in left:
        shown = opened[: min(MAX_OPENED, opened_room)]
        opened_room -= len(shown)
        for run, offset in shown:
            timestamp_s, operation_id, request_id = read(offset)
            batch.opened(OpenedRun(timestamp_s, key, server, run, operation_id, request_id))
        closed.sort()
        told = closed[: min(MAX_CLOSED, closed_room)]
        closed_room -= len(told)
        if closed or len(shown) < len(opened):
            batch.other_runs(OtherRuns(key, server, told, len(closed) - len(told), len(opened) - len(shown)))
