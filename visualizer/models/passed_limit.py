"""PassedLimit: there were more names of a kind than are kept apart; those beyond are counted under one name."""

from __future__ import annotations

from dataclasses import dataclass

#: Dimensions of the limits.
APPS, EVENTS, APP_EVENTS, STREAMS = "apps", "events", "app_events", "streams"
QUEUES, CONSUMER_GROUPS, SERVERS, PROCESSES = "queues", "consumer_groups", "servers", "processes"


@dataclass(frozen=True, slots=True)
class PassedLimit:
    """One dimension, over all shards. Names are untrusted."""

    #: One of those above.
    dimension: str
    #: The app or stream the limit is one of; "" for limits of everything.
    within: str
    #: Names beyond it, an estimate.
    names_beyond: int
    #: App that brought most of them.
    offender: str
    #: Unix second of the newest line with such a name.
    last_s: int
