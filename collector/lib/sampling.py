"""
Which operations are sampled: by a hash of their request id, so that every host keeps the same ones and a trace is
whole.

A threshold that is halved keeps a part of what it kept before. The hash works on words of eight bytes, so that code
that looks at many lines at once can compute it for all of them in one go.
"""

from __future__ import annotations

from functools import lru_cache
from operator import mul
from struct import unpack

#: All operations: the hash is always below.
EVERYTHING = 2**32
WORD_BYTES = 8
_MASK = 2**64 - 1


@lru_cache(maxsize=1024)
def word_factor(place: int) -> int:
    """The odd factor of the word at this place. Source: the mixing function of SplitMix64 (Steele, Lea, Flood 2014)."""
    mixed = (place + 1) * 0x9E3779B97F4A7C15 & _MASK
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
    return (mixed ^ mixed >> 31) | 1


def sample_hash(request_id: bytes) -> int:
    """0 ≤ hash < 2³²: the upper half of the sum of its little-endian words, the last filled up with NUL, by factors."""
    words = -(-len(request_id) // WORD_BYTES)
    numbers = unpack(f"<{words}Q", request_id.ljust(words * WORD_BYTES, b"\0"))
    total: int = sum(map(mul, numbers, _factors(words)))
    return (total & _MASK) >> 32


def is_sampled(request_id: bytes, threshold: int) -> bool:
    """Whether an operation is kept; one without an id never is."""
    return bool(request_id) and sample_hash(request_id) < threshold


# Nearly all ids are UUIDs.
@lru_cache(maxsize=16)
def _factors(words: int) -> tuple[int, ...]:
    return tuple(map(word_factor, range(words)))
