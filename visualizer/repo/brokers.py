"""Reading what brokers say (BROKERS in Redis)."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.broker import BrokerAnswer

log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(BrokerAnswer).decode


def read_brokers(client: redis.Redis) -> list[BrokerAnswer]:
    """
    The state of every broker, in the order of configuration.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    answers: list[BrokerAnswer] = []
    for text in any_client.hvals(redis_keys.BROKERS):
        try:
            answers.append(_decode(text))
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            log.warning("broker_answer_damaged: %s", type(exc).__name__)
    return sorted(answers, key=lambda answer: (answer.position, answer.url))
