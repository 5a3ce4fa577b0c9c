"""Makes Django find the visualizer's commands; the tables are another Django app, visualizer.repo."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    """Finds visualizer/management/commands."""

    name = "visualizer"
    label = "visualizer_commands"
