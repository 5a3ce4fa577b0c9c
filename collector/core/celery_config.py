"""What Celery's workers declare, as a runtime config: an app a group of workers, an event a task, its queue between."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from collector.models.app_key import make_app_key
from collector.models.celery_event import CELERY, CeleryWorker, node_group, node_host

#: Nothing in Celery declares who sends a task.
_SETTINGS = {"eventscope": {"accept": ["stream-never-written"]}}
#: The queue that has no suffix of its own.
AUTO = "AUTO"


def group_key(node: str) -> str:
    """The app key of a worker's group: "billing.celery" of "billing@host1"."""
    return make_app_key(node_group(node) or "celery", CELERY)


def queue_of(worker: CeleryWorker, task: str) -> str:
    """
    The queue a task comes from: where its route says, else the default one, else the only one its worker reads. "" when
    none of these is read by its worker.
    """
    routed = next((queue for pattern, queue in worker.routes if fnmatchcase(task, pattern)), worker.default_queue)
    if routed in worker.queues:
        return routed
    return worker.queues[0] if len(worker.queues) == 1 else ""


def celery_config(
    workers: Mapping[str, CeleryWorker], *, alive: Container[str], url: str, seen: Iterable[tuple[str, str, str]]
) -> dict[str, Any]:
    """
    The RuntimeApps of all workers of a broker. What one that is gone declared stays, as of a host that is down.

    Args:
        alive: those that run.
        url: of the broker, as it may be shown.
        seen: (app key, task, queue) of tasks whose queue was seen.
    """
    apps: dict[str, Any] = {}
    queues = {(app, task): queue for app, task, queue in seen}
    for node, worker in sorted(workers.items()):
        key = group_key(node)
        entry = apps.setdefault(
            key,
            {
                "servers": [],
                "app_config": {"app": {"name": node_group(node), "version": CELERY}, "settings": _SETTINGS},
                "effective_events": {},
            },
        )
        if node in alive:
            entry["servers"].append({"host_name": node_host(node), "pid": worker.pid, "url": f"{url} {node}"})
        for task in worker.tasks:
            queue = queues.get((key, task)) or queue_of(worker, task)
            entry["effective_events"].setdefault(f"{key}.{task}", _event(queue))
    return {"apps": apps, "server_status": {}}


def _event(queue: str) -> dict[str, Any]:
    if not queue:
        return {"type": "SERVICE"}
    # Its workers share the messages of a queue, as a group does; a message names its task, so tasks do not.
    return {"type": "STREAM", "read_stream": {"name": queue, "queues": [AUTO]}}
