"""The flow of `manage.py lint_graph`: configs from files or the live store → findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from visualizer.core.declared_config import declared_config, stopped_apps
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.io.config_file import read_config_file
from visualizer.models.lint_finding import LintReport
from visualizer.models.node_id import STANDARD
from visualizer.repo.host_answers import read_host_answers
from visualizer.resources import open_redis


@dataclass(frozen=True, slots=True)
class Linted:
    """What the linter says, ready to be written."""

    #: The findings.
    report: LintReport
    #: What could not be used, in words.
    warnings: tuple[str, ...]
    #: App key → the file that declares it.
    files: Mapping[str, str] = field(default_factory=dict)


def lint_files(paths: Sequence[Path], *, accepted: Iterable[str]) -> Linted:
    """
    From answers on disk alone; joined in the order of the files.

    Raises:
        InvalidConfigFile: one of them cannot be read or is something else.
    """
    configs = [read_runtime_apps(read_config_file(path), source=str(path)) for path in paths]
    config = merge_configs(configs)
    files: dict[str, str] = {}
    for path, one in zip(paths, configs, strict=True):
        for app in one.apps:
            files.setdefault(app.key, str(path))
    return Linted(lint_config(config, accepted=accepted), config.warnings, files)


def lint_live(*, accepted: Iterable[str]) -> Linted:
    """
    From what hosts declare now.

    Raises:
        StoreUnavailable, redis.RedisError: the store does not answer.
    """
    with open_redis() as client:
        answers = read_host_answers(client)
    config = declared_config(answers, view=STANDARD)
    return Linted(lint_config(config, stopped=stopped_apps(answers), accepted=accepted), config.warnings)
