"""TextTable: known texts by number, to be compared with what stands at many places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collector.core.line_index import WORD_BYTES, LineIndex, Mask, Words, at_every_byte, rows_of
from collector.models.packed_column import Column

#: Longer texts are not compared.
MAX_TEXT_BYTES = 1016


class TextTable:
    """
    Texts of 8 to MAX_TEXT_BYTES bytes. Each is compared in two blocks of a power of two of bytes, one from its first
    byte on and one up to its last: they meet or overlap, so that two comparisons do whatever its size.
    """

    def __init__(self, texts: Sequence[bytes]) -> None:
        #: Bytes of each text.
        self.sizes: Column = np.fromiter(map(len, texts), np.int64, len(texts))
        data = np.frombuffer(b"".join(texts), np.uint8)
        begins = np.cumsum(self.sizes) - self.sizes
        # Which of the blocks a text is compared by, and where among those.
        widths = 1 << np.log2(np.maximum(self.sizes, 1) // WORD_BYTES).astype(np.int64)
        found, self._kind = np.unique(widths, return_inverse=True)
        self._place = np.zeros(len(texts), np.int64)
        self._blocks: list[_Blocks] = []
        for kind, width in enumerate(found.tolist()):
            numbers = rows_of(self._kind == kind)
            self._place[numbers] = np.arange(len(numbers))
            blocks = at_every_byte(data, WORD_BYTES * width)
            last = begins[numbers] + self.sizes[numbers] - WORD_BYTES * width
            self._blocks.append(_Blocks(width, blocks[begins[numbers]], blocks[last]))

    def are_at(self, index: LineIndex, places: Column, numbers: Column) -> Mask:
        """Whether the text of each number stands at each place."""
        if len(self._blocks) == 1:
            return self._blocks[0].are_at(index, places, self.sizes[numbers], self._place[numbers])
        same = np.zeros(len(places), np.bool_)
        kinds = self._kind[numbers]
        for kind, blocks in enumerate(self._blocks):
            rows = rows_of(kinds == kind)
            if len(rows):
                chosen = numbers[rows]
                same[rows] = blocks.are_at(index, places[rows], self.sizes[chosen], self._place[chosen])
        return same


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Of texts whose size is `width` to less than twice as many words."""

    width: int
    #: From the first byte of each text on.
    first: npt.NDArray[np.void]
    #: Up to its last one.
    last: npt.NDArray[np.void]

    def are_at(self, index: LineIndex, places: Column, sizes: Column, members: Column) -> Mask:
        last_places = places + (sizes - WORD_BYTES * self.width)
        same = self._are_same(index.rows(places, self.width), self.first.take(members))
        same &= self._are_same(index.rows(last_places, self.width), self.last.take(members))
        return same

    def _are_same(self, rows: Words, blocks: npt.NDArray[np.void]) -> Mask:
        flags = rows == blocks.view("<u8").reshape(-1, self.width)
        if self.width > WORD_BYTES:
            wide: Mask = flags.all(axis=1)
            return wide
        # The flags of a row as one number: `all` takes ten times as long for rows as short as these.
        same: Mask = flags.view(f"u{self.width}")[:, 0] == int.from_bytes(b"\1" * self.width, "little")
        return same
