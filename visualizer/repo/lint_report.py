"""Keeps what the linter says of all hosts' configs in Redis (LINT)."""

from __future__ import annotations

from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from visualizer.models.lint_finding import LintReport

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(LintReport).decode


def keep_lint_report(client: redis.Redis, report: LintReport) -> None:
    """
    Keep it, if it says anything new.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    text = _encode(report)
    if any_client.get(redis_keys.LINT) != text:
        any_client.set(redis_keys.LINT, text)


def read_lint_report(client: redis.Redis) -> LintReport | None:
    """
    What was kept last; None before the first.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    text = any_client.get(redis_keys.LINT)
    try:
        return _decode(text) if text else None
    except msgspec.DecodeError:
        return None
