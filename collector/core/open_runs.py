"""OpenRuns: which runs of a chunk begin and do not end in it, and which ended that had begun before."""

from __future__ import annotations

from collections.abc import Callable

from collector.core.batch_builder import BatchBuilder
from collector.core.run_identity import hash_runs
from collector.models.activity import ActivityKey, Server
from collector.models.open_run import OpenedRun, OtherRuns

#: Told of one key on one server; of what is beyond only the number is. Those that end are told by 9 bytes each.
MAX_OPENED, MAX_CLOSED = 64, 512
#: The same of a whole batch: with all else it stays below a payload's 256 KiB.
MAX_BATCH_OPENED, MAX_BATCH_CLOSED = 256, 4096
#: A START's line → unix time, operation id and request id, as they are shown.
ReadStart = Callable[[bytes], tuple[float, str, str]]


class PlaceRuns:
    """Runs of one activity on one process, by what tells them apart (collector/core/run_identity.py)."""

    __slots__ = ("again", "closed", "mark", "opened")

    def __init__(self, mark: int) -> None:
        """Args: mark: place_mark() of what it counts."""
        self.mark = mark
        #: Identity → line of its START.
        self.opened: dict[bytes, bytes] = {}
        #: The same of those that began again before they ended, in order.
        self.again: dict[bytes, list[bytes]] = {}
        #: Identities of runs that ended and had begun before the chunk.
        self.closed: list[bytes] = []

    def open(self, identity: bytes, line: bytes) -> None:
        """A run begins."""
        if identity in self.opened:
            self.again.setdefault(identity, []).append(line)
        else:
            self.opened[identity] = line

    def close(self, identity: bytes) -> None:
        """A run ends: of equal ones the one that began last."""
        if self.again and identity in self.again:
            lines = self.again[identity]
            lines.pop()
            if not lines:
                del self.again[identity]
        elif self.opened.pop(identity, None) is None:
            self.closed.append(identity)


class OpenRuns:
    """Of one chunk."""

    def __init__(self) -> None:
        self._places: dict[tuple[ActivityKey, Server], PlaceRuns] = {}

    def of(self, key: ActivityKey, server: Server) -> PlaceRuns:
        """Those that are counted there."""
        place = self._places.get((key, server))
        if place is None:
            place = self._places[key, server] = PlaceRuns(place_mark(key, server))
        return place

    def give_to(self, batch: BatchBuilder, read: ReadStart) -> None:
        """Tell the batch, as far as there is room; of the rest the number."""
        room_opened, room_closed = MAX_BATCH_OPENED, MAX_BATCH_CLOSED
        for (key, server), place in self._places.items():
            if not (place.opened or place.closed):
                continue
            where = batch.key_index(key), batch.server_index(server)
            lines = [*place.opened.items()]
            lines += [(identity, line) for identity, lines in place.again.items() for line in lines]
            told = lines[: min(MAX_OPENED, room_opened)]
            for run, (_, line) in zip(hash_runs([identity for identity, _ in told]), told, strict=True):
                timestamp_s, operation_id, request_id = read(line)
                batch.opened(OpenedRun(timestamp_s, *where, run, operation_id, request_id))
            closed = sorted(hash_runs(place.closed))
            closed_told = closed[: min(MAX_CLOSED, room_closed)]
            room_opened -= len(told)
            room_closed -= len(closed_told)
            if closed or len(told) < len(lines):
                more = len(closed) - len(closed_told), len(lines) - len(told)
                batch.other_runs(OtherRuns(*where, closed_told, *more))


def place_mark(key: ActivityKey, server: Server) -> int:
    """Tells places apart where runs of many are compared; 64 bits, another one in each process of ours."""
    return hash((key, server)) & 2**64 - 1
