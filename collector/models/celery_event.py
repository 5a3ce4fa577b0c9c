"""What is kept of an event of Celery: CeleryEvent. Arguments, results and texts of errors are not among it."""

from __future__ import annotations

import msgspec

#: Stand where other apps have their version: of workers, and of what calls tasks and is none.
CELERY, CELERY_CLIENT = "celery", "celery_client"


class CeleryEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event. Names are untrusted and bounded, times unix seconds by the sender's clock."""

    #: "task-started".
    type: str
    #: When it was sent.
    at_s: float
    #: Who sent it: "billing@host1" of a worker, "gen4711@host1" of what calls tasks.
    node: str
    #: Process id of the sender; "" when it is not told.
    pid: str = ""
    #: Id of the task; "" of a worker's event.
    uuid: str = ""
    #: Name of the task; most of its later events do not tell it.
    name: str = ""
    #: Where it was sent to; only of task-sent.
    queue: str = ""
    #: Id of the task that sent it; "" for none.
    parent: str = ""
    #: How often it was tried before.
    retries: int = 0
    #: Whether it was sent to be done later.
    is_delayed: bool = False
    #: How long it ran, seconds; negative when that is not told.
    runtime_s: float = -1.0
    #: Class of what went wrong: "ValueError".
    error: str = ""
    #: Tasks that the worker has begun since it started; -1 when that is not told.
    processed: int = -1
    #: How often the worker's heart beats, seconds.
    freq_s: float = 2.0


class CeleryWorker(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker answers when it is asked."""

    #: Process id of its main process.
    pid: str
    #: Tasks it knows, Celery's own left out.
    tasks: tuple[str, ...] = ()
    #: Queues it reads.
    queues: tuple[str, ...] = ()
    #: Where tasks are sent that no route names.
    default_queue: str = "celery"
    #: (pattern of names, queue) of its routes, as far as they are names.
    routes: tuple[tuple[str, str], ...] = ()
    #: Tasks it has begun since it started.
    processed: int = 0


def node_group(node: str) -> str:
    """What stands for a group of workers: "billing" of "billing@host1"."""
    return node.partition("@")[0]


def node_host(node: str) -> str:
    """The host of a node: "host1" of "billing@host1"."""
    return node.partition("@")[2] or node
