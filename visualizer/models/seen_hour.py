"""SeenHour: when something was seen within one hour. Many of them are what usual gaps are learnt from."""

from __future__ import annotations

from typing import NamedTuple

HOUR_S = 3600
#: What was seen is told in steps of so many seconds, as buckets are.
SLOT_S = 10


class Pair(NamedTuple):
    """What may be seen: an activity's runs, or the calls of one activity to another. Ids are the tables'."""

    #: Id of the activity that ran or was called.
    activity: int
    #: Id of the activity that called; 0 for runs, whoever set them off.
    caller: int = 0


class SeenHour(NamedTuple):
    """One hour of one pair. Times are the starts of 10 s slots, unix seconds."""

    #: When the hour begins.
    start_s: int
    #: The first and the last slot in it in which something was seen.
    first_s: int
    last_s: int
    #: The longest way from one such slot to the next; 0 where there is one.
    gap_s: int
