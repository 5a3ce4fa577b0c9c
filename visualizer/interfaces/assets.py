"""
Addresses of our own CSS and JavaScript that change with their content, so that browsers may keep the files.

Template tags, known to every template: `{% asset "css/page.css" %}` and `{% import_map %}`. The import map is what lets
static/js import its neighbours by their plain names and still get this version of them.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of static/, with the hash of its content."""
    path = _folder() / name
    return f"{static(name)}?v={_content_hash(path, path.stat().st_mtime_ns)}"


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """The page's one inline script, with the nonce of this response: module address → address with its hash."""
    names = sorted(path.relative_to(_folder()).as_posix() for path in (_folder() / "js").rglob("*.js"))
    text = json.dumps({"imports": {static(name): asset(name) for name in names}})
    # Escaped as json_script does it, which knows no import maps: nothing in here can end the script.
    safe = text.replace("&", "\\u0026").replace("<", "\\u003C").replace(">", "\\u003E")
    return format_html('<script type="importmap" nonce="{}">{}</script>', context["csp_nonce"], SafeString(safe))


def _folder() -> Path:
    folder: Path = settings.STATICFILES_DIRS[0]
    return folder


@cache
def _content_hash(path: Path, changed_ns: int) -> str:
    """Computed again when the file changes."""
    return sha256(path.read_bytes()).hexdigest()[:12]
