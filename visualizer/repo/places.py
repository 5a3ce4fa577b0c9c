"""Keeps where everything of a view stands, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import msgspec
from django.db import IntegrityError, transaction

from visualizer.models.layout import Layout
from visualizer.repo.drawn_models import DrawnPlaces

_decode = msgspec.json.Decoder(Layout).decode
NOWHERE = Layout(nodes={}, apps={})


@dataclass(frozen=True, slots=True)
class KeptPlaces:
    """The places of a view as they are kept."""

    #: Where everything stands, and where stood what went away lately.
    layout: Layout = NOWHERE
    #: The places before the last tidying; None when there is nothing to take back.
    before_tidy: Layout | None = None
    #: Names this state; "" when nothing was ever kept.
    stamp: str = ""


def read_stamp(view: str) -> str:
    """
    The stamp alone: cheap.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    return DrawnPlaces.objects.filter(view=view).values_list("stamp", flat=True).first() or ""


def read_places(view: str) -> KeptPlaces:
    """
    The places of a view; none before the first.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    row = DrawnPlaces.objects.filter(view=view).first()
    if row is None:
        return KeptPlaces()
    return KeptPlaces(_layout(row.places) or NOWHERE, _layout(row.before_tidy), row.stamp)


def keep_places(view: str, layout: Layout, *, was: KeptPlaces, before_tidy: Layout | None) -> str:
    """
    Keep places that were made from `was`.

    Returns:
        The new stamp; the same one for the same places. "" when somebody else has kept others since: nothing is kept.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    places = msgspec.json.encode(layout)
    stamp = sha256(places).hexdigest()[:16]
    if stamp == was.stamp and before_tidy == was.before_tidy:
        return stamp
    values = {
        "stamp": stamp,
        "places": places.decode(),
        "before_tidy": msgspec.json.encode(before_tidy).decode() if before_tidy else "",
    }
    if was.stamp:
        return stamp if DrawnPlaces.objects.filter(view=view, stamp=was.stamp).update(**values) else ""
    try:
        with transaction.atomic():
            DrawnPlaces.objects.create(view=view, **values)
    except IntegrityError:
        return ""
    return stamp


def _layout(text: str) -> Layout | None:
    """None when there is none, or it was written by another version."""
    try:
        return _decode(text) if text else None
    except msgspec.DecodeError:
        return None
