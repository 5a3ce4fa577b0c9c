"""Makes Django find the visualizer's commands; the tables are another Django app, visualizer.repo."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    """Finds visualizer/management/commands."""

    name = "visualizer"
    label = "visualizer_commands"

    def ready(self) -> None:
        """Import the Celery app, so that shared_task finds our broker in every process."""
        import visualizer.celery  # noqa: F401
