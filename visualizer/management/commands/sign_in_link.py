"""`manage.py sign_in_link`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visualizer.config import read_options
from visualizer.interfaces.sign_in import make_sign_in_link


class Command(BaseCommand):
    help = (
        "Print a fresh one-time sign-in link, valid for an hour; links not used yet end with it. "
        "Example: manage.py sign_in_link"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Sign in: http://127.0.0.1:{read_options().port}/sign-in/{make_sign_in_link()}")
