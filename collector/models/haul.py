"""
What the events of one wake-up carry, a part a source: lines that were read, the batches made of them, the answers to
those. No two parts of one event are of the same source.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from collector.models.batch import LogBatch
from collector.models.ingest_answer import IngestAnswer
from collector.models.log_span import LogSpan


class SourceLines(msgspec.Struct, frozen=True):
    """Lines of one source that were read."""

    #: Where the lines stand.
    span: LogSpan
    #: The bytes of the span: whole lines, none over the `max_line_bytes` of the source's format.
    data: bytes


class ParsedPart(msgspec.Struct, frozen=True):
    """The batch of a span."""

    #: Where the lines stand.
    span: LogSpan
    #: What they say.
    batch: LogBatch
    #: Engine name → version seen in these lines, such as {"hopeit.engine": "0.30.1"}.
    engine_versions: Mapping[str, str] = msgspec.field(default_factory=dict)


class StoredPart(msgspec.Struct, frozen=True):
    """The answer to a batch."""

    #: The span the batch was made of.
    span: LogSpan
    #: What the store said (OK, SEEK or TOO_LARGE), and the record as it stands now.
    answer: IngestAnswer
    #: How large the batch was on the wire, as a share of what it may be; over 1 when it was TOO_LARGE.
    fullness: float = 0.0
