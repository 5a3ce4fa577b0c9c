"""
Addresses of our own CSS and JavaScript that change with their content, so that browsers may keep the files.

Template tags, known to every template: `{% asset "css/page.css" %}` and `{% import_map %}`. The import map is what lets
static/js import its neighbours by their plain names and still get this version of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from visualizer.core.inert_json import inert_json

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of static/, with the hash of its content."""
    return static(name)


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """The page's one inline script, with the nonce of this response: module address → address with its hash."""
    return format_html('<script type="importmap" nonce="{}">{}</script>', context["csp_nonce"], _imports())


@cache
def _imports() -> SafeString:
    """The same for all pages of a process."""
    folder: Path = settings.STATICFILES_DIRS[0]
    # Those in folders are no server's: they go with a file (saved_files.py).
    names = sorted(path.relative_to(folder).as_posix() for path in (folder / "js").glob("*.js"))
    text = json.dumps({"imports": {urljoin(settings.STATIC_URL, name): asset(name) for name in names}})
    # json_script knows no import maps.
    return SafeString(inert_json(text))
