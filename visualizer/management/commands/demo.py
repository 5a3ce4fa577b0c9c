"""`manage.py demo`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from visualizer.config import read_options
from visualizer.interfaces.demo.fleet_file import demo_dir

ROOT = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    help = (
        "Run the demo fleet: three small apps that ask each other over HTTP, read and write streams, and fail now and "
        "then; they log in hopeit's format and serve its config endpoint. Where, stands in fleet.json in the data "
        "folder's demo folder. `manage.py up` starts it when no source is configured. "
        "Example: REDIS_URL=redis://127.0.0.1:6379 manage.py demo"
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings = read_options()
        if settings.redis_url is None:
            raise CommandError("the demo needs a Redis: set REDIS_URL, or start `manage.py up`, which brings its own")
        # In the environment and not in the arguments, which everybody on the machine can read.
        os.environ["REDIS_URL"] = settings.redis_url.get_secret_value()
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        # Another program in this process: what Django has loaded is not needed from here on.
        command = [sys.executable, "-m", "visualizer.interfaces.demo", str(demo_dir(settings.data_dir))]
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606
