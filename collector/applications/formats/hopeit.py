"""The format of hopeit.engine's log files."""

from __future__ import annotations

from collector.core.hopeit_lines import HopeitLines
from collector.core.hopeit_recognition import recognise_hopeit
from collector.core.line_index import LineIndexer
from collector.kernel.format import Format, Parser


class Hopeit(Format):
    """Recognises and reads what hopeit.engine 0.x writes."""

    name = "hopeit"

    def __init__(self) -> None:
        # One for all sources: they are read in turns.
        self._indexer = LineIndexer()

    def recognise(self, sample: bytes) -> float:
        return recognise_hopeit(sample).confidence

    def complain(self, sample: bytes) -> str:
        return recognise_hopeit(sample).complaint

    def make_parser(self) -> Parser:
        return HopeitLines(self._indexer)
