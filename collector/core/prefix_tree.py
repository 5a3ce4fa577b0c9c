"""
PrefixTree: which one of many known texts it can be that stands at a place, for many places at once.

The root looks at as many words as the shortest text has, every other node at one word: the first in which the texts
below it differ. Alike beginnings are neighbours among sorted texts, so a node is a range of these.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.core.line_index import WORD_BYTES, LineIndex, Mask, Words, at_every_byte, rows_of
from collector.lib.sampling import word_factor
from collector.models.packed_column import Column

#: What is found where no text is. What is below it is a node of a tree.
NO_TEXT = -1
#: The root looks at no more words than these.
_ROOT_WORDS = 8
_FACTORS = np.array([word_factor(place) for place in range(_ROOT_WORDS)], np.uint64)
_WORD_FACTOR, _NODE_FACTOR, _MULTIPLE = (np.uint64(word_factor(_ROOT_WORDS + place)) for place in range(3))
#: Slots for each hash: few share one.
_SPREAD = 3
#: More slots are not tried, so that who knows the hash gains nothing but that his lines are not found.
_MAX_BITS = 18


class PrefixTree:
    """Of 1 to 2¹⁶ texts of 8 bytes or more. Of two of which one begins the other only one is found."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        order = sorted(range(len(texts)), key=texts.__getitem__)
        known = _SortedTexts([texts[number] for number in order])
        numbers = np.array(order, np.int64)
        self._root_words = min(_ROOT_WORDS, int(known.sizes.min()) // WORD_BYTES)
        heads = known.heads(self._root_words)
        starts = rows_of(np.append(True, (heads[1:] != heads[:-1]).any(axis=1)))
        ends = np.append(starts[1:], len(texts))
        is_node = ends - starts > 1
        self._root = _Slots(heads[starts] @ _FACTORS[: self._root_words], _targets(numbers[starts], is_node, 0))
        hashes, targets, looks_at, nodes = [np.zeros(0, np.uint64)], [numbers[:0]], [numbers[:0]], 0
        at = np.full(len(starts), WORD_BYTES * self._root_words)
        while is_node.any():
            starts, ends = starts[is_node], ends[is_node]
            at, differ = known.difference(starts, ends, at[is_node])
            starts, ends, above, words = known.branches(starts, ends, at)
            hashes.append(_edge_hash(nodes + above, words))
            looks_at.append(at)
            nodes += len(at)
            is_node = (ends - starts > 1) & differ[above]
            targets.append(_targets(numbers[starts], is_node, nodes))
            at = at[above] + WORD_BYTES
        self._edges = _Slots(np.concatenate(hashes), np.concatenate(targets))
        #: Where each node but the root looks, bytes from the place on.
        self._looks_at = np.concatenate(looks_at)

    def find(self, index: LineIndex, places: Column) -> Column:
        """The number of the only text that can be at each place; NO_TEXT for none."""
        found = self._root.find(index.rows(places, self._root_words) @ _FACTORS[: self._root_words])
        rest = rows_of(found < NO_TEXT)
        while len(rest):
            node = _of_node(found[rest])
            words = index.words(places[rest] + self._looks_at[node])
            found[rest] = below = self._edges.find(_edge_hash(node, words))
            rest = rest[below < NO_TEXT]
        return found


class _SortedTexts:
    """What a tree is made of."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self.sizes: Column = np.fromiter(map(len, texts), np.int64, len(texts))
        self._begins = np.cumsum(self.sizes) - self.sizes
        self._data = np.frombuffer(b"".join(texts), np.uint8)
        self._words: Words = at_every_byte(self._data, WORD_BYTES).view("<u8")

    def heads(self, words: int) -> Words:
        """The first words of each text."""
        heads: Words = at_every_byte(self._data, WORD_BYTES * words)[self._begins].view("<u8").reshape(-1, words)
        return heads

    def difference(self, starts: Column, ends: Column, at: Column) -> tuple[Column, Mask]:
        """
        Where the texts of each range differ first, from a byte on up to which they are alike, and whether they do: so
        that the word there, or the last one that all of them have, tells them apart.
        """
        texts, of = _members(starts, ends)
        firsts = np.cumsum(ends - starts) - (ends - starts)
        last = np.minimum.reduceat(self.sizes[texts], firsts) - WORD_BYTES
        at = np.minimum(at, last)
        while True:
            words = self._words[self._begins[texts] + at[of]]
            differences = np.bitwise_or.reduceat(words ^ words[firsts][of], firsts)
            onward = (differences == 0) & (at < last)
            if not onward.any():
                break
            at = np.where(onward, np.minimum(at + WORD_BYTES, last), at)
        first_byte = (differences.view(np.uint8).reshape(-1, WORD_BYTES) != 0).argmax(axis=1)
        return np.minimum(at + first_byte, last), differences != 0

    def branches(self, starts: Column, ends: Column, at: Column) -> tuple[Column, Column, Column, Words]:
        """Ranges of texts with the same word at this byte: start, end, the range that it is a part of, the word."""
        texts, of = _members(starts, ends)
        words = self._words[self._begins[texts] + at[of]]
        first = rows_of(np.append(True, (of[1:] != of[:-1]) | (words[1:] != words[:-1])))
        sizes = np.diff(first, append=len(texts))
        return texts[first], texts[first] + sizes, of[first], words[first]


class _Slots:
    """Numbers by hash. Of two with the same hash only one is found."""

    def __init__(self, hashes: Words, numbers: Column) -> None:
        self._hashes, first = np.unique(hashes, return_index=True)
        self._numbers = numbers[first]
        bits = (_SPREAD * len(first)).bit_length()
        while True:
            # By the first bits of the hash; where that slot is another's, by the first ones of a multiple.
            self._shift = np.uint64(64 - bits)
            self._slots, self._more_slots = np.zeros((2, 1 << bits), np.uint16)
            own = self._hashes >> self._shift
            # What is written last stays.
            self._slots[own] = np.arange(len(first))
            rest = rows_of(self._slots[own] != np.arange(len(first)))
            other = self._hashes[rest] * _MULTIPLE >> self._shift
            self._more_slots[other] = rest
            if bits >= _MAX_BITS or (self._more_slots[other] == rest).all():
                break
            bits += 1

    def find(self, hashes: Words) -> Column:
        """The number of each hash; NO_TEXT for none."""
        place = self._slots[hashes >> self._shift].astype(np.int64)
        rest = rows_of(self._hashes[place] != hashes)
        place[rest] = again = self._more_slots[hashes[rest] * _MULTIPLE >> self._shift]
        found: Column = self._numbers[place]
        found[rest[self._hashes[again] != hashes[rest]]] = NO_TEXT
        return found


def _edge_hash(node: Column, words: Words) -> Words:
    return words * _WORD_FACTOR + node.view(np.uint64) * _NODE_FACTOR


def _targets(numbers: Column, is_node: Mask, first_node: int) -> Column:
    """The first text of each range, or the node that it is, in a number below NO_TEXT."""
    targets = numbers.copy()
    targets[is_node] = _of_node(first_node + np.arange(np.count_nonzero(is_node)))
    return targets


def _of_node(number: Column) -> Column:
    """A node as a number below NO_TEXT, and the way back."""
    return NO_TEXT - 1 - number


def _members(starts: Column, ends: Column) -> tuple[Column, Column]:
    """The numbers of all ranges, one range after the other, and of which range each is."""
    sizes = ends - starts
    of = np.repeat(np.arange(len(sizes)), sizes)
    return np.arange(len(of)) + (starts - (np.cumsum(sizes) - sizes))[of], of
