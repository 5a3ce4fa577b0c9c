"""The brokers on the page about sources."""

from __future__ import annotations

from typing import Any

import redis

from collector.models.broker import FRESH_FOR_S, BrokerAnswer
from collector.models.errors import StoreUnavailable
from collector.models.host import ALIVE
from visualizer.core.freshness import duration_words
from visualizer.repo.brokers import read_brokers
from visualizer.resources import shared_redis


def broker_rows(now_s: float) -> list[dict[str, Any]]:
    """A row for templates/_sources_brokers.html each; none while Redis does not answer."""
    try:
        return [_row(answer, now_s) for answer in read_brokers(shared_redis())]
    except (redis.RedisError, StoreUnavailable):
        return []


def _row(answer: BrokerAnswer, now_s: float) -> dict[str, Any]:
    is_alive, is_old = answer.status == ALIVE, now_s - answer.polled_s > _due_s(answer)
    groups = [group for stream in answer.streams for group in stream.groups]
    problems = [answer.reason] if answer.reason else []
    if is_old:
        problems.append(f"nobody has asked it for {duration_words(now_s - answer.polled_s)}: does its collector run?")
    if answer.refused:
        problems.append(f"{answer.refused:,} streams may not be looked at: the user needs %R~* or their names")
    if answer.left_out:
        problems.append(f"{answer.left_out:,} more streams are not looked at")
    return {
        "answer": answer,
        "mark": "fail" if not is_alive else "warn" if problems else "ok",
        "state": "asked no more" if is_old else "answers" if is_alive else "cannot be read",
        "asked": duration_words(now_s - answer.polled_s),
        "for": duration_words(now_s - answer.since_s),
        # What it holds now is not known while it cannot be read.
        "holds": (len(answer.streams), len(groups), sum(stream.length for stream in answer.streams))
        if is_alive and not is_old
        else None,
        "stuck": sum(group.stuck_count for group in groups) if is_alive and not is_old else 0,
        "problems": problems,
    }


def _due_s(answer: BrokerAnswer) -> float:
    """One that fails is asked every minute."""
    return FRESH_FOR_S if answer.status == ALIVE else 90.0
