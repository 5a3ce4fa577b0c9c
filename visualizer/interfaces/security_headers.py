"""
Headers of every response. The Content-Security-Policy follows Django 6.0's names (SECURE_CSP, csp_nonce), so that
this middleware goes away with the upgrade.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Stands in SECURE_CSP where the response's nonce goes.
NONCE = "<CSP_NONCE_SENTINEL>"
#: 144 bits.
NONCE_BYTES = 18
OTHER_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a nonce for the request, the policy and the other headers for its response."""

    def middleware(request: HttpRequest) -> HttpResponse:
        nonce = token_urlsafe(NONCE_BYTES)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = get_response(request)
        # A file that is saved has a stricter one.
        response.headers.setdefault("Content-Security-Policy", policy(settings.SECURE_CSP, nonce=nonce))
        for name, value in OTHER_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def policy(directives: dict[str, list[str]], *, nonce: str) -> str:
    """The header's value."""
    return "; ".join(
        " ".join([name, *(f"'nonce-{nonce}'" if value == NONCE else value for value in values)])
        for name, values in directives.items()
    )


def csp(request: HttpRequest) -> dict[str, str]:
    """Context processor: the nonce, for our import map and for django-htmx."""
    return {"csp_nonce": request.csp_nonce}  # type: ignore[attr-defined]
