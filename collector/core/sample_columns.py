"""Which of many runs belong to sampled operations: what collector/lib/sampling.py says of each, for all in one go."""

from __future__ import annotations

import numpy as np

from collector.core.id_layout import ID, IdLayout
from collector.core.line_index import LineIndex, Mask
from collector.lib.sampling import word_factor
from collector.models.packed_column import Column

#: How the engine begins its track ids, behind the first " | track.".
_TEXT = b"operation_id=" + ID + b" | track.request_id=" + ID + b" | "
_LAYOUT = IdLayout(_TEXT)
_REQUEST_ID_AT = _TEXT.rindex(b"=#") + 1
#: 36 characters: four words and a half.
_ID_WORDS = 5
_FACTORS = np.array([word_factor(place) for place in range(_ID_WORDS)], np.uint64)
_HALF = np.uint64(0xFFFFFFFF)


def sample_hashes(index: LineIndex, track: Column) -> tuple[Column, Mask]:
    """
    Args:
        track: place of each run's first track id, behind " | track.". Its " | event.app=" stands further on.

    Returns:
        The sample_hash of each request id, and whether the ids are where the engine writes them, and like UUIDs. Where
        they are not, the hash means nothing.
    """
    plain = _LAYOUT.stands_at(index, track)
    request_id = index.rows(track + _REQUEST_ID_AT, _ID_WORDS)
    request_id[:, -1] &= _HALF
    return (request_id @ _FACTORS >> np.uint64(32)).astype(np.int64), plain
