"""How the lines of our own log look."""

from __future__ import annotations

import logging

#: As logging.Formatter with style "{" takes it.
LINE_FORMAT = "{asctime} {levelname} {name} {message}"
#: Loggers that say too much otherwise, such as URLs that may hold secrets.
QUIET = ("daphne", "django.channels.server", "httpx2", "urllib3")


def log_to_stderr(level: str) -> None:
    """Set up the log of a process without Django."""
    logging.basicConfig(level=level, format=LINE_FORMAT, style="{")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
