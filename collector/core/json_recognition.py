"""Are these JSON lines of a known shape, and if not, what is the first thing that is wrong with them?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from collector.core.first_lines import first_lines
from collector.core.json_fields import JsonFields, decode_object
from collector.core.json_shape import shown_path

#: Of lines that fit: other formats of JSON lines know more special things, and are to win.
_SUREST = 0.9
#: A shape of the settings is meant.
_MAPPED = 1.0
#: JSON objects of an unknown shape: no fit, but nearer than formats that say 0.
_NEAR = 0.005
#: A line longer than the sample shows its beginning only.
_CUT = 0.1


class JsonRecognition(msgspec.Struct, frozen=True):
    """What a sample looks like."""

    #: 0 to 1.
    confidence: float
    #: For people: the first line that does not fit, and why; "" when all do.
    complaint: str


def recognise_json_lines(sample: bytes, shapes: Sequence[JsonFields], *, mapped: int) -> JsonRecognition:
    """
    How much of a sample has a known shape.

    Args:
        mapped: how many of the shapes, the first ones, come from the settings.
    """
    lines = [line for line in sample.split(b"\n") if line.strip()]
    if len(lines) == 1 and not sample.endswith(b"\n"):
        return _judge_cut_line(lines[0], shapes)
    if not sample.endswith(b"\n"):
        lines = lines[:-1]
    weight, objects, complaint = 0.0, 0, ""
    for number, line in enumerate(lines, start=1):
        found = decode_object(line)
        objects += found is not None
        shape = _shape_of(found, shapes)
        if shape is None:
            complaint = complaint or f"line {number}: {_why(found, shapes)}, in {_shown(line)}"
        else:
            weight += _MAPPED if shape < mapped else _SUREST
    near = _NEAR if objects else 0.0
    return JsonRecognition(max(near, weight / len(lines) if lines else 0.0), complaint)


def _shape_of(line: dict[str, Any] | None, shapes: Sequence[JsonFields]) -> int | None:
    if line is None:
        return None
    return next((number for number, each in enumerate(shapes) if each.has_mark(line)), None)


def _judge_cut_line(line: bytes, shapes: Sequence[JsonFields]) -> JsonRecognition:
    whole = decode_object(line)
    if _shape_of(whole, shapes) is not None:
        return JsonRecognition(_SUREST, "")
    if whole is None and line.lstrip().startswith(b"{"):
        marks = [shown_path(mark).rpartition(".")[2].encode() for each in shapes for mark in each.shape.marks]
        if any(b'"%s"' % mark in line for mark in marks):
            return JsonRecognition(_CUT, "")
    return JsonRecognition(0.0, f"line 1: {_why(whole, shapes)}, in {_shown(line)}")


def _why(line: dict[str, Any] | None, shapes: Sequence[JsonFields]) -> str:
    if line is None:
        return "no JSON object"
    expected = ", ".join(f"{' or '.join(map(shown_path, each.shape.marks))} ({each.shape.name})" for each in shapes)
    return f"a JSON object of no known shape, expected {expected}, or a mapping in eventscope.toml"


def _shown(line: bytes) -> str:
    text = (first_lines(line) or ("",))[0]
    return f'"{text if len(text) <= 80 else text[:79] + "…"}"'
