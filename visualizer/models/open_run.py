"""Runs that began and did not end, as history keeps them: KeptOpen is the wire form of their blob in SQL."""

from __future__ import annotations

import msgspec

#: (activity id, server id).
Place = tuple[int, int]


class OpenRun(msgspec.Struct, frozen=True, array_like=True):
    """One of them."""

    #: Unix time of its START, seconds.
    began_s: float
    #: Hash of its ids (collector/core/run_identity.py).
    run: int
    #: Its ids, for people; "" when its line had none.
    operation_id: str = ""
    request_id: str = ""


class OpenPlace(msgspec.Struct, frozen=True, array_like=True):
    """Those of one activity on one process, in one source."""

    #: In the order in which they began.
    runs: tuple[OpenRun, ...] = ()
    #: How many more there are, of which nothing but the number is known.
    more: int = 0
    #: Unix time at which it changed last, seconds.
    changed_s: float = 0.0


class KeptOpen(msgspec.Struct, frozen=True, array_like=True):
    """A row of a source's blob."""

    activity_id: int
    server_id: int
    open: OpenPlace
