"""`manage.py check_config`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from collector.models.effective_options import shown_value
from collector.models.options import SETTINGS
from visualizer.config import read_effective_options


class Command(BaseCommand):
    help = (
        "Print the effective settings with where each comes from, secrets masked. "
        "Invalid settings end with exit code 2 and all errors at once. "
        "Example: EVENTSCOPE_LOGS='/var/log/apps/*.log' manage.py check_config"
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        effective = read_effective_options()
        rows = [
            (setting.names[0], shown_value(getattr(effective.options, setting.field)), effective.sources[setting.field])
            for setting in SETTINGS
        ]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for name, value, source in rows:
            self.stdout.write(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}")
