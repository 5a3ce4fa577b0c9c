"""
Every event on the bus: frozen, one per wake-up and never per line. docs/bus-events.md is their reference; a test holds
it complete.
"""

from __future__ import annotations

from dataclasses import dataclass

from collector.models.haul import ParsedPart, SourceLines, StoredPart
from collector.models.log_span import LogSpan


@dataclass(frozen=True, slots=True)
class LinesRead:
    """Whole lines of some sources of one shard were read; each source's format makes a batch of its lines."""

    #: The lines, a part a source.
    parts: tuple[SourceLines, ...]
    #: Unix time when they were read, seconds.
    received_s: float


@dataclass(frozen=True, slots=True)
class BatchesParsed:
    """Formats have counted lines; a sink stores the batches."""

    #: The batches, a part a source.
    parts: tuple[ParsedPart, ...]


@dataclass(frozen=True, slots=True)
class ParseFailed:
    """A format broke on a span, or miscounted it; the source tries it in smaller parts, down to the line at fault."""

    #: Where the lines stand.
    span: LogSpan
    #: Class name and text of the error.
    error: str


@dataclass(frozen=True, slots=True)
class BatchesStored:
    """The sink has answers to batches; their sources go on from them. They may come in several of these events."""

    #: The answers, a part a source.
    parts: tuple[StoredPart, ...]


@dataclass(frozen=True, slots=True)
class StoreRecovered:
    """The store answers again after it did not; records may have moved meanwhile."""

    #: How long it was away, seconds.
    away_s: float


@dataclass(frozen=True, slots=True)
class SourceTruncated:
    """A file's content was truncated or rewritten; what follows is another source."""

    #: Id of the file before.
    file_id: str
    #: Its generation before.
    generation: int
    #: Where the file is.
    path: str
    #: Bytes that were gone before they could be read; a lower bound.
    lost_bytes: int


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """A file is gone and was read to its end."""

    #: Id of the file.
    file_id: str
    #: Its generation.
    generation: int
    #: Where it was last seen.
    path: str
    #: Bytes that were gone before they could be read; a lower bound.
    lost_bytes: int


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """What a host or a document declares has changed."""

    #: Base URL of the host, or address of the document.
    url: str
    #: Hash of the new content.
    content_hash: str


@dataclass(frozen=True, slots=True)
class HostUp:
    """A host answers, which it did not before."""

    #: Base URL of the host.
    url: str
    #: How long the answer took, ms.
    latency_ms: float


@dataclass(frozen=True, slots=True)
class HostDown:
    """A host does not answer, which it did before or which was never asked before."""

    #: Base URL of the host.
    url: str
    #: Why, for people: "connection refused".
    reason: str


@dataclass(frozen=True, slots=True)
class ListenerFailed:
    """A listener raised; the others have heard the event all the same."""

    #: Class name of the event it was given.
    event: str
    #: Which listener.
    listener: str
    #: Class name and text of its error.
    error: str


@dataclass(frozen=True, slots=True)
class LoopFailed:
    """A supervised loop ended with an error; it is started again after a pause."""

    #: Name of the application it belongs to.
    application: str
    #: Which loop.
    loop: str
    #: Class name and text of its error.
    error: str
    #: When it is started again, seconds from now.
    pause_s: float


#: All of them, in the order of the reference.
EVENTS = (
    LinesRead,
    BatchesParsed,
    ParseFailed,
    BatchesStored,
    StoreRecovered,
    SourceTruncated,
    SourceEnded,
    ConfigChanged,
    HostUp,
    HostDown,
    ListenerFailed,
    LoopFailed,
)
