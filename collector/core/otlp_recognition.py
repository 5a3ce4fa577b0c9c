"""Are these lines of OTLP JSON, and if not, what is the first thing that is wrong with them?"""

from __future__ import annotations

import re

from collector.core.labels import printable
from collector.core.otlp_export import SIGNALS, decode_export
from collector.core.redact import redact_text

_EXPECTED = f"expected one JSON object a line with {', '.join(SIGNALS[:-1])} or {SIGNALS[-1]}"
# A line may be longer than a sample, so its beginning has to do; other fields may stand before.
_BEGINNING = re.compile(rb'[\0\s]*(?:\xef\xbb\xbf)?\s*\{\s*"resource(?:Spans|Logs|Metrics)"\s*:\s*\[')
#: Of a line that is shown.
_SHOWN_CHARS = 80


def recognise_otlp(sample: bytes) -> tuple[float, str]:
    """
    (share of the lines that are OTLP JSON, the first complaint or "").

    Args:
        sample: the beginning of a source; the last line may be cut.
    """
    if _is_protobuf(sample):
        return 0.0, "it is OTLP in Protobuf, expected JSON: set `format: json` in the file exporter"
    *whole, rest = sample.split(b"\n")
    ours = others = 0
    complaint = ""
    for number, line in enumerate(whole or [rest], start=1):
        if not line.strip():
            continue
        if _BEGINNING.match(line) or (whole and _is_export(line)):
            ours += 1
        else:
            others += 1
            complaint = complaint or f"line {number}: {_EXPECTED}, in {_shown(line)}"
    return (ours / (ours + others) if ours else 0.0), complaint


def _is_export(line: bytes) -> bool:
    export = decode_export(line)
    return export is not None and not export.is_empty


def _is_protobuf(sample: bytes) -> bool:
    # The file exporter writes each request's length in four bytes; the request's first field is number 1.
    return len(sample) > 8 and sample[0] == 0 and sample[4:5] == b"\n" and b"service.name" in sample


def _shown(line: bytes) -> str:
    text = printable(redact_text(line[:4096].decode("utf-8", "backslashreplace")))
    return f'"{text[:_SHOWN_CHARS]}{"…" if len(text) > _SHOWN_CHARS else ""}"'
