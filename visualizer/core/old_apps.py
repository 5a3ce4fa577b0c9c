"""Which apps are old: gone for so long that nobody wants to see them, unless somebody asked for them."""

from __future__ import annotations

from collections.abc import Mapping

from visualizer.models.app_age import AppAge


def find_old_apps(ages: Mapping[str, AppAge], *, now_s: float, hide_after_s: float) -> dict[str, AppAge]:
    """App key → its age, of every app that gave no sign for `hide_after_s`, in the order given."""
    return {app: age for app, age in ages.items() if age.last_sign_s < now_s - hide_after_s}
