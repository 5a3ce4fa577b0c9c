"""A message of the stream becomes a batch, or says why it is none; nothing in it can stop the rollup."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.activity import Status
from collector.models.batch import BATCH_VERSION, BatchEnvelope, encode_batch, envelope_to_fields
from collector.models.errors import UnknownBatchVersion
from tests.shipped_file import batch_of, counts_of
from visualizer.core.incoming import read_incoming

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
        {"start": "many"},
    ],
)
def test_an_envelope_that_cannot_be_right_is_refused(change: dict[str, Any]) -> None:
    message = read_incoming(b"1-0", fields(**change))
    assert message.error
    assert message.envelope is None


@given(st.binary(max_size=200))
def test_no_payload_stops_the_rollup(payload: bytes) -> None:
    message = read_incoming(b"1-0", fields(payload))
    assert message.error
    assert message.batch is None


@given(st.dictionaries(st.binary(max_size=12), st.binary(max_size=30), max_size=5))
def test_no_message_stops_the_rollup(message: dict[bytes, bytes]) -> None:
    assert read_incoming(b"1-0", message).error
