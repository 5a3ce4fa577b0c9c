"""
The door: what comes from Celery, which may be anything and holds arguments, results and texts of errors → the little
that is kept. What is not named here never leaves the thread that heard it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from collector.core.labels import clean_label
from collector.models.celery_event import CeleryEvent, CeleryWorker

#: `ValueError('no stock')`: what stands before the bracket, and only where that is a name.
_CLASS = re.compile(r"([A-Za-z_][\w.]{0,99})\(")
#: `app.bill [rate_limit=10/m]`
_INFO = re.compile(r" \[.*\Z", re.DOTALL)
_OWN_TASKS = "celery."
_ID_CHARS = 64
#: More than any worker has.
MAX_NAMES = 5_000


def read_celery_event(raw: object) -> CeleryEvent | None:
    """What is kept of an event; None for what is none."""
    if not isinstance(raw, Mapping):
        return None
    kind, node, at_s = raw.get("type"), raw.get("hostname"), _number(raw.get("timestamp"))
    if not isinstance(kind, str) or not isinstance(node, str) or at_s is None:
        return None
    error = _CLASS.match(text) if isinstance(text := raw.get("exception"), str) else None
    processed, retries = _number(raw.get("processed")), _number(raw.get("retries"))
    runtime_s, freq_s = _number(raw.get("runtime")), _number(raw.get("freq"))
    return CeleryEvent(
        type=_label(kind),
        at_s=at_s,
        node=_label(node),
        pid=_pid(raw.get("pid")),
        uuid=_id(raw.get("uuid")),
        name=_label(raw.get("name")),
        queue=_label(raw.get("queue")),
        parent=_id(raw.get("parent_id")),
        retries=int(retries or 0),
        is_delayed=raw.get("eta") is not None,
        runtime_s=-1.0 if runtime_s is None else runtime_s,
        error=error[1] if error else "",
        processed=-1 if processed is None else int(processed),
        freq_s=2.0 if freq_s is None else min(max(freq_s, 0.1), 600.0),
    )


def read_workers(registered: object, queues: object, stats: object, conf: object) -> dict[str, CeleryWorker]:
    """Node → what it answered to `inspect` registered, active_queues, stats and conf; each may be anything."""
    found = {}
    for name, told in list(_mapping(stats).items())[:MAX_NAMES]:
        settings = _mapping(_mapping(conf).get(name))
        names = [_INFO.sub("", task) for task in _texts(_mapping(registered).get(name))]
        read = [_label(_mapping(queue).get("name")) for queue in _list(_mapping(queues).get(name))]
        found[_label(name)] = CeleryWorker(
            pid=_pid(_mapping(told).get("pid")),
            tasks=tuple(sorted({_label(task) for task in names if not task.startswith(_OWN_TASKS)})),
            queues=tuple(dict.fromkeys(queue for queue in read if queue)),
            default_queue=_label(settings.get("task_default_queue")) or "celery",
            routes=tuple(_routes(settings.get("task_routes"))),
            processed=sum(int(_number(count) or 0) for count in _mapping(_mapping(told).get("total")).values()),
        )
    return found


def _routes(value: object) -> Iterator[tuple[str, str]]:
    for part in value if isinstance(value, list | tuple) else [value]:
        for pattern, route in list(_mapping(part).items())[:MAX_NAMES]:
            queue = _label(_mapping(route).get("queue") if isinstance(route, Mapping) else route)
            if isinstance(pattern, str) and queue:
                yield pattern[: _ID_CHARS * 4], queue


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value[:MAX_NAMES] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [text for text in _list(value) if isinstance(text, str)]


def _label(value: object) -> str:
    return clean_label(value.encode("utf-8", "backslashreplace")) if isinstance(value, str) else ""


def _id(value: object) -> str:
    return _label(value)[:_ID_CHARS]


def _pid(value: object) -> str:
    return str(value) if isinstance(value, int) and 0 < value < 2**31 else ""


def _number(value: object) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53 and isfinite(value)
    return float(value) if usable else None  # type: ignore[arg-type]
