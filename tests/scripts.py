"""Our scripts, and what they import."""

from __future__ import annotations

import re

from tests.world import ROOT

JS = ROOT / "static" / "js"
_IMPORTED = re.compile(r'^(?:import|export) .*from "\./(\w+\.js)";', re.MULTILINE)


def modules(name: str) -> set[str]:
    """Names of all files that are loaded with one, itself included; not of those that it asks for later."""
    found, left = set[str](), [name]
    while left:
        if (one := left.pop()) not in found:
            found.add(one)
            left += _IMPORTED.findall((JS / one).read_text("utf-8"))
    return found
