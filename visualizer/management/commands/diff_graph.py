"""`manage.py diff_graph`."""

from __future__ import annotations

from typing import Any

import msgspec
import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from collector.models.errors import StoreUnavailable
from visualizer.core.diff_markdown import diff_markdown
from visualizer.core.diff_text import diff_text
from visualizer.interfaces.diff_graph import diff_graph
from visualizer.interfaces.diff_sides import EXPECTED
from visualizer.management.arguments import add_output, add_view
from visualizer.management.output import write_result
from visualizer.models.errors import InvalidConfigFile, NoSuchTopology
from visualizer.models.topology_diff import TopologyDiff


def _json(diff: TopologyDiff) -> str:
    return msgspec.json.format(msgspec.json.encode(diff)).decode()


_FORMATS = {"text": diff_text, "markdown": diff_markdown, "json": _json}


class Command(BaseCommand):
    help = (
        f"Compare two topologies: what is new, gone and otherwise. Each side is {EXPECTED}. Two files need neither "
        "server nor Redis nor database. Example, in a pipeline: manage.py diff_graph main.json branch.json "
        "--format markdown --fail-on-change"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("before", metavar="A", help="what it was")
        parser.add_argument("after", metavar="B", help="what it is")
        parser.add_argument("--format", choices=_FORMATS, default="text", help="markdown: for a pull request")
        add_view(parser)
        parser.add_argument("--fail-on-change", action="store_true", help="exit code 1 when anything is otherwise")
        add_output(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        diff = self._diff(options)
        for warning in diff.warnings:
            self.stderr.write(f"warning: {warning}")
        write_result(self, _FORMATS[options["format"]](diff), options["output"])
        if diff.changes and options["fail_on_change"]:
            raise SystemExit(1)

    def _diff(self, options: dict[str, Any]) -> TopologyDiff:
        sides = options["before"], options["after"]
        try:
            return diff_graph(*sides, view=options["view"], app_prefix=options["app_prefix"])
        except (InvalidConfigFile, NoSuchTopology) as exc:
            raise CommandError(str(exc), returncode=2) from exc
        except (StoreUnavailable, redis.RedisError, DatabaseError) as exc:
            raise CommandError(f"the live store cannot be read: {exc}. Two files can be compared without it.") from exc
