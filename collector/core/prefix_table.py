"""
PrefixTable: which of many known texts stands at a place, for many places at once.

A tree finds the only text that it can be, and then each byte of it is compared: lines are written by others, who may
know how words are looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.core.line_index import LineIndex, rows_of
from collector.core.prefix_tree import NO_TEXT, PrefixTree
from collector.core.text_table import TextTable
from collector.models.packed_column import Column

# Sources that tell no callers and no stats are many, and a table costs as much as reading 50 lines.
_NO_TEXTS = TextTable(())


class PrefixTable:
    """Up to 2¹⁶ texts of 8 to MAX_TEXT_BYTES bytes, none of which begins another."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = TextTable(texts) if texts else _NO_TEXTS
        #: Bytes of each text.
        self.sizes = self._texts.sizes
        self._tree = PrefixTree(texts) if texts else None

    def find(self, index: LineIndex, places: Column) -> Column:
        """The number of the text at each place; NO_TEXT for none."""
        if self._tree is None:
            return np.full(len(places), NO_TEXT, np.int64)
        found = self._tree.find(index, places)
        known = rows_of(found != NO_TEXT)
        same = self._texts.are_at(index, places[known], found[known])
        found[known[~same]] = NO_TEXT
        return found
