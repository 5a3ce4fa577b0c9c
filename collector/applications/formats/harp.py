"""The format of HARP Proxy's JSON log."""

from __future__ import annotations

from collector.core.harp_lines import HarpLines
from collector.core.harp_recognition import recognise_harp
from collector.kernel.format import Format, Parser


class Harp(Format):
    """Recognises and reads what HARP Proxy writes with LOGGING_FORMAT=json."""

    name = "harp"

    def recognise(self, sample: bytes) -> float:
        return recognise_harp(sample)[0]

    def complain(self, sample: bytes) -> str:
        return recognise_harp(sample)[1]

    def make_parser(self) -> Parser:
        return HarpLines()
