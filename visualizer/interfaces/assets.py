"""
Addresses of our own CSS and JavaScript that change with their content, so that browsers may keep the files.

Template tags, known to every template: `{% asset "css/page.css" %}`, `{% sheets "graph" %}` and `{% page_script
"graph_page.js" %}`. Where modules are loaded one by one, an import map lets them import their neighbours by their plain
names and still get this version of them.
"""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from visualizer.core.inert_json import inert_json
from visualizer.interfaces.linked_files import SHEETS, linked_name, source_folder

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of static/, with the hash of its content."""
    return static(name)


@register.simple_tag
def sheets(name: str) -> SafeString:
    """The `<link>` to sheets that go together (linked_files.py), or those to each of them."""
    linked = linked_name(f"{name}.css")
    names = [linked] if linked else [f"css/{stem}.css" for stem in SHEETS[name]]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(each),) for each in names))


@register.simple_tag(takes_context=True)
def page_script(context: Context, name: str) -> SafeString:
    """What begins the page: a script with all it needs, or the module of this name and where it finds the others."""
    nonce, linked = context["csp_nonce"], linked_name(name)
    imports = SafeString("") if linked else import_map(nonce)
    address = static(linked or f"js/{name}")
    return format_html('{}<script type="module" src="{}" nonce="{}"></script>', imports, address, nonce)


def import_map(nonce: str) -> SafeString:
    """An inline script: module address → address with its hash."""
    return format_html('<script type="importmap" nonce="{}">{}</script>\n', nonce, _imports())


@cache
def _imports() -> SafeString:
    """The same for all pages of a process."""
    # Those in folders are no server's: they go with a file (saved_files.py).
    names = sorted(f"js/{path.name}" for path in (source_folder() / "js").glob("*.js"))
    text = json.dumps({"imports": {urljoin(settings.STATIC_URL, name): asset(name) for name in names}})
    # json_script knows no import maps.
    return SafeString(inert_json(text))
