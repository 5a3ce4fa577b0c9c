"""
`manage.py collect` without Django, which a collector never needs: a third of its memory and of its start. The same
flow, log and errors as the command's, which is left for `help` and for Django's own options.
"""

from __future__ import annotations

import asyncio
import sys

from collector.config import read_options
from collector.interfaces.collect import collect
from collector.lib.own_log import log_to_stderr
from collector.models.errors import ApplicationError, StoreUnavailable


def run_collect(arguments: list[str]) -> None:
    """
    Collect until told to stop; ends the process with 1 when that cannot be done, or `--once` left something out.

    Args:
        arguments: --once, --quiet, or nothing; with any other option it is Django's to say what is wrong.

    Raises:
        InvalidOptions.
    """
    options = read_options()
    log_to_stderr(options.log_level)
    try:
        is_whole = asyncio.run(collect(options, once="--once" in arguments, quiet="--quiet" in arguments))
    except (ApplicationError, StoreUnavailable) as exc:
        print(f"CommandError: {exc}", file=sys.stderr)
        sys.exit(1)
    if not is_whole:
        sys.exit(1)
