"""`make check`: the pins name no host, carry hashes, and are what pyproject.toml asks for."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.tools.compile_pins import PINS, compile_pins

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    wrong: list[str] = []
    for name in PINS:
        text = (ROOT / name).read_text()
        if re.search(r"https?://|--(extra-)?index-url|--find-links", text):
            wrong.append(f"{name} names a host")
        if unhashed := [m[0] for m in re.finditer(r"^[\w.-]+==\S+(?: ;[^\\\n]*)?\n(?!    --hash)", text, re.MULTILINE)]:
            wrong.append(f"{name} has pins without a hash: {unhashed[:3]}")
        if compile_pins(name, check=True) != text:
            wrong.append(f"{name} does not fit pyproject.toml: run `make pins`")
    print("\n".join(wrong) or f"pins are fine: {', '.join(PINS)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
