"""`manage.py save_moment`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.http import QueryDict

from visualizer.core.report_time import parse_report_time
from visualizer.interfaces.saved_page import find_incident, make_file
from visualizer.management.output import write_result
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import STANDARD, VIEWS


class Command(BaseCommand):
    help = (
        "Save the graph as it was, or an incident, as one HTML file that opens without a server. "
        "Example: manage.py save_moment --at 2026-11-28T14:03Z"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", default="", metavar="TIME", help="2026-11-28T14:03Z, or 15m ago; default: now")
        parser.add_argument("--incident", default="", metavar="KEY", help="this incident, from when it began")
        parser.add_argument("--view", choices=VIEWS, default=STANDARD, help="standard: a stream is one node")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: a file named by the time, here")

    def handle(self, *args: Any, **options: Any) -> None:
        incident = find_incident(options["incident"])
        if options["incident"] and incident is None:
            raise CommandError(f"there is no incident {options['incident']!r}", returncode=2)
        try:
            at_s = parse_report_time(options["at"], now_s=time.time()) if options["at"] else None
            name, html = make_file(options["view"], at_s, incident, QueryDict())
        except (NoSuchTopology, ValueError) as exc:
            raise CommandError(str(exc), returncode=2) from exc
        except DatabaseError as exc:
            raise CommandError(f"the database cannot be read: {exc}") from exc
        output = options["output"] or Path(name)
        write_result(self, html, output)
        self.stderr.write(f"{output}: {len(html.encode()) / 1e6:.1f} MB")
