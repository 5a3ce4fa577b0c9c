"""Filters for templates: untrusted text made visible, sizes, rates, ages, times. Known to every template."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template

from collector.lib.amounts import bytes_words, grouped, rate_words
from visualizer.core.freshness import duration_words
from visualizer.core.untrusted import visible

register = template.Library()
register.filter("visible", visible)
register.filter("size", bytes_words)
register.filter("per_second", rate_words)
register.filter("grouped", grouped)
register.filter("age", duration_words)


@register.filter
def clock(at: datetime, beside: datetime | str | None = None) -> str:
    """
    "12:03:11" of a time in UTC; with its day, where that is not the day of the time it stands beside.

    Args:
        beside: what the reader is told the day of; nothing for now.
    """
    known = beside if isinstance(beside, datetime) else datetime.now(UTC)
    return f"{at:%H:%M:%S}" if at.date() == known.date() else f"{at:%Y-%m-%d %H:%M:%S}"
