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

from collector.core.line_index import WORD_BYTES, LineIndex, Mask, Words
from collector.lib.sampling import word_factor
from collector.models.count_table import Column

#: Longer texts are not looked for.
MAX_PREFIX_BYTES = 1016
#: Texts under one slot that are tried. What is in none of them is not found.
MAX_TRIES = 4
#: Slots for each text: few share one.
_SPREAD = 8
_FACTORS = np.array([word_factor(place) for place in range(MAX_PREFIX_BYTES // WORD_BYTES)], np.uint64)


class PrefixTable:
    """Texts of 8 to MAX_PREFIX_BYTES bytes, none of which begins another."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        #: Bytes of each text.
        self.sizes: Column = np.array([len(text) for text in texts], np.int64)
        by_width: dict[int, list[int]] = {}
        for number, text in enumerate(texts):
            by_width.setdefault(len(text) // WORD_BYTES, []).append(number)
        self._groups = [_make_group(width, by_width[width], texts) for width in sorted(by_width)]

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
            found[rest] = numbers = group.find(index, places[rest], hashes)
            left = np.flatnonzero(numbers < 0)
            rest, hashes = rest[left], hashes[left]
        return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Texts with the same number of whole words, in the order of their hashes: members, by their place in it."""

    width: int
    hashes: Words
    #: The first bits of a hash → the first member with these; 0 where there is none, for it is compared anyhow.
    slots: Column
    shift: np.uint64
    #: Whether the next member has the same first bits.
    goes_on: Mask
    #: Numbers in the table.
    numbers: Column
    #: Whole words: an element a text.
    words: npt.NDArray[np.void]
    #: The last eight bytes, which reach back into the last whole word.
    last_word: Words
    #: Where these begin, bytes.
    last_at: Column

    def find(self, index: LineIndex, places: Column, hashes: Words) -> Column:
        """The number in the table of the text at each place; -1 for none."""
        found = np.full(len(places), -1, np.int64)
        members = self.slots[hashes >> self.shift]
        rows: Column | None = None
        for _ in range(MAX_TRIES):
            alike = np.flatnonzero(self.hashes[members] == (hashes if rows is None else hashes[rows]))
            candidates = members[alike]
            alike = alike if rows is None else rows[alike]
            same = self._are_at(index, places[alike], candidates)
            found[alike[same]] = self.numbers[candidates[same]]
            again = np.flatnonzero(self.goes_on[members])
            rows = again if rows is None else rows[again]
            if not len(rows):
                break
            members = members[again] + 1
        return found

    def _are_at(self, index: LineIndex, places: Column, members: Column) -> Mask:
        same: Mask = index.words(places + self.last_at[members]) == self.last_word[members]
        words = self.words[members].view("<u8").reshape(-1, self.width)
        same &= (index.rows(places, self.width) == words).all(axis=1)
        return same


def _make_group(width: int, numbers: list[int], texts: Sequence[bytes]) -> _Group:
    whole = b"".join(texts[number][: WORD_BYTES * width] for number in numbers)
    hashes = np.frombuffer(whole, "<u8").reshape(-1, width) @ _FACTORS[:width]
    order = np.argsort(hashes)
    hashes = hashes[order]
    members = [texts[numbers[place]] for place in order.tolist()]
    bits = (_SPREAD * len(members)).bit_length()
    shift = np.uint64(64 - bits)
    slots, slot = np.zeros(1 << bits, np.int64), hashes >> shift
    # Backwards, for the first one stays.
    slots[slot[::-1]] = np.arange(len(members))[::-1]
    return _Group(
        width=width,
        hashes=hashes,
        slots=slots,
        shift=shift,
        goes_on=np.append(slot[1:] == slot[:-1], False),
        numbers=np.array(numbers, np.int64)[order],
        words=np.frombuffer(whole, f"V{WORD_BYTES * width}")[order],
        last_word=np.frombuffer(b"".join(text[-WORD_BYTES:] for text in members), "<u8"),
        last_at=np.array([len(text) - WORD_BYTES for text in members], np.int64),
    )
