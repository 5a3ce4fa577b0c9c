"""`manage.py collect`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.config import read_options
from collector.interfaces.collect import collect
from collector.models.errors import ApplicationError, StoreUnavailable


class Command(BaseCommand):
    help = (
        "Follow log files and config endpoints and write what they say to Redis, until SIGTERM or SIGINT. "
        "Example: EVENTSCOPE_LOGS='/var/log/apps/*.log' manage.py collect --once"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="ship what is there now, say exactly what, then end")
        parser.add_argument("--quiet", action="store_true", help="with --once: show no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_whole = asyncio.run(collect(read_options(), once=options["once"], quiet=options["quiet"]))
        except (ApplicationError, StoreUnavailable) as exc:
            raise CommandError(str(exc)) from exc
        if not is_whole:
            sys.exit(1)
