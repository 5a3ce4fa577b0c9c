"""
Our sheets and scripts inside a file that is opened without a server: `{% inlined_head links %}` has the policy, the
icon and the sheets of those links, `{% inlined_script %}` the page's modules as one script.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from visualizer.core.lean_script import lean_script
from visualizer.core.lean_sheet import lean_sheet
from visualizer.core.linked_script import Given, link_script
from visualizer.interfaces.assets import asset

register = template.Library()

_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
#: The module that begins the page, what stands for the browser's own there, and what takes another's place.
_FIRST = "graph_page.js"
GIVEN = Given("saved/browser.js", ("fetch", "history", "htmx", "location"))
INSTEAD = {name: f"saved/{name}" for name in ("keys.js", "parts.js", "socket.js")}


@register.simple_tag
def inlined_head(links: str) -> SafeString:
    """
    What takes the place of these `<link>`s.

    Raises:
        InDoubt: a script cannot be linked.
    """
    sheet = _sheet(tuple(_SHEET.findall(links)))
    scripts = " ".join(f"'{_hash(script)}'" for script in (_theme(), _script()))
    policy = f"default-src 'none'; script-src {scripts}; style-src '{_hash(sheet)}'; img-src data:; form-action 'none'"
    return format_html(
        '<meta http-equiv="Content-Security-Policy" content="{}">\n<meta name="referrer" content="no-referrer">\n'
        '<link rel="icon" href="data:image/svg+xml,{}">\n<style>{}</style>\n<script>{}</script>',
        SafeString(policy),
        quote((_folder() / "icon.svg").read_text("utf-8")),
        SafeString(sheet),
        SafeString(_theme()),
    )


@register.simple_tag
def inlined_script() -> SafeString:
    """The page's code. Raises: as inlined_head."""
    return format_html('<script type="module">{}</script>', SafeString(_script()))


@cache
def _sheet(addresses: tuple[str, ...]) -> str:
    names = {asset(name): name for name in _names("css")}
    texts = [lean_sheet((_folder() / names[address]).read_text("utf-8")) for address in addresses]
    return "".join(texts).replace("</", "<\\/")


@cache
def _theme() -> str:
    return lean_script((_folder() / "js" / "theme.js").read_text("utf-8"))


@cache
def _script() -> str:
    modules = {name.removeprefix("js/"): (_folder() / name).read_text("utf-8") for name in _names("js")}
    return link_script(modules, _FIRST, given=GIVEN, instead=INSTEAD)


def _names(kind: str) -> list[str]:
    return sorted(path.relative_to(_folder()).as_posix() for path in (_folder() / kind).rglob(f"*.{kind}"))


def _folder() -> Path:
    folder: Path = settings.STATICFILES_DIRS[0]
    return folder


def _hash(text: str) -> str:
    """As a policy names a script or sheet."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
