"""Checks what a browser wants to keep as a saved view."""

from __future__ import annotations

from math import isfinite
from urllib.parse import parse_qsl, urlencode

import msgspec

from visualizer.models.errors import BadSavedView
from visualizer.models.node_id import VIEWS
from visualizer.models.saved_view import FARTHEST_PX, MAX_NAME_CHARS, MAX_QUERY_CHARS, MOST_PINS, Look, Pins

#: Not of what is looked at: which saved view it was, and whether time stood still.
_LEFT_OUT = {"saved", "paused"}
_decode = msgspec.json.Decoder(Pins).decode


def read_name(text: str) -> str:
    """
    The name without space around it.

    Raises:
        BadSavedView: empty, too long, or with control characters.
    """
    name = text.strip()
    if not 1 <= len(name) <= MAX_NAME_CHARS or not name.isprintable():
        raise BadSavedView(f"A name has 1 to {MAX_NAME_CHARS} letters, this one {len(name)}, or some nobody can read.")
    return name


def read_look(query: str, pins: str) -> Look:
    """
    What is to be shown, from an address's query and pins as JSON.

    Raises:
        BadSavedView: one of them is too large, or not what the page sends.
    """
    if len(query) > MAX_QUERY_CHARS:
        raise BadSavedView(f"An address has at most {MAX_QUERY_CHARS:,} characters, this one {len(query):,}.")
    kept = [(name, value) for name, value in parse_qsl(query.removeprefix("?")) if name not in _LEFT_OUT]
    return Look(query=urlencode(kept), pins=_read_pins(pins))


def _read_pins(text: str) -> Pins:
    try:
        pins = _decode(text or "{}")
    except msgspec.DecodeError as exc:
        raise BadSavedView("Pins are places by node and app in each view, as the page sends them.") from exc
    places = [place for view in pins.values() for place in (*view.nodes.values(), *view.apps.values())]
    if not pins.keys() <= set(VIEWS):
        raise BadSavedView(f"Pins belong to one of the views {', '.join(VIEWS)}.")
    if len(places) > MOST_PINS:
        raise BadSavedView(f"A view has at most {MOST_PINS} pins, this one {len(places)}.")
    if not all(isfinite(px) and abs(px) <= FARTHEST_PX for place in places for px in place):
        raise BadSavedView("A pin is farther away than any graph is large.")
    return pins
