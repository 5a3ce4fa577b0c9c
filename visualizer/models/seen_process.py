"""SeenProcess: a process that ran an app, and when its lines say it did. What is told of restarts is made of these."""

from __future__ import annotations

from typing import NamedTuple

from collector.models.activity import OTHER, Server

#: Kept for so long after they were seen last.
PROCESSES_S = 90 * 86400
#: What the totals of those that are over for longer are counted as: nothing runs there.
LONG_GONE = Server(OTHER, "gone")


def name_of(app: str) -> str:
    """Of the key of an app, "shop.1x0": what it is called whatever the version."""
    return app.partition(".")[0]


class ProcessSight(NamedTuple):
    """What a tick adds to one process. Times are unix seconds."""

    #: Key of the app: "shop.1x0".
    app: str
    #: Id of the server.
    server: int
    #: Of the first and the newest line.
    first_s: int
    last_s: int
    #: The longest way from one 10 s slot in which it was seen to the next, and how many slots there are.
    gap_s: int
    slots: int


class SeenProcess(NamedTuple):
    """One process, over all shards. Times are unix seconds, last_s to 10 s."""

    app: str
    server: Server
    first_s: int
    last_s: int
    gap_s: int
    slots: int

    @property
    def name(self) -> str:
        """Of its app, whatever the version."""
        return name_of(self.app)

    @property
    def lived_s(self) -> int:
        """From its first to its newest line."""
        return self.last_s - self.first_s

    @property
    def pace_s(self) -> float:
        """From one slot with a line to the next, on average; 0 where there is one."""
        return self.lived_s / max(1, self.slots - 1)
