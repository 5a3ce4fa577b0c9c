"""OpenRuns: which runs of a small chunk begin and do not end in it, and which ended that had begun before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from collector.core.batch_builder import Route
from collector.core.left_runs import LeftRuns
from collector.core.run_identity import hash_runs
from collector.models.activity import ActivityKey, Server
from collector.models.count_table import ActivityCount


class PlaceRuns:
    """Runs of one activity on one process, by what tells them apart (collector/core/run_identity.py)."""

    __slots__ = ("again", "closed", "key", "mark", "opened", "server")

    def __init__(self, key: int, server: int, mark: int) -> None:
        """
        Args:
            key: index into those of the batch; so is `server`.
            mark: place_mark() of both.
        """
        self.key = key
        self.server = server
        self.mark = mark
        #: Identity → offset of its START in the source.
        self.opened: dict[bytes, int] = {}
        #: The same of those that began again before they ended, in order.
        self.again: dict[bytes, list[int]] = {}
        #: Identities of runs that ended and had begun before the chunk.
        self.closed: list[bytes] = []

    def open(self, identity: bytes, offset: int) -> None:
        """A run begins."""
        if identity in self.opened:
            self.again.setdefault(identity, []).append(offset)
        else:
            self.opened[identity] = offset

    def starts(self) -> list[tuple[bytes, int]]:
        """Identity and offset of each that stays open."""
        again = ((identity, offset) for identity, offsets in self.again.items() for offset in offsets)
        return [*self.opened.items(), *again]

    def close(self, identity: bytes) -> None:
        """A run ends: of equal ones the one that began last."""
        if self.again and identity in self.again:
            offsets = self.again[identity]
            offsets.pop()
            if not offsets:
                del self.again[identity]
        elif self.opened.pop(identity, None) is None:
            self.closed.append(identity)


class OpenRuns:
    """Of one chunk."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, int], PlaceRuns] = {}

    def of(self, count: ActivityCount, route: Route) -> PlaceRuns:
        """Those that are counted there."""
        place = self._places.get((count.key, count.server))
        if place is None:
            place = PlaceRuns(count.key, count.server, place_mark(route.key, route.server))
            self._places[count.key, count.server] = place
        return place

    def left(self) -> Iterator[LeftRuns]:
        """What the chunk leaves."""
        held = [runs for runs in self._places.values() if runs.opened or runs.closed]
        started = [runs.starts() if runs.again else [*runs.opened.items()] for runs in held]
        # At once: most places have one or two.
        identities: list[bytes] = []
        for runs, starts in zip(held, started, strict=True):
            identities += [identity for identity, _ in starts]
            identities += runs.closed
        hashes = iter(hash_runs(identities))
        for runs, starts in zip(held, started, strict=True):
            opened = [(next(hashes), offset) for _, offset in starts]
            yield LeftRuns(runs.key, runs.server, opened, [*islice(hashes, len(runs.closed))])


def place_mark(key: ActivityKey, server: Server) -> int:
    """Tells places apart where runs of many are compared; 64 bits, another one in each process of ours."""
    return hash((key, server)) & 2**64 - 1
