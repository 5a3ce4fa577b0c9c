"""
What tells two runs of one activity on one process apart: the bytes behind the name of their first track id, as they
stand in the line. They hold the operation id, and an engine writes the same at the run's end as at its start; so nobody
has to find out where an id ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from struct import Struct

import numpy as np

from collector.core.line_index import LineIndex, Words
from collector.lib.sampling import WORD_BYTES, word_factor
from collector.models.packed_column import Column

#: Where they stand, behind " | track.": behind "operation_id=", a UUID and what follows it.
FIRST, LAST = 13, 53
_WORDS = (LAST - FIRST) // WORD_BYTES
_FACTORS = [word_factor(place) for place in range(_WORDS)]
_COLUMN_FACTORS = np.array(_FACTORS, np.uint64)
_AS_WORDS = Struct(f"<{_WORDS}Q")
_MASK = 2**64 - 1
#: So many are hashed sooner one by one.
_FEW = 6


def run_hash(identity: bytes) -> int:
    """0 ≤ hash < 2⁶⁴ of up to LAST − FIRST bytes: the sum of their little-endian words by factors."""
    total: int = sum(map(mul, _AS_WORDS.unpack(identity.ljust(LAST - FIRST, b"\0")), _FACTORS))
    return total & _MASK


def hash_runs(identities: Sequence[bytes]) -> list[int]:
    """The same of many."""
    if len(identities) < _FEW:
        return list(map(run_hash, identities))
    data = b"".join([identity.ljust(LAST - FIRST, b"\0") for identity in identities])
    hashes: list[int] = (np.frombuffer(data, "<u8").reshape(-1, _WORDS) @ _COLUMN_FACTORS).tolist()
    return hashes


def run_hashes(index: LineIndex, track: Column) -> Words:
    """The same for lines whose track ids begin at these places, behind " | track."."""
    hashes: Words = index.rows(track + FIRST, _WORDS) @ _COLUMN_FACTORS
    return hashes
