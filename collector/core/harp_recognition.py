"""Are these lines of HARP Proxy's JSON log, and if not, what is the first thing that is wrong with them?"""

from __future__ import annotations

import msgspec

from collector.core.first_lines import first_lines
from collector.core.harp_line import OUR_LOGGERS, HarpLine
from collector.core.json_fields import UNREADABLE

_decoder = msgspec.json.Decoder(HarpLine)
_EXPECTED = "expected an object with event, logger and timestamp (LOGGING_FORMAT=json)"


def recognise_harp(sample: bytes) -> tuple[float, str]:
    """
    How sure it is that HARP wrote this, 0 to 1, and for people the first line that is none of it; "" when all are.

    Its log holds lines of libraries as well: a few of HARP's own tell that all of that shape are its.
    """
    ours, shaped, complaint = 0, 0, ""
    lines = [line for line in sample.split(b"\n") if line.strip()]
    if len(lines) > 1 and not sample.endswith(b"\n"):
        lines.pop()
    for number, text in enumerate(lines, start=1):
        try:
            line = _decoder.decode(text)
        except UNREADABLE:
            complaint = complaint or f'line {number}: {_EXPECTED}, in "{_shown(text)}"'
            continue
        shaped += 1
        ours += line.logger.startswith(OUR_LOGGERS)
    if not ours:
        return 0.0, complaint or "no line is of a logger of HARP's"
    return shaped / len(lines), complaint


def _shown(line: bytes) -> str:
    return (first_lines(line) or ("",))[0][:80]
