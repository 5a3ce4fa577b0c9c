"""`manage.py lint_graph`."""

from __future__ import annotations

import sys
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.models.errors import StoreUnavailable
from visualizer.config import read_options
from visualizer.core.lint_text import report_github, report_json, report_text
from visualizer.interfaces.lint_graph import Linted, lint_files, lint_live
from visualizer.management.arguments import add_config_files
from visualizer.models.errors import InvalidConfigFile
from visualizer.models.lint_finding import ERROR, WARNING

#: At which severities the command fails, by the choice of --fail-on.
_FAIL_ON = {ERROR: (ERROR,), WARNING: (ERROR, WARNING), "never": ()}
TEXT, JSON, GITHUB = "text", "json", "github"


class Command(BaseCommand):
    help = (
        "Check what apps declare: streams nobody reads, queues that do not meet, calls to what is not there, and more; "
        "docs/lint.md has every rule. From saved answers of hopeit's config endpoints, or from the live store. "
        "Exit code 0: nothing at or above --fail-on, 1: something, 2: nothing could be checked. "
        "Example: curl -s 'http://127.0.0.1:8020/api/config-manager/0x30/runtime-apps-config' > apps.json; "
        "manage.py lint_graph --config apps.json --fail-on warning"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_config_files(parser, which=": give those of all apps that belong together")
        parser.add_argument(
            "--fail-on",
            choices=_FAIL_ON,
            default=ERROR,
            help="the least severity that ends with exit code 1; default: error. What is accepted never counts",
        )
        parser.add_argument(
            "--format",
            choices=(TEXT, JSON, GITHUB),
            default=TEXT,
            help="text: for people; json: for scripts; github: annotations of a GitHub workflow",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        accepted = read_options().lint
        try:
            linted = (
                lint_files(options["config"], accepted=accepted) if options["config"] else lint_live(accepted=accepted)
            )
        except InvalidConfigFile as exc:
            raise CommandError(str(exc), returncode=2) from exc
        except (StoreUnavailable, redis.RedisError) as exc:
            raise CommandError(
                f"the live store cannot be read: {exc}. Files can be given with --config.", returncode=2
            ) from exc
        for warning in linted.warnings:
            self.stderr.write(f"warning: {warning}")
        if not linted.report.apps:
            raise CommandError("nothing to check: no app is declared", returncode=2)
        self.stdout.write(_written(linted, options["format"]))
        counts = linted.report.counts()
        if any(counts[severity] for severity in _FAIL_ON[options["fail_on"]]):
            sys.exit(1)


def _written(linted: Linted, kind: str) -> str:
    if kind == GITHUB:
        return report_github(linted.report, files=linted.files)
    return report_json(linted.report) if kind == JSON else report_text(linted.report)
