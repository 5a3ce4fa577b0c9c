"""What a format makes of a chunk: a LogBatch and what it learned by the way."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from collector.models.batch import LogBatch


class ParsedChunk(msgspec.Struct, frozen=True):
    """The answer of a format's parser."""

    #: Counts of every line of the chunk: Σ counts + Σ skipped, in bytes, is the chunk's length.
    batch: LogBatch
    #: Engine name → version, as far as the chunk's lines say: {"hopeit.engine": "0.30.1"}.
    engine_versions: Mapping[str, str] = msgspec.field(default_factory=dict)
