"""Where a command's result goes: standard output, or a file."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError


def write_result(command: BaseCommand, text: str, output: Path | None) -> None:
    """
    Write it with one line end.

    Raises:
        CommandError: the file cannot be written.
    """
    if output is None:
        command.stdout.write(text)
        return
    try:
        output.write_text(text.rstrip("\n") + "\n", "utf-8")
    except OSError as exc:
        raise CommandError(f"{output}: {exc.strerror or type(exc).__name__}", returncode=2) from exc
