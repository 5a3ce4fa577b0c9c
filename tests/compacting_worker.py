"""A worker that is given the task of history again and again, as two beats that deliver twice do, until it is dead."""

from __future__ import annotations

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
    django.setup()
    from visualizer.interfaces.history_tasks import compact_history

    while True:
        compact_history()
