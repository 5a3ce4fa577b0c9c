"""Trouble: what the counts and failures of a node say goes wrong with messages, for its panel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something that came by again and again."""

    #: Id of the activity in SQL.
    activity_id: int
    #: Message id or request id.
    id: str
    #: How often, at least.
    times: int
    #: Unix seconds of the first and the last time that is kept.
    first_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class InStream:
    """How many of the messages that a group has not dealt with are still in the stream."""

    #: At most so many.
    most: int
    #: Is it exactly so many?
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that goes wrong."""

    #: What.
    headline: str
    #: What it rests on, and what to do.
    sentence: str
