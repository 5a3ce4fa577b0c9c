"""/hosts and /sources: what Eventscope reads from."""

from __future__ import annotations

import time
from typing import Annotated

from django.http import HttpRequest
from ninja import Query

from visualizer.core.freshness import expected_collectors
from visualizer.core.source_rows import find_rows, join_rows
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.paging import page_of
from visualizer.interfaces.api.parameters import Limit, PageNumber, Words
from visualizer.models.api_answer import Host, Page, SourceFile
from visualizer.models.api_token import READ_CONFIG
from visualizer.models.source_row import ROW_STATES, SourceRow
from visualizer.repo.file_statuses import read_lost, read_statuses, read_stored
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis


@get("/hosts", answer=Page[Host], scope=READ_CONFIG)
def hosts(request: HttpRequest, limit: Limit = 100, page: PageNumber = 1) -> Page[Host]:
    """Hosts whose config is polled, in the order of the settings."""
    found = [
        Host(
            url=host.url,
            status=host.status,
            reason=host.reason,
            since_s=host.since_s,
            polled_s=host.polled_s,
            latency_ms=host.latency_ms,
            api_version=host.api_version,
        )
        for host in read_watch(shared_redis()).hosts
    ]
    return page_of(request, found, page=page, limit=limit)


@get("/sources", answer=Page[SourceFile], scope=READ_CONFIG)
def sources(
    request: HttpRequest,
    find: Words = "",
    problems: Annotated[bool, Query(description="only files that want somebody to do something")] = False,
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Page[SourceFile]:
    """Log files, those that want somebody first."""
    client = shared_redis()
    beats = sorted(expected_collectors(read_watch(client).collectors, time.time()), key=lambda beat: beat.at_s)
    rows = join_rows(read_statuses(client, [beat.collector_id for beat in beats]), read_stored(), read_lost())
    found = find_rows(rows, words=find, only_problems=problems)
    found.sort(key=lambda row: (ROW_STATES.index(row.state), -row.status.lag_bytes, row.status.path))
    shown = page_of(request, found, page=page, limit=limit)
    return Page(items=tuple(_file(row) for row in shown.items), total=shown.total, next=shown.next)


def _file(row: SourceRow) -> SourceFile:
    status = row.status
    return SourceFile(
        path=status.path,
        kind=status.kind,
        state=row.state,
        reason=status.reason or status.complaint,
        collector=row.collector_id,
        size_bytes=status.size_bytes,
        offset=status.offset,
        lag_bytes=status.lag_bytes,
        behind_since_s=status.behind_since_s,
        lines_per_s=status.lines_per_s,
        format=status.format,
        lost_bytes=row.lost_bytes,
        last_line_s=status.last_line_s,
    )
