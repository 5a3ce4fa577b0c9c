"""Filters for templates: untrusted text made visible, sizes, rates, ages. Known to every template."""

from __future__ import annotations

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
