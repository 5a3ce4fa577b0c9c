"""A made-up language: every text of templates and scripts in brackets and with accents, as compiled catalogues."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Its name; no real language has it.
LANGUAGE = "xx"
_TRANSLATE = re.compile(r"""\{% translate (?:"([^"]*)"|'([^']*)') %\}""")
_SAID = re.compile(r"""(?<![\w.])tn?\("((?:[^"\\]|\\.)*)"(?:, "((?:[^"\\]|\\.)*)")?""")
_ACCENTS = str.maketrans("aeiouyAEIOUYcnszCNSZ", "àéîöûýÀÉÎÖÛÝçñšžÇÑŠŽ")
#: Placeholders and entities stay as they are.
_KEPT = re.compile(r"(\{\w+\}|&\w+;|%%)")
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def pseudo(text: str) -> str:
    """⟦Fîñd îñ thé gràph⟧."""
    parts = [part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(text)]
    return f"⟦{''.join(parts)}⟧"


def write_catalogues(folder: Path) -> Path:
    """Compile both catalogues below a folder for LOCALE_PATHS; returns it."""
    home = folder / LANGUAGE / "LC_MESSAGES"
    home.mkdir(parents=True)
    (home / "django.mo").write_bytes(_compiled(_of_templates()))
    (home / "djangojs.mo").write_bytes(_compiled(_of_scripts()))
    return folder


def _of_templates() -> dict[str, str]:
    pages = [path.read_text("utf-8") for path in (ROOT / "templates").glob("*.html")]
    texts = [one or other for page in pages for one, other in _TRANSLATE.findall(page)]
    # As Django's templates look them up.
    return {text: pseudo(text) for text in (text.replace("%", "%%") for text in texts)}


def _of_scripts() -> dict[str, str]:
    scripts = [path.read_text("utf-8") for path in (ROOT / "static" / "js").glob("*.js")]
    found = [pair for script in scripts for pair in _SAID.findall(script)]
    singular = {one: pseudo(one) for one, many in found if not many}
    return singular | {f"{one}\0{many}": f"{pseudo(one)}\0{pseudo(many)}" for one, many in found if many}


def _compiled(messages: Mapping[str, str]) -> bytes:
    """
    A .mo file.

    Source: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
    """
    pairs = sorted((key.encode(), value.encode()) for key, value in {"": _HEADER, **messages}.items())
    start, ends = 28 + 16 * len(pairs), b""
    tables: list[list[bytes]] = [[], []]
    for side, table in enumerate(tables):
        for pair in pairs:
            table.append(struct.pack("<II", len(pair[side]), start + len(ends)))
            ends += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(tables[0] + tables[1]) + ends
