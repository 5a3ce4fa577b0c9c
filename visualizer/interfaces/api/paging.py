"""Pages of lists, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.http import HttpRequest

from visualizer.models.api_answer import Page

T = TypeVar("T")


def page_of(request: HttpRequest, items: Sequence[T], *, page: int, limit: int) -> Page[T]:
    """The page of a list that is asked for."""
    first = (page - 1) * limit
    shown = tuple(items[first : first + limit])
    has_next = first + limit < len(items)
    return Page(items=shown, total=len(items), next=address(request, page=page + 1) if has_next else None)


def address(request: HttpRequest, **changes: object) -> str:
    """The path that was asked for, with some parameters changed."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"
