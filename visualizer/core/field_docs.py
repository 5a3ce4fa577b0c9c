"""What fields are, as the `#:` lines before them say it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from itertools import takewhile

_FIELD = re.compile(r" {4}(\w+): ")
_MARK = "    #: "


def field_docs(kind: type) -> dict[str, str]:
    """Field → its words, of a class and those it is made from. Fields in a row share the words before the first."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__[:-1]):
        found |= _docs_in(_body(one))
    return found


def _body(kind: type) -> Iterable[str]:
    # Not inspect.getsource(kind): it parses the whole file for each class.
    try:
        lines = iter(inspect.getsource(sys.modules[kind.__module__]).splitlines())
    except (OSError, TypeError, KeyError):  # nobody has its source
        return
    begin = re.compile(rf"class {kind.__name__}\b")
    for line in lines:
        if begin.match(line):
            yield from takewhile(lambda line: not line or line.startswith(" "), lines)


def _docs_in(lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    words: list[str] = []
    was_field = False
    for line in lines:
        if line.startswith(_MARK):
            words = [*([] if was_field else words), line.removeprefix(_MARK)]
            was_field = False
        elif field := _FIELD.match(line):
            found[field[1]] = " ".join(words)
            was_field = True
        else:
            words, was_field = [], False
    return {name: text for name, text in found.items() if text}
