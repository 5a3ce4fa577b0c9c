"""Batches of neighbouring spans of one source → one batch, for whoever is behind and ships much at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder
from collector.models.batch import KeptEntry, LogBatch

#: Newest lines.
MAX_NEWEST = 64


def join_batches(batches: Sequence[LogBatch]) -> LogBatch:
    """
    One batch that says what all of them say, each cell once. What is kept whole has the limits of a single batch.

    Args:
        batches: in the order of their spans, at least one. They are not to be used any more.

    Returns:
        Its received_s is the first one's: nothing in it was read earlier.
    """
    if len(batches) == 1:
        return batches[0]
    joined = BatchBuilder(batches[0].received_s)
    failures: Counter[tuple[int, int, int]] = Counter()
    for batch in batches:
        joined.add(batch.counts, batch.keys, batch.servers)
        for reason, skipped in batch.skipped.items():
            joined.skip(reason, skipped.size_bytes, lines=skipped.lines)
        for entry in batch.failures:
            failure = _moved(entry, batch, joined)
            place = (int(failure.timestamp_s), failure.key, failure.server)
            failures[place] += 1
            if failures[place] <= MAX_FAILURES:
                joined.keep(failure)
        for entry in batch.samples:
            joined.sample(_moved(entry, batch, joined))
        for call in batch.calls:
            caller, callee = batch.keys[call.caller], batch.keys[call.callee]
            joined.call(call.second, caller, callee, failed=call.failed, count=call.count)
    newest = [(line, batch) for batch in reversed(batches) for line in batch.newest]
    for line, batch in newest[:MAX_NEWEST]:
        key, server = joined.key_index(batch.keys[line.key]), joined.server_index(batch.servers[line.server])
        joined.newest(replace(line, key=key, server=server))
    return joined.build()


def _moved(entry: KeptEntry, batch: LogBatch, joined: BatchBuilder) -> KeptEntry:
    key, server = joined.key_index(batch.keys[entry.key]), joined.server_index(batch.servers[entry.server])
    return replace(entry, key=key, server=server)
