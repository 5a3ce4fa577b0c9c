"""
Runs that began in a batch and did not end in it, and runs that ended in it and had begun before: what is stuck, and for
how long, is made of these.

A run is known by its file, its activity, its process and a hash of its own ids (collector/core/run_identity.py): an
operation id alone is handed on from caller to callee.
"""

from __future__ import annotations

import msgspec


class OpenedRun(msgspec.Struct, array_like=True):
    """A run that a batch opens and does not close. Texts are redacted and cut."""

    #: Unix time of its START, seconds.
    timestamp_s: float
    #: Index into LogBatch.keys.
    key: int
    #: Index into LogBatch.servers.
    server: int
    #: run_hash() of its ids.
    run: int
    #: Its ids, for people; empty when its line has none.
    operation_id: str = ""
    request_id: str = ""


class OtherRuns(msgspec.Struct, array_like=True):
    """
    What else a batch opens, and what it closes, of one key on one server. What it closes was opened by batches before;
    it is applied before what it opens.
    """

    #: Index into LogBatch.keys.
    key: int
    #: Index into LogBatch.servers.
    server: int
    #: run_hash() of runs that it closes, the lowest first, as often as it closes them.
    closed: list[int]
    #: Runs that it closes beside them: none of a lower hash than the last of `closed`.
    more_closed: int = 0
    #: Runs that it opens beside those that are told.
    more_opened: int = 0
