"""The environment, read once a process into validated Options."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from collector.models.effective_options import EffectiveOptions, effective_options
from collector.models.options import Options
from collector.models.resolution import Resolution, resolutions_within


@cache
def read_effective_options() -> EffectiveOptions:
    """
    Options and their sources, from this process's environment and working directory.

    Raises:
        InvalidOptions: with every error at once.
    """
    return effective_options(os.environ, folder=Path.cwd())


def read_options() -> Options:
    """The options alone."""
    return read_effective_options().options


def kept_resolutions() -> tuple[Resolution, ...]:
    """How fine history is kept, and for how long; the finest first."""
    options = read_options()
    return resolutions_within(options.history, options.retention_s)


def found_languages(folder: Path) -> list[str]:
    """The languages that a locale folder holds, as browsers name them: pt_BR → pt-br."""
    return sorted(path.parent.name.lower().replace("_", "-") for path in folder.glob("*/LC_MESSAGES"))
