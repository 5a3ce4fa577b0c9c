"""
What the API answers, as JSON. The OpenAPI document is made from these types: the docstring says what a thing is, a
field's `#:` line what the field is. Times are unix seconds. Texts are untrusted: names out of configs and logs.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from visualizer.models.evidence import CONFIRMED
from visualizer.models.topology import App, Edge, Node
from visualizer.models.topology_diff import BehaviourChange, Change

T = TypeVar("T")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong (RFC 9457)."""

    #: "about:blank": the title says it all.
    type: str = "about:blank"
    #: The name of the status.
    title: str
    #: The HTTP status.
    status: int
    #: What was expected, and what came.
    detail: str
    #: The path that was asked for.
    instance: str


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A part of a list."""

    #: In order.
    items: tuple[T, ...]
    #: How many there are in all.
    total: int
    #: Where the next page is; null: this is the last.
    next: str | None


class JudgedEdge(Edge, frozen=True, kw_only=True):
    """A directed connection, and what it rests on."""

    #: confirmed | never | quiet | undeclared | dangling | skewed.
    state: str = CONFIRMED


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """One view of what is connected."""

    #: standard | expanded.
    view: str
    #: Changes with what is connected and with the places; "" before the first.
    version: str
    #: Apps.
    apps: tuple[App, ...]
    #: What apps consist of, streams, and what is outside.
    nodes: tuple[Node, ...]
    #: Lines between nodes.
    edges: tuple[JudgedEdge, ...]
    #: What could not be used, in words.
    warnings: tuple[str, ...]


class DriftRow(msgspec.Struct, frozen=True, kw_only=True):
    """An edge on which declared and observed do not agree."""

    #: The line.
    edge: Edge
    #: dangling | skewed | undeclared | quiet | never.
    state: str
    #: How sure it is that something differs, 0 … 1.
    confidence: float
    #: What is the matter, what that rests on, and what to do.
    cause: str
    proof: str
    advice: str
    #: When it was seen first and last; 0 for never.
    first_s: int
    last_s: int
    #: How often it was seen.
    count: int
    #: Somebody takes it for normal.
    accepted: bool
    #: It wants an answer.
    asks: bool


class Diff(Page[Change], frozen=True, kw_only=True):
    """What is otherwise between two topologies: a page of changes."""

    #: standard | expanded.
    view: str
    #: What was compared, in words.
    before: str
    after: str
    #: How what the changes touch ran before and after.
    behaviour: tuple[BehaviourChange, ...]
    #: What could not be read, in words.
    warnings: tuple[str, ...]


class BlastRow(msgspec.Struct, frozen=True, kw_only=True):
    """A node that suffers, or that could be the cause."""

    #: Node id.
    id: str
    #: What is written on it.
    name: str
    #: Key of its app.
    app: str
    #: now | later.
    when: str
    #: Why, in words.
    words: str


class Blast(Page[BlastRow], frozen=True, kw_only=True):
    """Who suffers, or what could be the cause, the nearest first."""

    #: Of what it is.
    name: str
    #: All of it in a sentence.
    words: str
    #: Ids of the nodes it begins at.
    starts: tuple[str, ...]


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A polled host, or what another system watches, such as a proxy's remote or a Celery worker."""

    #: Base URL as configured; of what another system watches, what it is called.
    url: str
    #: ALIVE | ERROR | UNKNOWN.
    status: str
    #: Why not ALIVE, in words.
    reason: str
    #: Since when the status holds, and when it was last asked.
    since_s: float
    polled_s: float
    #: How long its answer took, ms; null while nothing answered.
    latency_ms: float | None
    #: Version of its API.
    api_version: str


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A log file, or a source that is none."""

    #: Where it was last seen; a URL of what is no file.
    path: str
    #: "" for a file, else what asks it, harp or celery: then sizes are messages.
    kind: str
    #: unreadable | unknown format | waiting | not followed | gone | reading | quiet | rests.
    state: str
    #: Why, in words; "" for nothing.
    reason: str
    #: Id of the collector that reads it; "" when nobody does.
    collector: str
    #: Its size, how far it is shipped, and complete lines that are not yet, bytes.
    size_bytes: int
    offset: int
    lag_bytes: int
    #: Since when the oldest of them wait; 0 when nothing waits.
    behind_since_s: float
    #: Over the last 10 s.
    lines_per_s: float
    #: What reads it; "" before the first line.
    format: str
    #: Bytes that were gone before they could be read, a lower bound.
    lost_bytes: int
    #: The newest line's own time; 0 while none was shipped.
    last_line_s: float
