"""ProcessChange: the processes of an app are others than before, as their lines tell it."""

from __future__ import annotations

import msgspec

#: Kinds: as many came as went; some came, or went; they come and go, and none stays.
RESTART, MORE, FEWER, LOOP = "restart", "more", "fewer", "loop"


class ProcessChange(msgspec.Struct, frozen=True, kw_only=True):
    """Of one app, in one go. Names are untrusted."""

    #: RESTART | MORE | FEWER | LOOP.
    kind: str
    #: Keys of the app, with its versions, of those that went, and of those that came; sorted.
    before: tuple[str, ...]
    after: tuple[str, ...]
    #: Names of the hosts of those that came, where none did of those that went; sorted.
    hosts: tuple[str, ...]
    #: How many were replaced, came or went.
    count: int
    #: Unix seconds of the first and the last of it.
    at_s: float
    until_s: float
