"""A message of the stream becomes a batch, or says why it is none; nothing in it can stop the rollup."""

from __future__ import annotations

from math import isfinite
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.models.activity import Status
from collector.models.batch import BATCH_VERSION, BatchEnvelope, LogBatch, encode_batch, envelope_to_fields, sealed
from collector.models.errors import UnknownBatchVersion
from tests.shipped_file import batch_of, counts_of
from visualizer.core.incoming import read_incoming
from visualizer.core.open_runs import OpenRuns
from visualizer.core.roll_up import ClaimedBatch, roll_up
from visualizer.core.slot_table import slots_of
from visualizer.models.open_run import KeptOpen
from visualizer.repo.histograms import encode_histograms

PAYLOAD = encode_batch(batch_of(counts_of(Status.START, second=5), received_s=5.5))


def fields(payload: bytes = PAYLOAD, **change: Any) -> dict[bytes, bytes]:
    known = envelope_to_fields(
        BatchEnvelope(file_id="ab", generation=0, epoch=0, start=0, end=100, lines=1, tail_hash="t")
    )
    texts = {name.encode(): str(value).encode() for name, value in {**known, **change}.items()}
    return {**texts, b"payload": payload}


def test_a_proper_message_is_read() -> None:
    message = read_incoming(b"1-0", fields())
    assert (message.error, message.envelope and message.envelope.end) == ("", 100)
    assert message.batch
    assert message.batch.lines == 1


def test_a_newer_version_is_not_called_damaged() -> None:
    with pytest.raises(UnknownBatchVersion, match="update it"):
        read_incoming(b"1-0", fields(b"what the future looks like", version=BATCH_VERSION + 1))


@pytest.mark.parametrize(
    "change",
    [
        {"start": -1},
        {"end": 0},
        {"end": 2**63},
        {"generation": -1},
        {"epoch": 2**40},
        {"lines": 101},
        {"file_id": "x" * 33},
        {"file_id": "../a"},
        {"tail_hash": "x" * 17},
        {"collector": "x" * 161},
        {"collector": "a\0"},
        {"start": "many"},
    ],
)
def test_an_envelope_that_cannot_be_right_is_refused(change: dict[str, Any]) -> None:
    message = read_incoming(b"1-0", fields(**change))
    assert message.error
    assert message.envelope is None


@given(st.data())
def test_a_message_with_any_byte_changed_is_known(data: st.DataObject) -> None:
    envelope = BatchEnvelope(file_id="ab", generation=0, epoch=0, start=0, end=100, lines=1, tail_hash="t", path="é")
    texts: dict[str, Any] = envelope_to_fields(sealed(envelope, PAYLOAD))
    whole = fields(**texts)
    assert read_incoming(b"1-0", whole).batch
    name = data.draw(st.sampled_from(sorted(name for name, value in whole.items() if value)))
    value = bytearray(whole[name])
    value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    message = read_incoming(b"1-0", {**whole, name: bytes(value)})
    assert message.is_torn
    assert message.batch is None


@given(st.binary(max_size=200))
def test_no_payload_stops_the_rollup(payload: bytes) -> None:
    message = read_incoming(b"1-0", fields(payload))
    assert message.error
    assert message.batch is None


whole = st.integers(-(2**63), 2**64 - 1) | st.integers(-2, 130)
number = whole | st.floats()
text = st.text(max_size=3) | st.just("x" * 600)
column = st.sampled_from([b"b", b"h", b"i", b"q", b"z"]).flatmap(
    lambda code: st.binary(max_size=24).map(lambda data: code + data)
)
proper_column = st.sampled_from([0, 1, 1, 5, 100, 2**62, -1]).map(lambda n: b"q" + n.to_bytes(8, "little", signed=True))
columns = column | proper_column
kept = st.tuples(number, whole, whole, whole, whole, text, text, text, text, text, number).map(list)
parts: dict[str, st.SearchStrategy[Any]] = {
    "received_s": number,
    "keys": st.lists(st.tuples(*[text] * 7).map(list), max_size=2),
    "servers": st.lists(st.tuples(text, text).map(list), max_size=2),
    "counts": st.tuples(*[columns] * 6, st.tuples(*[columns] * 3), st.tuples(*[columns] * 3)).map(list),
    "skipped": st.dictionaries(text | st.just("stats"), st.tuples(whole, whole).map(list), max_size=2),
    "failures": st.lists(kept, max_size=2),
    "samples": st.lists(kept, max_size=2),
    "calls": st.lists(st.tuples(*[whole] * 5).map(list), max_size=2),
    "newest": st.lists(st.tuples(number, whole, whole, text, text).map(list), max_size=2),
    "opened": st.lists(st.tuples(number, whole, whole, whole, text, text).map(list), max_size=2),
    "other_runs": st.lists(st.tuples(whole, whole, st.lists(whole, max_size=2), whole, whole).map(list), max_size=2),
}
payloads = st.fixed_dictionaries(parts)


@given(payloads)
def test_a_payload_of_the_right_shape_is_refused_or_can_be_counted(payload: dict[str, Any]) -> None:
    message = read_incoming(b"1-0", fields(msgspec.msgpack.encode(payload)))
    if message.batch is not None:
        can_be_counted(message.batch)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_batch_with_one_part_changed_is_refused_or_can_be_counted(data: st.DataObject) -> None:
    payload = msgspec.msgpack.decode(PAYLOAD)
    for name in data.draw(st.sets(st.sampled_from(sorted(payload)), max_size=2)):
        payload[name] = data.draw(parts[name])
    message = read_incoming(b"1-0", fields(msgspec.msgpack.encode(payload)))
    if message.batch is not None:
        can_be_counted(message.batch)


def can_be_counted(batch: LogBatch) -> None:
    """Everything that goes to SQL fits its columns."""
    claimed = ClaimedBatch(1, batch, list(range(len(batch.keys))), list(range(len(batch.servers))))
    open_runs = OpenRuns()
    open_runs.take(open_runs.after([claimed], now_s=1000.0))
    msgspec.msgpack.encode([KeptOpen(*place, found) for _, place, found in open_runs])
    sums = roll_up([claimed], now_s=1000.0, retention_s=900.0)
    slots = slots_of(sums.cells, width_s=10)
    encode_histograms(slots.durations, len(slots))
    for (start_s, _, _), counts in slots:
        assert 100 <= start_s <= 1300
        assert 0 < sum(counts.statuses) <= 100
    for call in sums.calls.values():
        assert 0 <= call.failed <= call.count <= 100
        assert 100 <= call.first_s <= call.last_s <= 1300
    assert all(isfinite(entry.timestamp_s) and 0 <= entry.status < 4 for _, _, entry in sums.failures + sums.samples)
    assert sum(size_bytes for (_, fate, _), (_, size_bytes) in sums.fates.items() if fate != "skewed") == 100


@given(st.dictionaries(st.binary(max_size=12), st.binary(max_size=30), max_size=5))
def test_no_message_stops_the_rollup(message: dict[bytes, bytes]) -> None:
    assert read_incoming(b"1-0", message).error
