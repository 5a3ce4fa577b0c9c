"""Lines as JSON loggers write them, for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

#: 2026-11-22 18:27:06 UTC.
AT_S = 1795372026


def encode(*lines: dict[str, Any]) -> bytes:
    """A line each."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def iso(at_s: float) -> str:
    """`2026-11-22T18:27:06.000Z`."""
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def ecs(
    action: str = "", more: Mapping[str, Any] | None = None, *, at_s: float = AT_S, nested: bool = True
) -> dict[str, Any]:
    """As ecs-logging writes it."""
    flat: dict[str, Any] = {"service.name": "shop", "service.version": "1.0", "host.name": "vm", "process.pid": 17}
    if action:
        flat["event.action"] = action
    flat |= more or {}
    line: dict[str, Any] = {"@timestamp": iso(at_s), "log.level": flat.pop("log.level", "info"), "message": "text"}
    line |= {"ecs.version": "1.6.0"}
    if not nested:
        return line | flat
    for path, value in flat.items():
        outer, _, inner = path.rpartition(".")
        if outer:
            line.setdefault(outer, {})[inner] = value
        else:
            line[path] = value
    return line


def structlog(event: str = "text", *, at_s: float = AT_S, **more: Any) -> dict[str, Any]:
    """As structlog's JSONRenderer writes it."""
    return {"event": event, "level": "info", "timestamp": iso(at_s), **more}


def loguru(message: str = "text", *, at_s: float = AT_S, level: str = "INFO", **extra: Any) -> dict[str, Any]:
    """As loguru's serialize writes it."""
    exception = extra.pop("exception", None)
    record = {
        "elapsed": {"repr": "0:00:00", "seconds": 0.1},
        "exception": exception,
        "extra": extra,
        "level": {"icon": "i", "name": level, "no": 20},
        "message": message,
        "name": "shop.orders",
        "process": {"id": 17, "name": "MainProcess"},
        "time": {"repr": "2026-11-22 18:27:06+00:00", "timestamp": float(at_s)},
    }
    return {"text": f"{message}\n", "record": record}


def python_json_logger(
    message: str = "text", *, asctime: str = "2026-11-22 18:27:06,775", **more: Any
) -> dict[str, Any]:
    """As python-json-logger writes it."""
    return {"asctime": asctime, "levelname": "INFO", "name": "shop.orders", "message": message, **more}
