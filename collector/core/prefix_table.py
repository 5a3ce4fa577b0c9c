"""
PrefixTable: which of many known texts stands at a place, for many places at once.

Texts are grouped by their number of whole words. A hash of these words finds a candidate, and then every byte of it
is compared: lines are written by others, who may know the hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collector.core.line_index import WORD_BYTES, LineIndex, Mask, Words, at_every_byte, rows_of
from collector.lib.sampling import word_factor
from collector.models.count_table import Column

#: Longer texts are not looked for.
MAX_PREFIX_BYTES = 1016
#: Texts with one hash that are tried. What is in none of them is not found.
MAX_TRIES = 4
_MULTIPLE = np.uint64(word_factor(MAX_PREFIX_BYTES))
#: Slots for each text: few share one.
_SPREAD = 3
#: More slots are not tried, so that who knows the hash gains nothing but that his lines are not found.
_MAX_BITS = 18
_FACTORS = np.array([word_factor(place) for place in range(MAX_PREFIX_BYTES // WORD_BYTES)], np.uint64)


class PrefixTable:
    """Up to 2¹⁶ texts of 8 to MAX_PREFIX_BYTES bytes, none of which begins another."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        #: Bytes of each text.
        self.sizes: Column = np.fromiter(map(len, texts), np.int64, len(texts))
        data = np.frombuffer(b"".join(texts), np.uint8)
        begins = np.cumsum(self.sizes) - self.sizes
        widths = self.sizes // WORD_BYTES
        self._groups = [
            _make_group(width, rows_of(widths == width), data, begins, self.sizes)
            for width in np.unique(widths).tolist()
        ]

    def find(self, index: LineIndex, places: Column) -> Column:
        """The number of the text at each place; -1 for none."""
        found = np.full(len(places), -1, np.int64)
        rest, hashes, width = np.arange(len(places)), np.zeros(len(places), np.uint64), 0
        for group in self._groups:
            if not len(rest):
                break
            more = index.rows(places[rest] + WORD_BYTES * width, group.width - width)
            hashes = hashes + more @ _FACTORS[width : group.width]
            width = group.width
            rows, numbers = group.find(index, places[rest], hashes)
            found[rest[rows]] = numbers
            left = np.ones(len(rest), np.bool_)
            left[rows] = False
            rest, hashes = rest[left], hashes[left]
        return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Texts with the same number of whole words, in the order of their hashes: members, by their place in it."""

    width: int
    hashes: Words
    #: Two slots of a hash, by its first bits and by those of a multiple → members that may have it.
    slots: npt.NDArray[np.uint16]
    more_slots: npt.NDArray[np.uint16]
    shift: np.uint64
    #: Whether the next member has the same hash.
    goes_on: Mask
    #: Numbers in the table.
    numbers: Column
    #: Whole words: an element a text.
    words: npt.NDArray[np.void]
    #: The last eight bytes, which reach back into the last whole word.
    last_word: Words
    #: Where these begin, bytes.
    last_at: Column

    def find(self, index: LineIndex, places: Column, hashes: Words) -> tuple[Column, Column]:
        """Rows of places where a text is, and its numbers in the table."""
        members = self.slots[hashes >> self.shift]
        others = self.more_slots[hashes * _MULTIPLE >> self.shift]
        members = np.where(self.hashes[members] == hashes, members, others).astype(np.int64)
        rows = rows_of(self.hashes[members] == hashes)
        places, members = places[rows], members[rows]
        same = self._are_at(index, places, members)
        for _ in range(MAX_TRIES - 1):
            again = rows_of(self.goes_on[members] & ~same)
            if not len(again):
                break
            members[again] += 1
            same[again] = self._are_at(index, places[again], members[again])
        return rows[same], self.numbers[members[same]]

    def _are_at(self, index: LineIndex, places: Column, members: Column) -> Mask:
        same: Mask = index.words(places + self.last_at[members]) == self.last_word[members]
        words = self.words[members].view("<u8").reshape(-1, self.width)
        same &= (index.rows(places, self.width) == words).all(axis=1)
        return same


def _make_group(width: int, numbers: Column, data: npt.NDArray[np.uint8], begins: Column, sizes: Column) -> _Group:
    words = at_every_byte(data, WORD_BYTES * width)[begins[numbers]]
    hashes = words.view("<u8").reshape(-1, width) @ _FACTORS[:width]
    order = np.argsort(hashes)
    hashes, numbers = hashes[order], numbers[order]
    slots, more_slots, shift = _make_slots(hashes)
    last_at = sizes[numbers] - WORD_BYTES
    return _Group(
        width=width,
        hashes=hashes,
        slots=slots,
        more_slots=more_slots,
        shift=shift,
        goes_on=np.append(hashes[1:] == hashes[:-1], False),
        numbers=numbers,
        words=words[order],
        last_word=at_every_byte(data, WORD_BYTES)[begins[numbers] + last_at].view("<u8"),
        last_at=last_at,
    )


def _make_slots(hashes: Words) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16], np.uint64]:
    """Slots for the first member of each hash, more slots for those that do not get theirs, and the shift for both."""
    first = rows_of(np.append(True, hashes[1:] != hashes[:-1]))
    bits = (_SPREAD * len(first)).bit_length()
    while True:
        shift = np.uint64(64 - bits)
        slots, more_slots = np.zeros((2, 1 << bits), np.uint16)
        # What is written last stays.
        slots[hashes[first] >> shift] = first
        rest = first[slots[hashes[first] >> shift] != first]
        own = hashes[rest] * _MULTIPLE >> shift
        more_slots[own] = rest
        if bits >= _MAX_BITS or (more_slots[own] == rest).all():
            return slots, more_slots, shift
        bits += 1
