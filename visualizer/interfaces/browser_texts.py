"""
What the page's scripts say, in the reader's language, for static/js/text.js:
`{% browser_texts as texts %}{{ texts|json_script:"texts" }}`.
"""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

register = template.Library()
#: The catalogue that makemessages fills from static/js.
DOMAIN = "djangojs"


@register.simple_tag
def browser_texts() -> dict[str, str | list[str]]:
    """English text → translation; a text that counts has a list, singular first. Empty in English."""
    language = get_language()
    if language is None or language.partition("-")[0] == settings.LANGUAGE_CODE:
        return {}
    folders = [str(path) for path in settings.LOCALE_PATHS]
    view = JavaScriptCatalog()
    view.translation = DjangoTranslation(language, domain=DOMAIN, localedirs=folders)
    catalog: dict[str, str | list[str]] = view.get_catalog()
    return catalog
