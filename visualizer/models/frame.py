"""Frame and Reel: the graph at several moments that follow each other, for a replay."""

from __future__ import annotations

import msgspec

from visualizer.models.delta import Delta


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The graph at one moment."""

    #: Unix second it is of.
    at_s: int
    #: What its numbers are of, unix seconds.
    from_s: int
    until_s: int
    #: The topology: what has the same calls things by the same numbers (`n`), in every answer.
    drawn: str
    #: What turns the frame before into it; of the first: everything, with `reset`.
    delta: Delta


class Reel(msgspec.Struct, frozen=True, kw_only=True):
    """Frames of one view, `step_s` apart."""

    step_s: int
    frames: list[Frame]
    #: The newest time of which there can be a frame, and the server's clock; unix seconds.
    newest_s: int
    now_s: float
