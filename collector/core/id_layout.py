"""IdLayout: a text with UUIDs in it, looked for at many places at once."""

from __future__ import annotations

import numpy as np

from collector.core.line_index import WORD_BYTES, LineIndex, Mask, Words
from collector.models.packed_column import Column

#: Stands for the characters of an id.
ID = b"#" * 36
_TWO = np.uint64(2)


class IdLayout:
    """What the engine writes: names and separators as they are, ids of hexadecimal digits and dashes."""

    def __init__(self, text: bytes) -> None:
        """Args: text: with ID where ids stand."""
        self._width = -(-len(text) // WORD_BYTES)
        self._text = self._as_words(text.replace(b"#", b"\0"))
        self._is_text = self._as_words(bytes(0xFF * (byte != ord("#")) for byte in text))
        # 0x50 in "|", in no character of a UUID: its lower bit is moved to where its higher one is.
        self._in_id = self._as_words(bytes(0x40 * (byte == ord("#")) for byte in text))

    def stands_at(self, index: LineIndex, places: Column) -> Mask:
        """Whether such a text stands at each place."""
        found = index.rows(places, self._width)
        odd = ((found ^ self._text) & self._is_text) | (found & (found << _TWO) & self._in_id)
        stands: Mask = (odd == 0).all(axis=1)
        return stands

    def _as_words(self, text: bytes) -> Words:
        return np.frombuffer(text.ljust(self._width * WORD_BYTES, b"\0"), "<u8")
