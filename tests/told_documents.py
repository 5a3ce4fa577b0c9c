"""Says in Redis what a document declares, as the collector does when it has read it."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import redis

from collector.core.document_answer import document_answer
from collector.core.lean_document import lean_document
from collector.models import redis_keys
from collector.models.document import DocumentAddress


def tell_document(
    client: redis.Redis,
    address: str,
    told: dict[str, Any] | None,
    *,
    kind: str = "asyncapi",
    ago_s: float = 125,
    **parts: Any,
) -> None:
    """A document as read, or why it was not: `reason`."""
    lean = None if told is None else lean_document(told, key=b"test")
    at_s = time.time() - ago_s
    answer = document_answer(
        DocumentAddress(address), kind=kind, position=0, before=None, at_s=at_s, lean=lean, **parts
    )
    client.hset(redis_keys.HOSTS, answer.url, msgspec.json.encode(answer).decode())
