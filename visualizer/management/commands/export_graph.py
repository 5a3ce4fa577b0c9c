"""`manage.py export_graph`."""

from __future__ import annotations

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from collector.models.errors import StoreUnavailable
from visualizer.interfaces.export_graph import ExportOptions, export_files, export_live
from visualizer.management.arguments import add_config_files, add_output, add_view
from visualizer.management.output import write_result
from visualizer.models.errors import InvalidConfigFile
from visualizer.models.export_format import FORMATS, JSON


class Command(BaseCommand):
    help = (
        "Write the graph for others: from saved answers of hopeit's config endpoints, or from the live store. "
        "Example: curl -s 'http://127.0.0.1:8020/api/config-manager/0x30/runtime-apps-config' > apps.json; "
        "manage.py export_graph --config apps.json --format dot --output graph.dot"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_config_files(parser)
        add_view(parser)
        parser.add_argument("--app", default="", metavar="KEY", help="only the app with this key, and what it touches")
        parser.add_argument("--host-filter", default="", metavar="H", help="only apps with a server url containing H")
        parser.add_argument(
            "--format",
            choices=FORMATS,
            default=JSON,
            help="; ".join(f"{name}: {kind.about}" for name, kind in FORMATS.items()),
        )
        add_output(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ExportOptions(
            view=options["view"],
            format=options["format"],
            app_prefix=options["app_prefix"],
            host_filter=options["host_filter"],
            app=options["app"],
        )
        try:
            export = export_files(options["config"], wanted) if options["config"] else export_live(wanted)
        except InvalidConfigFile as exc:
            raise CommandError(str(exc), returncode=2) from exc
        except (StoreUnavailable, redis.RedisError, DatabaseError) as exc:
            raise CommandError(f"the live store cannot be read: {exc}. Files can be given with --config.") from exc
        for warning in export.warnings:
            self.stderr.write(f"warning: {warning}")
        write_result(self, export.text, options["output"])
