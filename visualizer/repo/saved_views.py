"""Keeps saved views: one sees one's own and the shared ones, and changes one's own."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

import msgspec
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from visualizer.models.errors import BadSavedView
from visualizer.models.saved_view import MOST_VIEWS, Look, Pins, SavedView
from visualizer.repo import drawn_models

_SLUG_BYTES = 9
_decode = msgspec.json.Decoder(Pins).decode


def read_views(user_id: int) -> list[SavedView]:
    """What a person sees, one's own first, by name. Raises: django.db.DatabaseError."""
    rows = _seen_by(user_id).order_by(Lower("name"), "id")
    views = [_view(row, user_id) for row in rows]
    return sorted(views, key=lambda view: not view.is_mine)


def read_view(slug: str, user_id: int) -> SavedView | None:
    """One of those a person sees. Raises: django.db.DatabaseError."""
    row = _seen_by(user_id).filter(slug=slug).first()
    return _view(row, user_id) if row else None


def add_view(user_id: int, name: str, look: Look, *, is_shared: bool) -> str:
    """
    Keep a new view; returns its slug.

    Raises:
        BadSavedView: this person has too many.
        django.db.DatabaseError: the database does not answer.
    """
    if drawn_models.SavedView.objects.filter(owner_id=user_id).count() >= MOST_VIEWS:
        raise BadSavedView(f"You have {MOST_VIEWS} views, and no room for another: delete one first.")
    slug = token_urlsafe(_SLUG_BYTES)
    drawn_models.SavedView.objects.create(slug=slug, owner_id=user_id, name=name, is_shared=is_shared, **_columns(look))
    return slug


def change_view(
    slug: str, owner_id: int, *, name: str | None = None, is_shared: bool | None = None, look: Look | None = None
) -> bool:
    """
    Change what is given of a person's own view.

    Returns:
        Whether there is such a view of this person.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    given: dict[str, Any] = {"name": name, "is_shared": is_shared, **(_columns(look) if look else {})}
    changes = {column: value for column, value in given.items() if value is not None}
    return bool(drawn_models.SavedView.objects.filter(slug=slug, owner_id=owner_id).update(**changes))


def delete_view(slug: str, owner_id: int) -> bool:
    """Forget a person's own view; returns whether there was one. Raises: django.db.DatabaseError."""
    return bool(drawn_models.SavedView.objects.filter(slug=slug, owner_id=owner_id).delete()[0])


def _seen_by(user_id: int) -> QuerySet[drawn_models.SavedView]:
    return drawn_models.SavedView.objects.select_related("owner").filter(Q(owner_id=user_id) | Q(is_shared=True))


def _columns(look: Look) -> dict[str, str]:
    return {"query": look.query, "pins": msgspec.json.encode(look.pins).decode()}


def _view(row: drawn_models.SavedView, user_id: int) -> SavedView:
    try:
        pins = _decode(row.pins)
    except msgspec.DecodeError:  # by another version
        pins = {}
    return SavedView(
        slug=row.slug,
        name=row.name,
        owner=row.owner.get_username(),
        is_mine=row.owner_id == user_id,
        is_shared=row.is_shared,
        look=Look(query=row.query, pins=pins),
    )
