"""The format of JSON lines: ECS, loguru, python-json-logger, structlog, and shapes of people's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import ClassVar
from zoneinfo import ZoneInfo

from collector.core.json_lines import JsonLines as JsonLinesParser
from collector.core.json_lines import make_fields
from collector.core.json_recognition import JsonRecognition, recognise_json_lines
from collector.core.json_shape import KNOWN_SHAPES, mapped_shape
from collector.io.local_zone import find_local_zone
from collector.kernel.application import Bind
from collector.kernel.format import Format, Parser
from collector.kernel.format_choice import matches
from collector.models.json_mapping import JsonMapping


class JsonLines(Format):
    """Recognises and reads lines of known shapes; the mappings of the settings tell it more of them."""

    name = "json_lines"
    #: Stack traces and bodies make long lines.
    max_line_bytes: ClassVar[int] = 256 * 1024

    def __init__(self) -> None:
        self._all_mappings: tuple[JsonMapping, ...] = ()
        self._zone: tzinfo = UTC
        self._of_mappings: dict[tuple[str, ...], JsonLines] = {}
        self._use(())

    async def on_bind(self, event: Bind) -> None:
        self._all_mappings = event.options.json_lines
        name = event.options.log_time_zone
        self._zone = ZoneInfo(name) if name else find_local_zone()
        self._use([each for each in self._all_mappings if not each.path])

    def for_path(self, path: str) -> Format:
        mappings = [each for each in self._all_mappings if not each.path or matches(path, each.path)]
        if len(mappings) == self._mapped:
            return self
        names = tuple(each.name for each in mappings)
        if names not in self._of_mappings:
            special = self._of_mappings[names] = JsonLines()
            special._zone = self._zone
            special._use(mappings)
        return self._of_mappings[names]

    def recognise(self, sample: bytes) -> float:
        return self._recognise(sample).confidence

    def complain(self, sample: bytes) -> str:
        return self._recognise(sample).complaint

    def make_parser(self) -> Parser:
        return JsonLinesParser(self._shapes, zone=self._zone, max_line_bytes=self.max_line_bytes)

    def _use(self, mappings: Sequence[JsonMapping]) -> None:
        self._mapped = len(mappings)
        self._shapes = make_fields([*map(mapped_shape, mappings), *KNOWN_SHAPES])

    def _recognise(self, sample: bytes) -> JsonRecognition:
        return recognise_json_lines(sample, self._shapes, mapped=self._mapped)
