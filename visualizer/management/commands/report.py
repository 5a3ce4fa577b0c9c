"""`manage.py report`."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.lib.clock import now_s
from visualizer.config import read_options
from visualizer.core.report_time import parse_report_time
from visualizer.models.history_report import HistoryReport
from visualizer.repo.history_report import read_report


class Command(BaseCommand):
    help = (
        "Print what SQL holds: how often each event was started, done, failed and ignored, which lines were no "
        "executions and why, and what was lost. With --since or --until the executions of that range alone, to 10 s "
        "or, long ago, to wider steps; the rest is always of everything. Example: manage.py report --since 15m --json"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for scripts")
        for name, what in (("--since", "from this time on"), ("--until", "before this time")):
            parser.add_argument(name, metavar="T", help=f"{what}: 2026-11-22T18:30Z, or how long ago: 15m, 2h, 7d")

    def handle(self, *args: Any, **options: Any) -> None:
        now = now_s()
        since_s, until_s = (self._time(options, name, now) for name in ("since", "until"))
        if since_s is not None and until_s is not None and until_s <= since_s:
            raise CommandError("--until has to be later than --since", returncode=2)
        report = read_report(since_s=since_s, until_s=until_s, now_s=now, resolutions=read_options().history)
        self.stdout.write(msgspec.json.encode(report).decode() if options["json"] else _table(report))

    def _time(self, options: dict[str, Any], name: str, now: float) -> float | None:
        if options[name] is None:
            return None
        try:
            return parse_report_time(options[name], now_s=now)
        except ValueError as exc:
            raise CommandError(f"--{name}: {exc}", returncode=2) from None


def _table(report: HistoryReport) -> str:
    rows = [("APP", "EVENT", "STATUS", "COUNT")]
    rows += [(_shown(entry.app), _shown(entry.event), entry.status, f"{entry.count:,}") for entry in report.entries]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{app:<{widths[0]}}  {event:<{widths[1]}}  {status:<{widths[2]}}  {count:>{widths[3]}}"
        for app, event, status, count in rows
    ]
    if not report.entries:
        lines = ["No executions."]
    size = report.bytes
    return "\n".join(
        [
            *lines,
            "",
            f"Other lines: {_listed(report.skipped, '')}",
            f"Lost, at least: {_listed(report.lost, ' bytes')}",
            f"Bytes read: {size.read:,} = parsed {size.parsed:,} + skipped {size.skipped:,} + dropped {size.dropped:,}",
        ]
    )


def _listed(counts: dict[str, int], unit: str) -> str:
    return ", ".join(f"{reason} {count:,}{unit}" for reason, count in counts.items()) or "none"


def _shown(text: str) -> str:
    """A name out of a log must not drive the terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
