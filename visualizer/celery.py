"""Celery's app: broker, schedule, and nothing that needs Django to be imported."""

from __future__ import annotations

import os

from celery import Celery

from visualizer.config import read_options

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
    task_time_limit=60,
    timezone="UTC",
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    beat_schedule_filename=str(options.data_dir / "beat-schedule"),
)
app.autodiscover_tasks(["visualizer.interfaces"])
