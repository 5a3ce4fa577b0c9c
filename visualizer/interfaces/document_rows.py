"""What the page about sources shows of AsyncAPI and OpenAPI documents."""

from __future__ import annotations

from typing import Any

import redis

from collector.models.document import DOCUMENT_KINDS
from collector.models.errors import StoreUnavailable
from collector.models.host import ALIVE, HostAnswer
from visualizer.core.freshness import duration_words
from visualizer.core.unmet_apps import unmet_apps
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import DrawnTopology
from visualizer.repo.drawn import read_drawn
from visualizer.repo.host_answers import read_host_answers
from visualizer.resources import shared_redis

#: Collectors look at each of them at least so often.
DUE_S = 360.0
#: Problems that are shown; the first of a kind is mended first.
MOST_PROBLEMS = 5
#: Apps that are named.
MOST_APPS = 3
_KINDS = {"asyncapi": "AsyncAPI", "openapi": "OpenAPI"}


def document_rows(now_s: float) -> list[dict[str, Any]]:
    """A row for templates/_sources_documents.html each; none while Redis does not answer."""
    try:
        client = shared_redis()
        answers = [answer for answer in read_host_answers(client) if answer.source in DOCUMENT_KINDS]
        drawn = read_drawn(client, STANDARD) if answers else None
    except (redis.RedisError, StoreUnavailable):
        return []
    return [_row(answer, drawn, now_s) for answer in answers]


def _row(answer: HostAnswer, drawn: DrawnTopology | None, now_s: float) -> dict[str, Any]:
    told = answer.standard or {}
    events = [event for app in told.get("apps", {}).values() for event in app["effective_events"].values()]
    streams = {stream["name"] for event in events for stream in _streams(event)}
    is_read, looked = answer.status == ALIVE, duration_words(now_s - answer.polled_s)
    is_old = now_s - answer.polled_s > DUE_S
    problems = [answer.reason] if answer.reason else []
    if is_old:
        problems.append(f"nobody has looked at it for {looked}: does its collector run?")
    problems += told.get("problems", [])
    apps = list(told.get("apps", {}))
    problems += _unmet(apps, drawn) if drawn else []
    return {
        "address": answer.url,
        "kind": _KINDS[answer.source],
        "mark": "fail" if not is_read else "warn" if problems else "ok",
        "state": "looked at no more" if is_old else "read" if is_read else "cannot be read",
        "for": duration_words(now_s - answer.since_s),
        "looked": looked,
        "apps": apps[:MOST_APPS],
        "more_apps": max(0, len(apps) - MOST_APPS),
        "events": len(events),
        "streams": len(streams),
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
    }


def _streams(event: dict[str, Any]) -> list[dict[str, Any]]:
    first = [event[part] for part in ("read_stream", "write_stream") if part in event]
    return [*first, *event.get("more_reads", ()), *event.get("more_writes", ())]


def _unmet(apps: list[str], drawn: DrawnTopology) -> list[str]:
    """The commonest reason why nothing is confirmed."""
    return [
        f"nothing of {key} was seen, but of {', '.join(like[:MOST_APPS])}: x-app-key in its info says which app it is"
        for key, like in unmet_apps(apps, drawn.topology).items()
    ]
