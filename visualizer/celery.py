"""Celery's app: broker, schedule, and nothing that needs Django to be imported."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import celeryd_init, worker_ready

from visualizer.config import read_options

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")

#: How old the graph may be when nobody said that something changed.
TOPOLOGY_EVERY_S = 30.0
#: How often it is looked at what edges rest on: in less than 5 s a change is on the page.
EVIDENCE_EVERY_S = 2.0
#: How often what is over is let go: a minute's 1 s buckets at once.
COMPACT_EVERY_S = 60.0
#: How often it is looked whether something is wrong, and whether somebody is to be told.
ALERTS_EVERY_S = 5.0
#: How often what was received and is counted is looked for.
TIDY_EVERY_S = 10.0

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
    task_time_limit=60,
    timezone="UTC",
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    # Nobody asks our workers anything: no mailboxes, no result queues, no chatter between workers.
    worker_enable_remote_control=False,
    beat_schedule={
        # Rollups ask for it at once when something changed; this mends what was missed, and shows that a worker lives.
        "topology": {
            "task": "visualizer.build_topology",
            "schedule": TOPOLOGY_EVERY_S,
            "options": {"expires": TOPOLOGY_EVERY_S},
        },
        # An age grows by itself: what has gone quiet is found by looking.
        "evidence": {
            "task": "visualizer.find_evidence",
            "schedule": EVIDENCE_EVERY_S,
            "options": {"expires": EVIDENCE_EVERY_S},
        },
        # What is over leaves SQL a little at a time.
        "history": {
            "task": "visualizer.compact_history",
            "schedule": COMPACT_EVERY_S,
            "options": {"expires": COMPACT_EVERY_S},
        },
        # Nothing is wrong for long without somebody being told.
        "alerts": {
            "task": "visualizer.judge_alerts",
            "schedule": ALERTS_EVERY_S,
            "options": {"expires": ALERTS_EVERY_S},
        },
        "notifications": {
            "task": "visualizer.send_notifications",
            "schedule": ALERTS_EVERY_S,
            "options": {"expires": ALERTS_EVERY_S},
        },
        # The receiver's files may take only so much room.
        "spool": {
            "task": "visualizer.tidy_spool",
            "schedule": TIDY_EVERY_S,
            "options": {"expires": TIDY_EVERY_S},
        },
    },
    beat_schedule_filename=str(options.data_dir / "beat-schedule"),
)
app.autodiscover_tasks(["visualizer.interfaces"])
app.autodiscover_tasks(["visualizer.interfaces"], related_name="history_tasks")
app.autodiscover_tasks(["visualizer.interfaces"], related_name="spool_tasks")
app.autodiscover_tasks(["visualizer.interfaces"], related_name="alert_tasks")


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
    app.send_task("visualizer.build_topology", expires=TOPOLOGY_EVERY_S)
