"""EndTable: whether each of many lines ends with its own of some known texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.core.line_index import WORD_BYTES, LineIndex, Mask
from collector.models.count_table import Column

#: Longer ends are not compared.
MAX_END_BYTES = 256


class EndTable:
    """Texts of 8 to MAX_END_BYTES bytes, by number."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        #: Bytes of each text.
        self.sizes: Column = np.array([len(text) for text in texts], np.int64)
        width = -(-int(self.sizes.max(initial=0)) // WORD_BYTES)
        # From the end on; the last word of a text reaches back to its first byte, and is compared again where others
        # have more.
        self._reach = np.minimum(np.arange(1, width + 1)[:, None] * WORD_BYTES, self.sizes)
        self._words = np.array(
            [
                [
                    int.from_bytes(text[len(text) - back :][:WORD_BYTES], "little")
                    for text, back in zip(texts, row, strict=True)
                ]
                for row in self._reach.tolist()
            ],
            np.uint64,
        )

    def end_with(self, index: LineIndex, ends: Column, numbers: Column) -> Mask:
        """Whether the text of each number stands right before each place."""
        same = np.ones(len(ends), np.bool_)
        for reach, words in zip(self._reach, self._words, strict=True):
            same &= index.words(ends - reach[numbers]) == words[numbers]
        return same
