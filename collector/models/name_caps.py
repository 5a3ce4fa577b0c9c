"""NameCaps: how many names of each kind are kept apart. Names in logs are somebody else's choice; memory is ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCaps:
    """The most names of each kind."""

    apps: int = 2000
    #: What is counted by: apps' events with their kind, stream, queue and consumer group, in all.
    events: int = 100_000
    #: Events of one app.
    app_events: int = 2000
    streams: int = 5000
    #: Of one stream.
    queues: int = 200
    #: Of one stream.
    consumer_groups: int = 200
    #: Host names with a process id.
    servers: int = 20_000
    #: Of one app, that were seen within a day.
    processes: int = 1000

    @classmethod
    def of(cls, texts: Iterable[str]) -> NameCaps:
        """From texts like "apps=500"; the rest as it is."""
        return cls(**{name.strip(): int(number) for name, _, number in (text.partition("=") for text in texts)})


CAPPED = tuple(field.name for field in fields(NameCaps))
