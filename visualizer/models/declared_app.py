"""What one app declares, whichever kind of document says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from visualizer.models.runtime_config import ReadStream, WriteStream


@dataclass(frozen=True, slots=True)
class DeclaredEvent:
    """One event of an app."""

    #: Without its app: "POST /orders", "onOrder".
    name: str
    #: One of EVENT_TYPES.
    type: str
    #: JSON pointer to where it is declared: "#/operations/onOrder".
    place: str
    #: What it consumes.
    reads: tuple[ReadStream, ...] = ()
    #: Where its messages go.
    writes: tuple[WriteStream, ...] = ()
    #: The path of a request; "" for others.
    route: str = ""
    #: What else people may want to know: "messages" → "Order".
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeclaredApp:
    """One app, as one document has it."""

    #: "billing.1.4.2".
    key: str
    #: As the document has it.
    name: str
    #: As the document has it.
    version: str
    #: One of DOCUMENT_KINDS.
    kind: str
    #: Names are unique.
    events: tuple[DeclaredEvent, ...] = ()
    #: Findings of the linter that the document says are meant.
    accepted: tuple[str, ...] = ()
