"""
What hosts and documents declare: reading it (HOSTS in Redis), keeping each distinct content once (ConfigSnapshot).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.document import DOCUMENT_KINDS
from collector.models.host import HostAnswer
from visualizer.core.declared_document import runtime_apps_of
from visualizer.repo.drawn_models import ConfigSnapshot

log = logging.getLogger(__name__)

#: `last_seen` says how long a config held; to the minute is enough, and keeps a quiet system from writing.
LAST_SEEN_STEP = timedelta(minutes=1)

_decode = msgspec.json.Decoder(HostAnswer).decode


def read_host_answers(client: redis.Redis) -> list[HostAnswer]:
    """
    The state of every host and document, in the order of configuration; what documents declare is RuntimeApps by now.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    answers: list[HostAnswer] = []
    for text in any_client.hvals(redis_keys.HOSTS):
        try:
            answers.append(_with_runtime_apps(_decode(text)))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as exc:
            log.warning("host_answer_damaged: %s", type(exc).__name__)
    return sorted(answers, key=lambda answer: (answer.position, answer.url))


def _with_runtime_apps(answer: HostAnswer) -> HostAnswer:
    if answer.source not in DOCUMENT_KINDS or answer.standard is None:
        return answer
    # The same for the same document, which is asked for every two seconds.
    apps = _runtime_apps_of(msgspec.json.encode(answer.standard))
    return msgspec.structs.replace(answer, standard=apps, expanded=apps)


@lru_cache(maxsize=64)
def _runtime_apps_of(document: bytes) -> dict[str, Any]:
    return runtime_apps_of(msgspec.json.decode(document))


def keep_snapshots(answers: Iterable[HostAnswer], *, now: datetime) -> None:
    """Add what was never declared before; say of the rest that it still is."""
    by_hash = {answer.content_hash: answer for answer in answers if answer.content_hash}
    known = dict(ConfigSnapshot.objects.filter(content_hash__in=by_hash).values_list("content_hash", "last_seen"))
    ConfigSnapshot.objects.bulk_create(
        [
            ConfigSnapshot(
                content_hash=content_hash,
                host_url=answer.url[:512],
                content={"standard": answer.standard, "expanded": answer.expanded},
                first_seen=now,
                last_seen=now,
            )
            for content_hash, answer in by_hash.items()
            if content_hash not in known
        ],
        ignore_conflicts=True,
    )
    old = [content_hash for content_hash, last_seen in known.items() if now - last_seen >= LAST_SEEN_STEP]
    if old:
        ConfigSnapshot.objects.filter(content_hash__in=old).update(last_seen=now)
