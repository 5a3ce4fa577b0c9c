"""
Log files as hopeit.engine 0.30.1 writes them: one file an event, host and process.

Source: tests/fixtures/hopeit/README.md, "Log line format".
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

#: A file is renamed to <name>.1 at this size; one older file is kept.
ROTATE_AT_BYTES = 5 * 1024 * 1024

#: Extras of a line, in order; a key may come twice.
Pairs = list[tuple[str, object]]


class HopeitLog:
    """All log files of one process."""

    def __init__(self, folder: Path, *, host_name: str, pid: int, rotate_at_bytes: int = ROTATE_AT_BYTES) -> None:
        self._folder = folder
        self._server = f"{host_name} {pid}"
        self._rotate_at_bytes = rotate_at_bytes
        self._descriptors: dict[str, int] = {}

    def write(
        self, level: str, *, app: str, event: str, message: str, extras: Pairs, error: BaseException | None = None
    ) -> None:
        """
        One line.

        Args:
            app: name and version, "shop 1.0".
            event: without its stage.
            error: its traceback becomes the last extra.
        """
        name = f"{app} {event} {self._server}"
        parts = [f"{key}={_text(value)}" for key, value in extras]
        if error is not None:
            parts.append("trace=" + quote(json.dumps(traceback.format_exception(error))))
        moment = datetime.now(UTC)
        stamp = f"{moment:%Y-%m-%d %H:%M:%S},{moment.microsecond // 1000:03d}"
        self._append(name, f"{stamp} | {level} | {name} | {message} | {' | '.join(parts)}\n".encode())

    def close(self) -> None:
        """Close the files."""
        for descriptor in self._descriptors.values():
            os.close(descriptor)
        self._descriptors.clear()

    def _append(self, name: str, line: bytes) -> None:
        descriptor = self._descriptors.get(name)
        if descriptor is None:
            descriptor = self._descriptors[name] = self._open(name)
        os.write(descriptor, line)
        if os.fstat(descriptor).st_size >= self._rotate_at_bytes:
            os.close(self._descriptors.pop(name))
            path = self._path(name)
            path.replace(path.with_name(path.name + ".1"))

    def _open(self, name: str) -> int:
        return os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def _path(self, name: str) -> Path:
        return self._folder / (name.lower().translate(_FILE_NAME) + ".log")


_FILE_NAME = {ord(" "): "_", ord("-"): "_", ord("."): "x", ord("/"): "_"}


def stats_extras(*, total: int, errors: int, batch: int, batch_errors: int, elapsed_s: float, up_s: float) -> Pairs:
    """The numbers of a STATS line after a batch of stream messages."""
    elapsed_ms = max(1, round(elapsed_s * 1000))
    ok_share = (batch - batch_errors) / batch if batch else 1.0
    each_ms = elapsed_ms / batch if batch else 0.0
    rate = 1000 * batch / elapsed_ms
    numbers: Mapping[str, object] = {
        "total_consumed_events": total,
        "total_errors": errors,
        "avg_rate": rate,
        "avg_event_duration": each_ms,
        "avg_rate_ok_events": rate * ok_share,
        "avg_success": 1 - errors / total if total else 1.0,
        "avg_error_rate": errors / total if total else 0.0,
        "elapsed_ms": elapsed_ms,
        "consumed_events": batch,
        "errors": batch_errors,
        "rate": rate,
        "event_duration": each_ms,
        "rate_ok_events": rate * ok_share,
        "uptime_minutes": int(up_s // 60),
        "success_rate": ok_share,
        "error_rate": 1 - ok_share,
    }
    return [(f"metrics.stream.{name}", value) for name, value in numbers.items()]


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return value.isoformat() if isinstance(value, datetime) else str(value)
