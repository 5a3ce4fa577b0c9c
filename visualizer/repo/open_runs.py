"""
Runs that are open, kept in SQL: a row a source, written in the transaction that claims the batches, so that they are
exact whoever dies when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from django.db import connection

from visualizer.core.open_runs import Places
from visualizer.models.open_run import KeptOpen
from visualizer.repo.models import SourceOpenRuns
from visualizer.repo.upsert import upsert

_ROW = "INSERT INTO visualizer_sourceopenruns (source_id, shard, content)"
_REPLACE = "ON CONFLICT (source_id) DO UPDATE SET content = excluded.content"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[KeptOpen]).decode


def write_open_runs(changed: Mapping[int, Places], *, shard: int) -> None:
    """Keep what is open in these sources, by their ids."""
    rows = []
    for source_id, places in sorted(changed.items()):
        if places:
            content = _encode([KeptOpen(*place, found) for place, found in places.items()])
            rows.append((source_id, shard, content))
    upsert(_ROW, _REPLACE, rows)
    over = [source_id for source_id, places in changed.items() if not places]
    if over:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM visualizer_sourceopenruns WHERE source_id = %s", [(each,) for each in over])


def read_open_runs(*, shard: int) -> dict[int, Places]:
    """What is open in each source of a shard."""
    rows = SourceOpenRuns.objects.filter(shard=shard).values_list("source_id", "content").iterator()
    return {source_id: {(row.activity_id, row.server_id): row.open for row in kept} for source_id, kept in _read(rows)}


def read_all_open() -> Iterator[KeptOpen]:
    """What is open in any source."""
    rows = SourceOpenRuns.objects.order_by("source_id").values_list("source_id", "content").iterator()
    return (row for _, kept in _read(rows) for row in kept)


def _read(rows: Iterable[tuple[int, bytes | memoryview]]) -> Iterator[tuple[int, list[KeptOpen]]]:
    for source_id, content in rows:
        yield source_id, _decode(content)
