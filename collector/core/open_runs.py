"""OpenRuns: which runs of a chunk begin and do not end in it, and which ended that had begun before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

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

    def lines(self) -> list[tuple[bytes, bytes]]:
        """Identity and line of each that stays open."""
        again = ((identity, line) for identity, lines in self.again.items() for line in lines)
        return [*self.opened.items(), *again]

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
        held = [(*place, runs) for place, runs in self._places.items() if runs.opened or runs.closed]
        started = [runs.lines() if runs.again else [*runs.opened.items()] for _, _, runs in held]
        told, room = [], MAX_BATCH_OPENED
        for lines in started:
            told.append(lines[: min(MAX_OPENED, room)])
            room -= len(told[-1])
        # At once: most places have one or two.
        hashes = iter(
            hash_runs([identity for lines in told for identity, _ in lines])
            + hash_runs([identity for _, _, runs in held for identity in runs.closed])
        )
        wheres = [(batch.key_index(key), batch.server_index(server)) for key, server, _ in held]
        for where, lines in zip(wheres, told, strict=True):
            for _, line in lines:
                timestamp_s, operation_id, request_id = read(line)
                batch.opened(OpenedRun(timestamp_s, *where, next(hashes), operation_id, request_id))
        room = MAX_BATCH_CLOSED
        for where, (_, _, runs), lines, shown in zip(wheres, held, started, told, strict=True):
            closed = sorted(islice(hashes, len(runs.closed)))
            closed_told = closed[: min(MAX_CLOSED, room)]
            room -= len(closed_told)
            if closed or len(shown) < len(lines):
                more = len(closed) - len(closed_told), len(lines) - len(shown)
                batch.other_runs(OtherRuns(*where, closed_told, *more))


def place_mark(key: ActivityKey, server: Server) -> int:
    """Tells places apart where runs of many are compared; 64 bits, another one in each process of ours."""
    return hash((key, server)) & 2**64 - 1
