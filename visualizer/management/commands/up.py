"""`manage.py up`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from visualizer.config import read_effective_options
from visualizer.interfaces.sign_in import make_sign_in_link
from visualizer.interfaces.up import run_up
from visualizer.models.errors import CannotStart, DatabaseDamaged


class Command(BaseCommand):
    help = (
        "Start everything: embedded Valkey (unless REDIS_URL is set), collector, rollup, worker, page, and a demo "
        "fleet when neither EVENTSCOPE_LOGS nor EVENTSCOPE_HOSTS is set. "
        "Example: EVENTSCOPE_LOGS='/var/log/apps/*.log' EVENTSCOPE_HOSTS=http://127.0.0.1:8020 manage.py up"
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        def say(text: str) -> None:
            self.stdout.write(text)
            self.stdout.flush()

        try:
            run_up(read_effective_options(), make_sign_in_link=make_sign_in_link, say=say)
        except (CannotStart, DatabaseDamaged) as exc:
            raise CommandError(str(exc), returncode=1) from None
