"""`manage.py inspect_logs`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.config import read_options
from collector.interfaces.inspect_logs import bound_formats, inspect_logs
from collector.interfaces.inspection_table import inspection_table
from collector.kernel.discovery import load_applications
from collector.kernel.format import Format
from collector.models.errors import ApplicationError
from collector.models.inspection import Inspection


class Command(BaseCommand):
    help = """\
Parse log files and print what the collector would count in them. Only the files are touched: no Redis, no database.
For when a graph stays empty: it says which files a pattern matches, which format they have, and why lines are skipped.

Examples:
  manage.py inspect_logs '/var/log/apps/*.log'
  manage.py inspect_logs --json '/var/log/apps/*.log' | python -m json.tool

Ends with 1 when no file matches or none can be read."""
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "patterns", nargs="+", metavar="GLOB", help="files, or a pattern in quotes; ** is any depth"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        formats = self._formats()
        if not formats:
            raise CommandError(
                "no application that is a format is switched on: see EVENTSCOPE_APPLICATIONS", returncode=2
            )
        try:
            inspection = inspect_logs(options["patterns"], bound_formats(formats, read_options()))
        except ApplicationError as exc:
            raise CommandError(str(exc), returncode=2) from exc
        self.stdout.write(_as_json(inspection) if options["json"] else inspection_table(inspection))
        for problem in inspection.problems:
            self.stderr.write(problem)
        if not inspection.files:
            sys.exit(1)

    def _formats(self) -> list[Format]:
        # The collector would not start without one of its applications; here the others are tried all the same.
        formats: list[Format] = []
        for name in read_options().applications:
            try:
                formats += [each for each in load_applications([name]) if isinstance(each, Format)]
            except ApplicationError as exc:
                self.stderr.write(str(exc))
        return formats


def _as_json(inspection: Inspection) -> str:
    shown = msgspec.to_builtins(inspection)
    del shown["problems"]
    return json.dumps(shown, ensure_ascii=False, indent=2)
