"""Celery's app: broker, schedule, and nothing that needs Django to be imported."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, worker_ready

from visualizer.config import read_options
from visualizer.interfaces.task_watch import BEAT_HEADER, bound_tasks, watch_tasks
from visualizer.models.job import HARD_LIMIT_S, JOBS, SOFT_LIMIT_S

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")

options = read_options()
_broker = options.celery_broker_url or options.redis_url

app = Celery("eventscope")
app.conf.update(
    broker_url=_broker.get_secret_value() if _broker else None,
    # Our broker keys share a Redis with the batches; the prefix keeps them apart.
    broker_transport_options={"global_keyprefix": "eventscope:celery:", "socket_timeout": 5},
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    # For pools of several processes; task_watch.py holds the same where Celery does not.
    task_soft_time_limit=SOFT_LIMIT_S,
    task_time_limit=HARD_LIMIT_S,
    timezone="UTC",
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    # Nobody asks our workers anything: no mailboxes, no result queues, no chatter between workers.
    worker_enable_remote_control=False,
    beat_schedule={
        job.name: {
            "task": job.task,
            "schedule": job.every_s,
            "options": {"expires": job.every_s, "headers": {BEAT_HEADER: True}},
        }
        for job in JOBS
    },
    beat_schedule_filename=str(options.data_dir / "beat-schedule"),
)
app.autodiscover_tasks(["visualizer.interfaces"])
app.autodiscover_tasks(["visualizer.interfaces"], related_name="history_tasks")
app.autodiscover_tasks(["visualizer.interfaces"], related_name="spool_tasks")
app.autodiscover_tasks(["visualizer.interfaces"], related_name="alert_tasks")


watch_tasks()


@celeryd_init.connect
def _bound_tasks(conf: Any, **_: object) -> None:
    """Only a worker ends what takes too long by ending itself."""
    if conf.worker_pool == "solo":
        bound_tasks()


@celeryd_init.connect
def _beat_in_a_thread(**_: object) -> None:
    """
    Let `worker --beat` run beat in a thread of the worker.

    It forks a process otherwise, which soon has its own copy of all modules: 60 MiB to look at a clock. None is what
    Celery puts here itself where there is no multiprocessing.
    """
    import celery.beat

    celery.beat._Process = None  # type: ignore[misc, assignment]


@worker_ready.connect
def _begin(**_: object) -> None:
    """Do at once what beat would ask for only after its first interval."""
    app.send_task(JOBS[0].task, expires=JOBS[0].every_s)
