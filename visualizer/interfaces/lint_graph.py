"""The flows of the linter: configs from files or the live store → findings, for `manage.py lint_graph` and the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import redis

from visualizer.core.declared_config import declared_config, stopped_apps
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.io.config_file import read_config_files
from visualizer.models.lint_finding import LintReport
from visualizer.models.node_id import STANDARD
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.lint_report import keep_lint_report
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
    From files alone; joined in the order of the files.

    Raises:
        InvalidConfigFile: one of them cannot be read or is something else.
    """
    answers = zip(paths, read_config_files(paths), strict=True)
    configs = [read_runtime_apps(answer, source=str(path)) for path, answer in answers]
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
        return _lint(client, accepted)


def refresh_lint(client: redis.Redis, *, accepted: Iterable[str]) -> None:
    """
    Bring the kept findings up to date. May run any number of times.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    keep_lint_report(client, _lint(client, accepted).report)


def _lint(client: redis.Redis, accepted: Iterable[str]) -> Linted:
    answers = read_host_answers(client)
    config = declared_config(answers, view=STANDARD)
    return Linted(lint_config(config, stopped=stopped_apps(answers), accepted=accepted), config.warnings)
