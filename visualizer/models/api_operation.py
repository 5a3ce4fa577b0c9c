"""What the API answers of one operation, and of two, as JSON (see visualizer/models/api_answer.py)."""

from __future__ import annotations

import msgspec


class OperationHop(msgspec.Struct, frozen=True, kw_only=True):
    """A run on the path of an operation."""

    #: Node id of its event.
    node: str
    #: What is written on it, and the key of its app.
    name: str
    app: str
    #: Node id of the stream it was read from; "" for none.
    stream: str
    #: Place of the hop it follows from, in hops; null for the first ones.
    after: int | None
    #: done | failed | ignored | running (no end was kept) | missing (a config expects it, and nothing was kept of it).
    status: str
    #: When it began; null for what is missing.
    began: float | None
    #: How long it ran, ms; null while it runs, and where nobody knows.
    ran_ms: float | None
    #: From the end of what it follows from (or, while that still ran, from its begin) to its own begin, ms.
    waited_ms: float | None
    #: Its process, as logged.
    host_name: str
    pid: str
    #: Its own ids; "" where its lines had none.
    operation_id: str
    message_id: str
    #: Why it failed, out of its log lines; "" else.
    cause: str
    #: All of it in words.
    words: str


class OperationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The path of one request through apps and streams."""

    #: Its request id, by whichever id it was found.
    id: str
    #: Other requests that the same id stands for, the newest first.
    others: tuple[str, ...]
    #: When its first run began.
    began: float
    #: From there to the last end that was kept, ms.
    took_ms: float
    #: How many runs have no end (yet), and how many a config expects of which nothing was kept.
    running: int
    missing: int
    #: By when they began; what is missing comes last.
    hops: tuple[OperationHop, ...]
    #: Only the first of its lines were looked at.
    is_cut: bool
    #: It was not chosen to be kept whole: its failures are all there is.
    is_failure_alone: bool
    #: Of so many requests one is kept whole now; 1: all are, 0: none is, null: not known.
    sampled_one_in: float | None
    #: All of it in a sentence.
    words: str


class OperationPair(msgspec.Struct, frozen=True, kw_only=True):
    """A hop of a and the same hop of b: of one event, read from one stream, on the same branch of the fan-out."""

    #: Places in a.hops and in b.hops; null: that one has no such hop.
    a: int | None
    b: int | None
    #: Place of the pair it follows from, in pairs; null for the first ones.
    after: int | None
    #: How many it follows from, one after the other.
    depth: int
    #: How much longer b ran, and waited, ms; null where one of them is not known.
    ran_more_ms: float | None
    waited_more_ms: float | None
    #: What of more_ms lies here, ms: in running, in waiting.
    of_ran_ms: float
    of_waited_ms: float
    #: All of it in words.
    words: str


class OperationComparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two operations, hop by hop. Each moment of either counts at one hop: the parts of the difference add up to it."""

    #: The two.
    a: OperationReport
    b: OperationReport
    #: How much longer b took, ms; negative: less.
    more_ms: float
    #: What of it lies before runs of which nobody knows what set them off, ms.
    unknown_ms: float
    #: What a pair follows from stands before it.
    pairs: tuple[OperationPair, ...]
    #: Where the time went, in a sentence or two.
    words: str
    #: Where they part: a sentence each, in order.
    partings: tuple[str, ...]
    #: What these numbers do not say: a sentence each.
    unknowns: tuple[str, ...]
