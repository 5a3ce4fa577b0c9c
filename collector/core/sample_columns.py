"""Which of many runs belong to sampled operations: what collector/lib/sampling.py says of each, for all in one go."""

from __future__ import annotations

import numpy as np

from collector.core.line_index import WORD_BYTES, LineIndex, Mask, Words
from collector.lib.sampling import word_factor
from collector.models.count_table import Column

#: How the engine begins its track ids, behind the first " | track.": `#` stands for a character of an id.
_LAYOUT = b"operation_id=" + b"#" * 36 + b" | track.request_id=" + b"#" * 36 + b" | "
_WIDTH = -(-len(_LAYOUT) // WORD_BYTES)
_REQUEST_ID_AT = _LAYOUT.rindex(b"=#") + 1
#: 36 characters: four words and a half.
_ID_WORDS = 5
_FACTORS = np.array([word_factor(place) for place in range(_ID_WORDS)], np.uint64)
_HALF = np.uint64(0xFFFFFFFF)


def _as_words(text: bytes) -> Words:
    return np.frombuffer(text.ljust(_WIDTH * WORD_BYTES, b"\0"), "<u8")


_TEXT = _as_words(_LAYOUT.replace(b"#", b"\0"))
_IS_TEXT = _as_words(bytes(0xFF * (byte != ord("#")) for byte in _LAYOUT))
#: 0x50 in "|", in no character of a UUID: its lower bit is moved to where its higher one is.
_IN_ID = _as_words(bytes(0x40 * (byte == ord("#")) for byte in _LAYOUT))
_TWO = np.uint64(2)


def sample_hashes(index: LineIndex, track: Column) -> tuple[Column, Mask]:
    """
    Args:
        track: place of each run's first track id, behind " | track.". Its " | event.app=" stands further on.

    Returns:
        The sample_hash of each request id, and whether the ids are where the engine writes them, and like UUIDs. Where
        they are not, the hash means nothing.
    """
    ids = index.rows(track, _WIDTH)
    odd = ((ids ^ _TEXT) & _IS_TEXT) | (ids & (ids << _TWO) & _IN_ID)
    request_id = index.rows(track + _REQUEST_ID_AT, _ID_WORDS)
    request_id[:, -1] &= _HALF
    plain: Mask = (odd == 0).all(axis=1)
    return (request_id @ _FACTORS >> np.uint64(32)).astype(np.int64), plain
