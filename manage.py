#!/usr/bin/env python
"""Eventscope's command line: `python manage.py help`."""

from __future__ import annotations

import os
import sys

from collector.models.errors import InvalidOptions


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except InvalidOptions as exc:
        for error in exc.errors:
            print(f"invalid setting: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
