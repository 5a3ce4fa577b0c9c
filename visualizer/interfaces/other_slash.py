"""Addresses with a slash too few or too many at their end: who looks is sent to the right one, who sends is told it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import escape_leading_slashes

#: Takes whatever begins with /api/, whether there is something or not.
_ANYTHING = "api"


def other_slash(path: str) -> str:
    """The same with the slash at its end, or without it."""
    return path.removesuffix("/") if path.endswith("/") else f"{path}/"


def right_address(request: HttpRequest) -> str:
    """The address with the other end, its query included, where there is something; "" where there is nothing."""
    try:
        is_there = resolve(other_slash(request.path_info)).url_name != _ANYTHING
    except Resolver404:
        is_there = False
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    address = escape_leading_slashes(escape_uri_path(other_slash(request.path)))
    return address + (f"?{query}" if query else "") if is_there else ""


def lead_there(request: HttpRequest, address: str) -> HttpResponseRedirect | None:
    """
    For who looks; nobody who sends something is led on, as what was sent would be lost. Not for ever: browsers keep
    that, and another day another server may stand behind localhost:8000.
    """
    return HttpResponseRedirect(address) if address and request.method in ("GET", "HEAD") else None
