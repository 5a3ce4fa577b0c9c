#!/usr/bin/env python
"""Eventscope's command line: `python manage.py help`."""

from __future__ import annotations

import os
import sys

from collector.lib.private_files import make_private_dir
from collector.models.errors import InvalidOptions
from visualizer.config import read_options

#: Commands that leave nothing behind, not even a data folder.
ONLY_LOOK = {"check_config", "export_graph", "help", "inspect_logs"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
    asks_only = ONLY_LOOK.intersection(sys.argv[1:2] or ["help"]) or {"-h", "--help"}.intersection(sys.argv)
    try:
        if not asks_only:
            make_private_dir(read_options().data_dir)
        _run(sys.argv)
    except InvalidOptions as exc:
        for error in exc.errors:
            print(f"invalid setting: {error}", file=sys.stderr)
        sys.exit(2)


def _run(argv: list[str]) -> None:
    if argv[1:2] == ["collect"] and set(argv[2:]) <= {"--once", "--quiet"}:
        from collector.management.lean_collect import run_collect

        run_collect(argv[2:])
    else:
        from django.core.management import execute_from_command_line

        execute_from_command_line(argv)


if __name__ == "__main__":
    main()
