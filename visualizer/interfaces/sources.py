"""The page about sources: every collector and every log file; htmx asks for its changing part every two seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from collector.models.file_status import FileStatus
from collector.models.heartbeat import CollectorBeat
from visualizer.core.freshness import BLIND_AFTER_S, GONE_AFTER_S, duration_words, expected_collectors
from visualizer.core.source_rows import FIRST_SORT, SORTS, SourcePage, find_rows, join_rows, page_of
from visualizer.core.unseen import hidden_words
from visualizer.interfaces.broker_rows import broker_rows
from visualizer.interfaces.document_rows import document_rows
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.interfaces.notices import read_notices
from visualizer.models.node_id import STANDARD
from visualizer.models.source_row import PROBLEM_STATES, SourceCounts, SourceRow
from visualizer.repo.drawn import read_drawn
from visualizer.repo.file_statuses import read_lost, read_source_counts, read_statuses, read_stored
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

MAX_WORDS_CHARS = 200
_MARKS = {"reading": "ok", "quiet": "idle", "rests": "idle", "unreadable": "fail", "waiting for Redis": "wait"}
_STATE_WORDS = {"waiting": "waiting for Redis"}
#: Columns: name in the address ("" is not sorted by), heading, what the heading means.
_COLUMNS = (
    ("state", gettext_noop("State"), ""),
    ("path", gettext_noop("File"), ""),
    ("size", gettext_noop("Read of size"), gettext_noop("how far it is shipped, of the largest size seen")),
    ("lag", gettext_noop("Lag"), gettext_noop("bytes that are not shipped yet")),
    ("behind", gettext_noop("Behind"), gettext_noop("for how long the oldest of them waits")),
    ("rate", gettext_noop("Lines/s"), gettext_noop("over the last 10 s")),
    ("format", gettext_noop("Format"), gettext_noop("and how sure it is")),
    ("", gettext_noop("Skipped"), gettext_noop("lines that are no entries, by reason")),
    ("lost", gettext_noop("Lost"), gettext_noop("bytes that were gone before they could be read")),
    ("last", gettext_noop("Last line"), gettext_noop("the newest line's own time")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: ?q=<words> & only=problems & sort=<SORTS> & back=1 & page=<number>."""

    words: str
    only_problems: bool
    sort: str
    backwards: bool
    page: int

    def address(self, **changes: str) -> str:
        """The address with some of it changed; what is as it begins is left out."""
        values = {
            "q": self.words,
            "only": "problems" if self.only_problems else "",
            "sort": "" if self.sort == FIRST_SORT else self.sort,
            "back": "1" if self.backwards else "",
            "page": "" if self.page == 1 else str(self.page),
        }
        query = urlencode({name: value for name, value in (values | changes).items() if value})
        return reverse("sources") + (f"?{query}" if query else "")


@require_safe
@never_cache
def sources(request: HttpRequest) -> HttpResponse:
    """templates/sources.html, or its changing part alone for htmx."""
    asked, now_s = _asked(request), time.time()
    beats, said, redis_answers, hidden = _ask_redis(now_s)
    rows = join_rows(said, read_stored(), read_lost())
    found = find_rows(rows, words=asked.words, only_problems=asked.only_problems)
    page = page_of(found, total=len(rows), sort=asked.sort, backwards=asked.backwards, number=asked.page)
    here = asked.address(page="" if page.number == 1 else str(page.number))
    context = {
        "asked": asked,
        "here": here,
        "redis_answers": redis_answers,
        "notices": read_notices(now_s),
        "collectors": [
            _collector(beat, said.get(beat.collector_id, ()), hidden.get(beat.collector_id, ""), now_s)
            for beat in beats
        ],
        "brokers": broker_rows(now_s),
        "documents": document_rows(now_s),
        "patterns": sorted({(pattern, count) for beat in beats for pattern, count in beat.patterns.items()}),
        "columns": [
            _column(name, gettext(title), gettext(what) if what else "", asked) for name, title, what in _COLUMNS
        ],
        "page": page,
        "rows": _rows(page, now_s, several=len(beats) > 1),
        "problems": sum(row.state in PROBLEM_STATES for row in rows),
        "lag_bytes": sum(row.status.lag_bytes for row in rows),
        "lines_per_s": sum(row.status.lines_per_s for row in rows),
        "all_address": asked.address(only="", page=""),
        "problems_address": asked.address(only="problems", page=""),
        "before_address": asked.address(page=str(page.number - 1)) if page.number > 1 else "",
        "after_address": asked.address(page=str(page.number + 1)) if page.number < page.pages else "",
    }
    is_part = "HX-Request" in request.headers
    response = render(request, "_sources.html" if is_part else "sources.html", {**context, "is_part": is_part})
    if is_part:
        response["HX-Replace-Url"] = here
    return response


def _asked(request: HttpRequest) -> Asked:
    query = request.GET
    number = query.get("page", "1")
    return Asked(
        words=query.get("q", "")[:MAX_WORDS_CHARS],
        only_problems=query.get("only") == "problems",
        sort=sort if (sort := query.get("sort", "")) in SORTS else FIRST_SORT,
        backwards=query.get("back") == "1",
        page=int(number) if number.isdecimal() and len(number) < 9 else 1,
    )


def _ask_redis(
    now_s: float,
) -> tuple[Sequence[CollectorBeat], dict[str, list[FileStatus]], bool, Mapping[str, str]]:
    try:
        client = shared_redis()
        watch, drawn = read_watch(client), read_drawn(client, STANDARD)
        topologies = {STANDARD: drawn.topology} if drawn else {}
        hidden = hidden_words(find_unseen(watch, topologies, now_s=now_s, after_s=BLIND_AFTER_S).of(STANDARD))
        beats = expected_collectors(watch.collectors, now_s, hiding=hidden)
        # The one that spoke last is believed.
        spoken = sorted(beats, key=lambda beat: beat.at_s)
        return beats, read_statuses(client, [beat.collector_id for beat in spoken]), True, hidden
    except (redis.RedisError, StoreUnavailable):
        return (), {}, False, {}


def _collector(beat: CollectorBeat, files: Iterable[FileStatus], hides: str, now_s: float) -> dict[str, Any]:
    silent_s = now_s - beat.at_s
    host, _, pid = beat.collector_id.rpartition(":")
    is_gone = silent_s > GONE_AFTER_S
    return {
        "beat": beat,
        "host": host,
        "pid": pid,
        "is_gone": is_gone,
        "hides": hides,
        "mark": "fail" if is_gone else "warn" if beat.problems else "ok",
        "silent": duration_words(silent_s),
        "started": _moment(beat.started_s, now_s),
        "lines_per_s": sum(status.lines_per_s for status in files),
    }


def _column(name: str, title: str, what: str, asked: Asked) -> dict[str, Any]:
    is_sorted = bool(name) and asked.sort == name
    largest_first = bool(name) and SORTS[name][1] != (asked.backwards and is_sorted)
    return {
        "name": name,
        "title": title,
        "what": what,
        "is_number": name not in ("state", "path", "format", ""),
        "sorted": ("descending" if largest_first else "ascending") if is_sorted else "",
        "address": asked.address(sort=name, back="1" if is_sorted and not asked.backwards else "", page=""),
    }


def _rows(page: SourcePage, now_s: float, *, several: bool) -> list[dict[str, Any]]:
    counts = read_source_counts({row.status.file_id for row in page.rows if row.status.file_id})
    return [
        _row(row, counts.get(row.status.file_id, SourceCounts()), now_s, number=number, several=several)
        for number, row in enumerate(page.rows)
    ]


def _row(row: SourceRow, counts: SourceCounts, now_s: float, *, number: int, several: bool) -> dict[str, Any]:
    status, state = row.status, _STATE_WORDS.get(row.state, row.state)
    path = PurePath(status.path)
    lag_s = row.lag_s(now_s)
    return {
        "number": number,
        "status": status,
        "state": state,
        "mark": _MARKS.get(state, "warn"),
        "is_problem": row.is_problem,
        "folder": "" if status.kind or str(path.parent) == "." else f"{path.parent}/",
        "name": status.path if status.kind else path.name or status.path,
        "collector": row.collector_id if several else "",
        "behind": duration_words(lag_s) if lag_s else "",
        "percent": f"{100 * status.confidence:.0f}" if status.format and not status.kind else "",
        "skipped": [
            *counts.skipped_lines.items(),
            *((f"dropped: {why}", n) for why, n in counts.dropped_lines.items()),
        ],
        "skipped_lines": sum(counts.skipped_lines.values()) + sum(counts.dropped_lines.values()),
        "lost": counts.lost_bytes,
        "lost_bytes": sum(counts.lost_bytes.values()),
        "last": _moment(status.last_line_s, now_s) if status.last_line_s else None,
    }


def _moment(at_s: float, now_s: float) -> tuple[datetime, str]:
    """When it was, and in words how long ago."""
    return datetime.fromtimestamp(min(max(at_s, 0), 2**37), UTC), duration_words(now_s - at_s)
