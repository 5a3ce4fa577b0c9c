"""
Watches the worker's tasks by Celery's signals: tells Redis how each fared, and ends what takes too long.

Celery's own limits do not hold in a worker of one process (`--pool solo`), so these are ours: a task is told to end by
an alarm, and a worker that cannot hear it ends with a traceback in its log; whoever watches it starts another one.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
import threading
import time
import traceback
from functools import cache
from pathlib import PurePath
from typing import Any, NoReturn

import redis
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import after_task_publish, task_postrun, task_prerun

from collector.models.errors import EventscopeError, StoreUnavailable
from visualizer.models.job import HARD_LIMIT_S, SOFT_LIMIT_S
from visualizer.repo.task_runs import begin_run, end_run, say_beat
from visualizer.resources import open_redis

#: A header of what beat asks for: others ask, too.
BEAT_HEADER = "eventscope_beat"
_WORKER = f"{socket.gethostname()}:{os.getpid()}"


def problem_of(error: BaseException) -> str:
    """
    What went wrong, for people: our own errors by their words, others by their kind and place alone. Their words may
    hold what is secret, such as a URL with its password.
    """
    if isinstance(error, SoftTimeLimitExceeded):
        return f"took longer than {SOFT_LIMIT_S:.0f} s and was ended"
    if isinstance(error, EventscopeError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "visualizer" in PurePath(frame.filename).parts]
    where = f" at {PurePath(ours[-1].filename).name}:{ours[-1].lineno}, in {ours[-1].name}" if ours else ""
    return f"{type(error).__name__}{where}"


def watch_tasks() -> None:
    """Begin to tell how the tasks of this process fare."""
    task_prerun.connect(_began, weak=False)
    task_postrun.connect(_ended, weak=False)
    after_task_publish.connect(_published, weak=False)


def bound_tasks() -> None:
    """End what takes too long: only in a process that is nothing but a worker."""
    task_prerun.connect(_bound, weak=False)
    task_postrun.connect(_unbound, weak=False)


def _began(task: Any, **_: object) -> None:
    _tell(lambda client: begin_run(client, task.name, worker=_WORKER, at_s=time.time()))


def _ended(task: Any, retval: object, **_: object) -> None:
    # A task that waits something out returns what it was.
    problem = problem_of(retval) if isinstance(retval, BaseException) else retval if isinstance(retval, str) else ""
    _tell(lambda client: end_run(client, task.name, at_s=time.time(), problem=problem))


def _published(headers: Any, **_: object) -> None:
    if isinstance(headers, dict) and headers.get(BEAT_HEADER):
        _tell(lambda client: say_beat(client, at_s=time.time()))


def _bound(**_: object) -> None:
    faulthandler.dump_traceback_later(HARD_LIMIT_S, exit=True)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, SOFT_LIMIT_S)


def _unbound(**_: object) -> None:
    faulthandler.cancel_dump_traceback_later()
    if threading.current_thread() is threading.main_thread():
        signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(*_: object) -> NoReturn:
    raise SoftTimeLimitExceeded


def _tell(say: Any) -> None:
    """What cannot be told now is told by the next run: no task fails for it."""
    try:
        say(_client())
    except (redis.RedisError, StoreUnavailable):
        return


@cache
def _client() -> redis.Redis:
    return open_redis()
