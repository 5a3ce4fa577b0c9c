"""SavedMoment: what a file holds that shows the graph as it was without a server (static/js/saved/moments.js)."""

from __future__ import annotations

from typing import Any

import msgspec

from visualizer.models.frame import Frame


class SavedMember(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was wrong with what the graph shows, as part of the incident."""

    #: What it is about, as alerts name it (models/alert.py): a node, an edge, or an app.
    subject: str
    #: Id of the rule, and what was seen.
    rule: str
    words: str
    #: Unix seconds; until is 0 while it was going on.
    since_s: float
    until_s: float


class SavedMoment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment, or an incident from its beginning on. Nothing tells who saved it, or where from."""

    #: standard | expanded.
    view: str
    #: When it was saved, unix seconds.
    saved_s: int
    #: In order, never none; each holds until the next, the last for `step_s`.
    frames: list[Frame]
    step_s: int
    #: What the time bar tells of the time around it (interfaces/time_bar.py), without addresses.
    time: dict[str, Any]
    #: Of an incident: its title, and what was part of it; else nothing.
    title: str = ""
    members: list[SavedMember] = []
    #: The incident went on after the last frame.
    goes_on: bool = False
