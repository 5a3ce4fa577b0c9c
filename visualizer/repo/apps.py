"""The Django app that holds the tables."""

from __future__ import annotations

from django.apps import AppConfig


class RepoConfig(AppConfig):
    """Tables of Eventscope, label `visualizer`."""

    name = "visualizer.repo"
    label = "visualizer"
    default_auto_field = "django.db.models.BigAutoField"
