"""Operation: what was kept of one request or operation, and the path it took through apps and streams."""

from __future__ import annotations

from dataclasses import dataclass

from collector.models.activity import ActivityKey

#: How a hop ended; RUNNING: it began, and no end was kept; MISSING: the configs expect it, and nothing was kept of it.
DONE, FAILED, IGNORED, RUNNING, MISSING = "done", "failed", "ignored", "running", "missing"
#: Entries of one request that are looked at; a retry without an end has more.
MOST_ENTRIES = 2000


@dataclass(frozen=True, slots=True)
class PathEntry:
    """One line that was kept whole. Ids are "" where its line had none."""

    #: Unix seconds.
    timestamp_s: float
    #: A Status.
    status: int
    key: ActivityKey
    host_name: str
    pid: str
    #: None where the line does not say.
    duration_ms: float | None = None
    request_id: str = ""
    operation_id: str = ""
    message_id: str = ""
    #: Of a failure.
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One run on the path."""

    #: Node id of its event.
    node: str
    #: Node id of the stream it was read from; "" for none.
    stream: str = ""
    #: Place of the hop it follows from; None for the first ones.
    after: int | None = None
    #: DONE | FAILED | IGNORED | RUNNING | MISSING.
    status: str
    #: Unix seconds; 0 for what is missing.
    began_s: float = 0.0
    #: How long it ran, ms; None while it runs, or where nobody knows.
    ran_ms: float | None = None
    #: From the end of what it follows from (or, while that still ran, from its begin) to its own begin, ms.
    waited_ms: float | None = None
    host_name: str = ""
    pid: str = ""
    operation_id: str = ""
    message_id: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPath:
    """Where a request went."""

    request_id: str
    #: By when they began; what is missing last.
    hops: tuple[Hop, ...] = ()
    #: There were more entries than are looked at.
    is_cut: bool = False
    #: Other requests that the id it was found by stands for; the newest first.
    others: tuple[str, ...] = ()

    @property
    def seen(self) -> tuple[Hop, ...]:
        """What ran."""
        return tuple(hop for hop in self.hops if hop.status != MISSING)

    @property
    def is_failure_alone(self) -> bool:
        """Was the request not chosen to be kept whole, so that only its failures were?"""
        return bool(self.seen) and all(hop.status == FAILED and hop.ran_ms is None for hop in self.seen)

    @property
    def began_s(self) -> float:
        """When its first run began, unix seconds; 0 where nothing ran."""
        return min((hop.began_s for hop in self.seen), default=0.0)

    @property
    def took_ms(self) -> float:
        """From there to the last end that was kept."""
        began_s = self.began_s
        return max(((hop.began_s - began_s) * 1000 + (hop.ran_ms or 0.0) for hop in self.seen), default=0.0)
