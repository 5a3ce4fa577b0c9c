"""Where the page's receiver of OTLP writes what it took, and the collector reads it: files in the data folder."""

from __future__ import annotations

import glob
from pathlib import Path

from collector.models.options import Options

SUFFIX = ".jsonl"
#: The format that reads them; without it nothing is received.
FORMAT = "otlp_json"
#: Of one line, its newline counted: longer ones would be counted as oversize.
MAX_LINE_BYTES = 8 * 1024 * 1024


def spool_folder(data_dir: Path) -> Path:
    """The folder; it is there once something was received."""
    return data_dir / "otlp"


def is_receiving(options: Options) -> bool:
    """Is there anybody to read what is received?"""
    return FORMAT in options.applications


def spool_patterns(options: Options) -> tuple[str, ...]:
    """Globs of the files to follow beside the configured ones; none while nothing is received."""
    if not is_receiving(options):
        return ()
    return (f"{glob.escape(str(spool_folder(options.data_dir)))}/*{SUFFIX}",)
