"""
Ids of activities and servers: the rows every count points to. There are no more than NameCaps allows, of servers those
with totals (repo/old_processes.py), and they are never deleted, so all are remembered; what a transaction adds is
forgotten with it when it fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from collector.models.activity import OTHER, ActivityKey, Server
from collector.models.name_caps import NameCaps
from visualizer.core.capped_names import CappedNames
from visualizer.models.seen_process import LONG_GONE
from visualizer.repo.models import Activity, SeenServer, Total
from visualizer.repo.text_column import cut

_KEY_COLUMNS = ActivityKey.__struct_fields__
_ADD_ACTIVITY = f"INSERT INTO visualizer_activity ({', '.join(_KEY_COLUMNS)}, first_seen_s)"
_FIND_ACTIVITY = f"SELECT id FROM visualizer_activity WHERE {' AND '.join(f'{name} = %s' for name in _KEY_COLUMNS)}"  # noqa: S608
_ADD_SERVER = "INSERT INTO visualizer_seenserver (host_name, pid)"
_FIND_SERVER = "SELECT id FROM visualizer_seenserver WHERE host_name = %s AND pid = %s"
#: Widths of the columns; a longer name is cut, and what it names is counted with what shares its beginning.
_ACTIVITY_WIDTHS = (256, 256, 256, 16, 256, 256, 256)
_SERVER_WIDTHS = (256, 32)
#: Rows read at once.
_ROWS = 2000
#: Rows made in one statement.
_ADDED_AT_ONCE = 100
#: Where there is no room for servers it is looked for so often, seconds.
ROOM_EVERY_S = 60
#: What stands for others is none that anybody brought.
_OF_MANY = (Server(OTHER, ""), LONG_GONE)
Name = TypeVar("Name", ActivityKey, Server)


class Activities:
    """Ids by key and keys by id."""

    def __init__(self, caps: NameCaps) -> None:
        self._caps = caps
        self._activity_ids: dict[ActivityKey, int] = {}
        self._server_ids: dict[Server, int] = {}
        #: Activity id → its key as the table has it.
        self.keys: dict[int, ActivityKey] = {}
        #: Server id → the server as the table has it.
        self.servers: dict[int, Server] = {}
        #: Which names are kept apart.
        self.names = CappedNames(caps)
        #: Grows when something is seen for the first time.
        self.newest_id = 0
        self._room_sought_s = 0.0

    def load(self) -> None:
        """Learn all rows; believe nothing of before: a transaction failed, or another database is behind the URL."""
        for known in (self._activity_ids, self._server_ids, self.keys, self.servers):
            known.clear()
        self.newest_id = 0
        self.names = CappedNames(self._caps, before=self.names)
        # One copy of each text: an app's name stands in each of its events.
        texts: dict[str, str] = {}
        for row in Activity.objects.values_list("id", *_KEY_COLUMNS).order_by("id").iterator(_ROWS):
            key = ActivityKey(*(texts.setdefault(text, text) for text in row[1:]))
            self._activity_ids[key], self.keys[row[0]], self.newest_id = row[0], key, row[0]
            self.names.take(key)
        for server_id, *parts in _kept_servers().values_list("id", "host_name", "pid").iterator(_ROWS):
            server = Server(*(texts.setdefault(text, text) for text in parts))
            self._server_ids[server], self.servers[server_id] = server_id, server
            self._take(server)

    def find_room(self, *, now_s: float) -> None:
        """Outside of a transaction: learn which servers are kept apart no longer, where there is no room for others."""
        if self.names.is_full_of_servers and not 0 <= now_s - self._room_sought_s < ROOM_EVERY_S:
            self._room_sought_s = now_s
            kept = set(_kept_servers().values_list("id", flat=True).iterator(_ROWS))
            over = [server for server, server_id in self._server_ids.items() if server_id not in kept]
            for server in over:
                del self._server_ids[server]
            self.names.let_servers_go(sum(server not in _OF_MANY for server in over))

    def activity_ids(self, keys: Sequence[ActivityKey], *, now_s: float) -> list[int]:
        """Ids of the keys, in their order; rows are made for new ones, as far as the caps allow."""
        ids = [self._activity_ids.get(key, 0) for key in keys]
        if all(ids):
            return ids
        counted, new = [], dict[ActivityKey, None]()
        for key in (_cut(key, _ACTIVITY_WIDTHS) for key in keys):
            as_key = key if key in self._activity_ids else self.names.counted_as(key, now_s=now_s)
            if as_key not in self._activity_ids and as_key not in new:
                new[as_key] = None
                self.names.take(as_key)
            counted.append(as_key)
        rows: dict[ActivityKey, Sequence[str | int]] = {key: (*_parts(key), int(now_s)) for key in sorted(new)}
        for key, activity_id in _add(_ADD_ACTIVITY, _FIND_ACTIVITY, rows):
            self._activity_ids[key], self.keys[activity_id] = activity_id, key
            self.newest_id = max(self.newest_id, activity_id)
        return [self._activity_ids[key] for key in counted]

    def server_ids(self, servers: Sequence[Server], *, now_s: float) -> list[int]:
        """Ids of the servers, in their order; rows are made for new ones, as far as the cap allows."""
        ids = [self._server_ids.get(server, 0) for server in servers]
        if all(ids):
            return ids
        counted, new = [], dict[Server, None]()
        for server in (_cut(server, _SERVER_WIDTHS) for server in servers):
            known = server in self._server_ids or server in new
            as_server = server if known else self.names.server_counted_as(server, now_s=now_s)
            if as_server not in self._server_ids and as_server not in new:
                new[as_server] = None
                self._take(as_server)
            counted.append(as_server)
        for server, server_id in _add(_ADD_SERVER, _FIND_SERVER, {server: _parts(server) for server in sorted(new)}):
            self._server_ids[server], self.servers[server_id] = server_id, server
        return [self._server_ids[server] for server in counted]

    def _take(self, server: Server) -> None:
        if server not in _OF_MANY:
            self.names.take_server()


def _kept_servers() -> QuerySet[SeenServer]:
    return SeenServer.objects.filter(Exists(Total.objects.filter(server=OuterRef("pk"))))


def _add(insert: str, find: str, rows: Mapping[Name, Sequence[str | int]]) -> Iterator[tuple[Name, int]]:
    """Make rows, in their order, and tell their ids; another shard's rollup may have made some of them."""
    names, row = list(rows), f"({', '.join(['%s'] * len(next(iter(rows.values()), ())))})"
    with connection.cursor() as cursor:
        for at in range(0, len(names), _ADDED_AT_ONCE):
            part = names[at : at + _ADDED_AT_ONCE]
            sql = f"{insert} VALUES {', '.join([row] * len(part))} ON CONFLICT DO NOTHING RETURNING id, "
            cursor.execute(
                sql + ", ".join(part[0].__struct_fields__), list(chain.from_iterable(rows[name] for name in part))
            )
            ids = {tuple(parts): int(row_id) for row_id, *parts in cursor.fetchall()}
            for name in part:
                row_id = ids.get(_parts(name))
                if row_id is None:
                    cursor.execute(find, _parts(name))
                    row_id = int(cursor.fetchone()[0])
                yield name, row_id


def _cut(name: Name, widths: tuple[int, ...]) -> Name:
    parts = [cut(part, width) for part, width in zip(_parts(name), widths, strict=True)]
    return type(name)(*parts)


def _parts(name: ActivityKey | Server) -> tuple[str, ...]:
    return tuple(getattr(name, part) for part in name.__struct_fields__)
