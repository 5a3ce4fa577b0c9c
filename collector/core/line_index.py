"""
LineIndex: where the lines of a window stand, and their bytes as columns: one operation looks at all lines at once.

Eight bytes of text are compared as one little-endian word. Places are byte positions in a padded copy of the window,
so that a column may reach past its line, or past the window, without leaving the memory: what it finds there never
counts, for a text that was compared in full holds no newline and so ends inside its line.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collector.models.packed_column import Column

Words = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

WORD_BYTES = 8
#: Around the window: further than any column reaches from a line's own bytes.
PAD_BYTES = 2048
_ONES = np.uint64(0x0101010101010101)


class LineIndexer:
    """Makes the index of one window after the other, in memory that it uses again: fresh pages cost more than lines."""

    def __init__(self) -> None:
        self._data = np.zeros(0, np.uint8)
        self._marks = np.zeros(0, np.bool_)

    def index(self, window: bytes | memoryview) -> LineIndex:
        """
        Args:
            window: whole lines, each ending with a newline.

        Returns:
            Its index, until the next one is made.
        """
        size = PAD_BYTES + len(window) + PAD_BYTES
        if size > len(self._data):
            self._data = np.zeros(size + -size % WORD_BYTES, np.uint8)
            self._marks = np.zeros(len(self._data), np.bool_)
        self._data[PAD_BYTES : PAD_BYTES + len(window)] = np.frombuffer(window, np.uint8)
        # What an earlier window left behind this one stays: no lines are looked for there.
        lines = slice(0, PAD_BYTES + len(window) + -len(window) % WORD_BYTES)
        marks = np.equal(self._data[lines], ord("\n"), out=self._marks[lines])
        marks[PAD_BYTES + len(window) :] = False
        return LineIndex(self._data, _places(marks.view(np.uint64)))


class LineIndex:
    """The lines of one window."""

    def __init__(self, data: npt.NDArray[np.uint8], newlines: Column) -> None:
        """
        Args:
            data: the window, padded.
            newlines: their places.
        """
        self._data = data
        self._words: Words = at_every_byte(data, WORD_BYTES).view("<u8")
        #: Place of each line's first byte.
        self.starts: Column = np.concatenate((np.array([PAD_BYTES], np.int64), newlines[:-1] + 1))
        #: Place of each line's newline.
        self.ends: Column = newlines
        #: Bytes of each line, its newline counted.
        self.sizes: Column = newlines + 1 - self.starts

    def words(self, places: Column) -> Words:
        """The eight bytes at each place."""
        return self._words[places]

    def rows(self, places: Column, width: int) -> Words:
        """Shape (places, width): `width` words from each place on."""
        return at_every_byte(self._data, WORD_BYTES * width)[places].view("<u8").reshape(-1, width)

    def holds(self, places: Column, text: bytes) -> Mask:
        """Whether this text of eight bytes or more stands at each place."""
        held = np.ones(len(places), np.bool_)
        for at in (*range(0, len(text) - WORD_BYTES, WORD_BYTES), len(text) - WORD_BYTES):
            held &= self.words(places + at) == word_of(text[at : at + WORD_BYTES])
        return held

    def text(self, place: int, size_bytes: int) -> bytes:
        """The bytes from a place on."""
        return self._data[place : place + size_bytes].tobytes()


def at_every_byte(data: npt.NDArray[np.uint8], size_bytes: int) -> npt.NDArray[np.void]:
    """An element of so many bytes from each byte on: they overlap, and taking some of them copies just these."""
    return np.ndarray((len(data) - size_bytes + 1,), f"V{size_bytes}", data, strides=(1,))


def rows_of(mask: Mask) -> Column:
    """Where it is true. As np.flatnonzero, without what that takes for a few lines."""
    return mask.nonzero()[0]


def word_of(text: bytes) -> np.uint64:
    """Up to eight bytes as a word."""
    return np.uint64(int.from_bytes(text, "little"))


def lowest_byte(marks: Words) -> Column:
    """Which byte is the first that is 1, in words whose bytes are 0 or 1; 8 for none."""
    below = (marks & -marks) - np.uint64(1)
    return ((below & _ONES) * _ONES >> np.uint64(56)).view(np.int64)


def _places(marks: Words) -> Column:
    """Where bytes are 1, of words whose bytes are 0 or 1: few of them are."""
    words = rows_of(marks != 0)
    left, found = marks[words], []
    while len(words):
        found.append(words * WORD_BYTES + lowest_byte(left))
        left &= left - np.uint64(1)
        again = rows_of(left != 0)
        words, left = words[again], left[again]
    return np.sort(np.concatenate(found)) if len(found) > 1 else found[0]
