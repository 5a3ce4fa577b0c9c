"""Icons and marks for templates: the same paths as static/js/icons.js, which the page's tests hold equal."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext, gettext_noop

from visualizer.core.verdict import duration_ms_words
from visualizer.models.node_id import EVENT

register = template.Library()

#: Icons, 16 × 16.
ICONS = {
    "http": "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M1.8 8h12.4"
    "M8 1.8c-3.6 3.6-3.6 8.8 0 12.4M8 1.8c3.6 3.6 3.6 8.8 0 12.4",
    "consumer": "M8 2v7M5 6.3 8 9.3l3-3M2 9.5V13.5h12V9.5",
    "service": "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M8 4.6V8l2.5 1.6",
    "stream": "M1.5 5.5c2.2-2.4 4.3-2.4 6.5 0s4.3 2.4 6.5 0M1.5 10.5c2.2-2.4 4.3-2.4 6.5 0s4.3 2.4 6.5 0",
    "dangling": "M5.6 6c.2-3 5-2.8 4.8 0C10.3 8 8 7.9 8 10M8 12.6v.1",
    "external": "M4.5 12.5a3 3 0 0 1-.3-6a4 4 0 0 1 7.6-.4a3.2 3.2 0 0 1 0 6.4z",
    "request": "M5.5 8a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
}
#: Status marks, around 0,0: (path, class).
MARKS = {
    "ok": (("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0", "m-ok"),),
    "fail": (("M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0", "m-fail"), ("M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6", "m-x")),
    "warn": (("M0-6.5 7 6H-7Z", "m-warn"), ("M0-2V2M0 4V4.1", "m-bang")),
    "wait": (("M-5-7H5V-5.5C5-2.5 1.5-1.5 1.5 0S5 2.5 5 5.5V7H-5V5.5C-5 2.5-1.5 1.5-1.5 0S-5-2.5-5-5.5Z", "m-wait"),),
    "unknown": (("M-6 1 1-6M-6 6 6-6M-1 6 6-1", "m-unknown"),),
    "idle": (("M-4 0H4", "m-idle"),),
}
#: A finding's flag, 16 × 16: pole and cloth.
FLAG = ("M4 14.5V2", "M4 2.5h9l-2.5 3.2 2.5 3.3H4z")
STATE_WORDS = {
    "ok": gettext_noop("healthy"),
    "warn": gettext_noop("degraded"),
    "fail": gettext_noop("failing"),
    "wait": gettext_noop("waiting"),
    "unknown": gettext_noop("unknown"),
    "idle": gettext_noop("idle"),
}
KIND_WORDS = {
    "http": gettext_noop("HTTP event"),
    "consumer": gettext_noop("stream consumer"),
    "service": gettext_noop("service"),
    "stream": gettext_noop("stream"),
    "request": gettext_noop("entry"),
    "dangling": gettext_noop("unknown target"),
    "external": gettext_noop("outside"),
}


def shape_of(kind: str, event_type: str) -> str:
    """Which icon a node has."""
    if kind != EVENT:
        return kind if kind in ICONS else "dangling"
    if event_type == "STREAM":
        return "consumer"
    return "service" if event_type in ("SERVICE", "SETUP") else "http"


@register.inclusion_tag("_icon.html")
def icon(shape: str, size: int = 16) -> dict[str, object]:
    """A kind's icon."""
    return {"path": ICONS[shape], "size": size}


@register.inclusion_tag("_mark.html")
def mark(state: str, size: int = 14) -> dict[str, object]:
    """A state's mark, with its word for those who do not see it."""
    return {"paths": MARKS[state], "word": gettext(STATE_WORDS[state]), "size": size}


@register.inclusion_tag("_flag.html")
def flag(severity: str) -> dict[str, object]:
    """A finding's flag, with its severity for those who do not see it."""
    return {"severity": severity, "pole": FLAG[0], "cloth": FLAG[1]}


@register.filter
def ms(value_ms: float | None) -> str:
    """A duration in words."""
    return duration_ms_words(value_ms)
