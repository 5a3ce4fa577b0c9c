"""A small Celery app that really runs; its arguments, results and errors hold what must never be seen."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, Task

CANARY = "c4n4ry"

app = Celery("shop", broker=os.environ.get("SHOP_BROKER", "memory://"))
app.conf.update(
    task_routes={"shop.bill": {"queue": "billing"}},
    task_send_sent_event=True,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
)


@app.task(name="shop.order")
def order(card: str) -> str:
    """Has another task run."""
    bill.delay(card)
    return card


@app.task(name="shop.bill")
def bill(card: str) -> str:
    """Goes well."""
    return card


@app.task(name="shop.crash")
def crash(card: str) -> None:
    """Does not."""
    raise ValueError(f"no such card: {card}")


@app.task(name="shop.again", bind=True, max_retries=1)
def again(self: Task[Any, Any], card: str) -> str:
    """Goes well the second time."""
    if not self.request.retries:
        raise self.retry(exc=ConnectionError(card), countdown=0)
    return card
