"""A saved view: what somebody looks at, under a name."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

#: What one person may keep, and what of it; a form is 64 KiB at most.
MOST_VIEWS = 200
MAX_NAME_CHARS = 80
MAX_QUERY_CHARS = 8_000
MOST_PINS = 500
#: Nobody's graph is larger, CSS pixels.
FARTHEST_PX = 10_000_000.0


class ViewPins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody put somewhere by hand in one view: left, top, CSS pixels."""

    #: By node id.
    nodes: dict[str, tuple[float, float]] = {}
    #: By app key.
    apps: dict[str, tuple[float, float]] = {}


#: By view, standard | expanded.
Pins = dict[str, ViewPins]


@dataclass(frozen=True, slots=True)
class Look:
    """What a saved view shows."""

    #: The graph page's address without "?": filters, find, focus, folding, where one looks.
    query: str
    #: What stands elsewhere than by the layout.
    pins: Pins


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved view, as one person sees it."""

    #: In its address.
    slug: str
    #: For people.
    name: str
    #: User name of who made it.
    owner: str
    #: Is it this person's, to be changed?
    is_mine: bool
    #: Does everybody see it?
    is_shared: bool
    #: What it shows.
    look: Look
