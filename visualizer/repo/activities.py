"""
Ids of activities and servers: the rows every count points to. They are few and are never deleted, so they are
remembered; what a transaction adds is forgotten with it when it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from collector.models.activity import ActivityKey, Server
from visualizer.repo.models import Activity, SeenServer

_ADD_ACTIVITY = """
INSERT INTO visualizer_activity (app, plugin, event, kind, stream, queue, consumer_group, first_seen_s)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_FIND_ACTIVITY = """
SELECT id FROM visualizer_activity WHERE app = %s AND plugin = %s AND event = %s AND kind = %s AND stream = %s
AND queue = %s AND consumer_group = %s
"""
_ADD_SERVER = "INSERT INTO visualizer_seenserver (host_name, pid) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FIND_SERVER = "SELECT id FROM visualizer_seenserver WHERE host_name = %s AND pid = %s"
#: Widths of the columns; a longer name is cut, and what it names is counted with what shares its beginning.
_ACTIVITY_WIDTHS = (256, 256, 256, 16, 256, 256, 256)
_SERVER_WIDTHS = (256, 32)


class Activities:
    """Ids by key and keys by id, as far as they were asked for."""

    def __init__(self) -> None:
        self._activity_ids: dict[ActivityKey, int] = {}
        self._server_ids: dict[Server, int] = {}
        #: Activity id → its key as the table has it.
        self.keys: dict[int, ActivityKey] = {}
        #: Server id → the server as the table has it.
        self.servers: dict[int, Server] = {}

    @property
    def newest_id(self) -> int:
        """Grows when something is seen for the first time."""
        return max(self.keys, default=0)

    def forget(self) -> None:
        """Believe nothing about rows any more: a transaction failed, or another database is behind the URL."""
        for known in (self._activity_ids, self._server_ids, self.keys, self.servers):
            known.clear()

    def load(self, activity_ids: Iterable[int], server_ids: Iterable[int]) -> None:
        """Learn the keys of these ids."""
        for row in Activity.objects.in_bulk(list(activity_ids)).values():
            key = ActivityKey(row.app, row.plugin, row.event, row.kind, row.stream, row.queue, row.consumer_group)
            self._activity_ids[key], self.keys[row.pk] = row.pk, key
        for seen in SeenServer.objects.in_bulk(list(server_ids)).values():
            server = Server(seen.host_name, seen.pid)
            self._server_ids[server], self.servers[seen.pk] = seen.pk, server

    def activity_ids(self, keys: Sequence[ActivityKey], *, now_s: float) -> list[int]:
        """Ids of the keys, in their order; rows are made for new ones."""
        return [self._activity_ids.get(key) or self._add_activity(key, now_s) for key in keys]

    def server_ids(self, servers: Sequence[Server]) -> list[int]:
        """Ids of the servers, in their order; rows are made for new ones."""
        return [self._server_ids.get(server) or self._add_server(server) for server in servers]

    def _add_activity(self, key: ActivityKey, now_s: float) -> int:
        columns = _cut(key, _ACTIVITY_WIDTHS)
        found = _find_or_add(
            _FIND_ACTIVITY, columns, lambda cursor: cursor.execute(_ADD_ACTIVITY, [*columns, int(now_s)])
        )
        self._activity_ids[key] = found
        self.keys[found] = ActivityKey(*columns)
        return found

    def _add_server(self, server: Server) -> int:
        columns = _cut(server, _SERVER_WIDTHS)
        found = _find_or_add(_FIND_SERVER, columns, lambda cursor: cursor.execute(_ADD_SERVER, columns))
        self._server_ids[server] = found
        self.servers[found] = Server(*columns)
        return found


def _find_or_add(find_sql: str, columns: list[str], add: Callable[[Any], object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(find_sql, columns)
        row = cursor.fetchone()
        if row is None:
            add(cursor)
            cursor.execute(find_sql, columns)
            row = cursor.fetchone()
        return int(row[0])


def _cut(key: ActivityKey | Server, widths: tuple[int, ...]) -> list[str]:
    # PostgreSQL refuses NUL in text.
    parts = (getattr(key, name) for name in key.__struct_fields__)
    return [str(part).replace("\0", "\ufffd")[:width] for part, width in zip(parts, widths, strict=True)]
