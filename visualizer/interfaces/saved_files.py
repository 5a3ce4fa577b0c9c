"""
Our sheets and scripts inside a file that is opened without a server: `{% inlined_head %}` has the policy, the icon and
the sheets, `{% inlined_script %}` the page's modules as one script.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from urllib.parse import quote

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from visualizer.core.lean_script import lean_script
from visualizer.core.lean_sheet import lean_sheet
from visualizer.core.linked_script import Given, link_script
from visualizer.interfaces.linked_files import SHEETS, source_folder

register = template.Library()

_SHEETS = (*SHEETS["page"], *SHEETS["graph"], "saved")
#: The module that begins the page, what stands for the browser's own there, and what takes another's place.
_FIRST = "graph_page.js"
GIVEN = Given("saved/browser.js", ("fetch", "history", "htmx", "location"))
INSTEAD = {name: f"saved/{name}" for name in ("keys.js", "parts.js", "socket.js")}


@register.simple_tag
def inlined_head() -> SafeString:
    """
    What takes the place of the page's `<link>`s.

    Raises:
        InDoubt: a script cannot be linked.
    """
    sheet = _sheet()
    scripts = " ".join(f"'{_hash(script)}'" for script in (_theme(), _script()))
    policy = f"default-src 'none'; script-src {scripts}; style-src '{_hash(sheet)}'; img-src data:; form-action 'none'"
    return format_html(
        '<meta http-equiv="Content-Security-Policy" content="{}">\n<meta name="referrer" content="no-referrer">\n'
        '<link rel="icon" href="data:image/svg+xml,{}">\n<style>{}</style>\n<script>{}</script>',
        SafeString(policy),
        quote((source_folder() / "icon.svg").read_text("utf-8")),
        SafeString(sheet),
        SafeString(_theme()),
    )


@register.simple_tag
def inlined_script() -> SafeString:
    """The page's code. Raises: as inlined_head."""
    return format_html('<script type="module">{}</script>', SafeString(_script()))


@cache
def _sheet() -> str:
    texts = [lean_sheet((source_folder() / "css" / f"{stem}.css").read_text("utf-8")) for stem in _SHEETS]
    return "".join(texts).replace("</", "<\\/")


@cache
def _theme() -> str:
    return lean_script((source_folder() / "js" / "theme.js").read_text("utf-8"))


@cache
def _script() -> str:
    folder = source_folder() / "js"
    modules = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.js")}
    return link_script(modules, _FIRST, given=GIVEN, instead=INSTEAD)


def _hash(text: str) -> str:
    """As a policy names a script or sheet."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
