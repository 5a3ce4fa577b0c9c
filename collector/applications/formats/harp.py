"""The format of HARP Proxy's JSON log."""

from __future__ import annotations

from collector.core.harp_lines import HarpLines
from collector.core.harp_recognition import recognise_harp
from collector.kernel.application import Bind
from collector.kernel.format import Format, Parser


class Harp(Format):
    """Recognises and reads what HARP Proxy writes with LOGGING_FORMAT=json."""

    name = "harp"

    def __init__(self) -> None:
        self._is_asked = False

    async def on_bind(self, event: Bind) -> None:
        self._is_asked = bool(event.options.harp)

    def recognise(self, sample: bytes) -> float:
        return recognise_harp(sample)[0]

    def complain(self, sample: bytes) -> str:
        return recognise_harp(sample)[1]

    def make_parser(self) -> Parser:
        return HarpLines(is_asked=self._is_asked)
