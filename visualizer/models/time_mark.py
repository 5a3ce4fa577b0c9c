"""TimeMark: something that happened at a time, as time in the page marks it."""

from __future__ import annotations

import msgspec

from visualizer.models.kept_topology import KeptApp

#: Kinds of a TimeMark: an app runs in another version; a host declares something else, is new or gone; what is drawn
#: changed by what was seen; people were told that something was wrong; processes were replaced; there are more or fewer
#: of them; they come and go, and none stays.
DEPLOY = "deploy"
CONFIG = "config"
SEEN = "seen"
INCIDENT = "incident"
RESTART = "restart"
SCALED = "scaled"
LOOP = "loop"


class TimeMark(msgspec.Struct, frozen=True, kw_only=True):
    """One of them."""

    #: DEPLOY | CONFIG | SEEN | INCIDENT | RESTART | SCALED | LOOP.
    kind: str
    #: Unix seconds; until is 0 while an incident is open, and at_s of what has no length.
    at_s: float
    until_s: float
    #: What happened, for people.
    words: str
    #: Number of the topology's version, or an incident's key, or an app's.
    about: str
    #: Of an incident or a loop; "" of others.
    severity: str = ""
    #: Subject (models/alert.py) of an incident's root; "" of others.
    root: str = ""


class Deploy(msgspec.Struct, frozen=True, kw_only=True):
    """An app that runs in other versions than before."""

    #: As configured.
    name: str
    #: Its versions then and now, sorted; several when they ran side by side.
    before: tuple[KeptApp, ...]
    after: tuple[KeptApp, ...]
