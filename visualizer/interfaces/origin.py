"""
Who may open a socket: pages of our own. Browsers send cookies with any page's handshake and do not keep an answer from
it, so the Origin header is all there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http.request import split_domain_port, validate_host

Headers = Iterable[tuple[bytes, bytes]]
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def may_connect(
    headers: Headers, *, is_tls: bool, allowed_hosts: Sequence[str], trusted_origins: Sequence[str]
) -> bool:
    """
    Is the one Origin exactly our own (scheme, host and port of this request, whose host must be allowed), or one that
    is trusted by name? A page without an origin ("null") and a client that sends none are nobody.
    """
    origin, host = _only(headers, b"origin"), _only(headers, b"host")
    if not origin or not host or origin == "null":
        return False
    if origin in trusted_origins:
        return True
    # Else a name that an attacker points at us would be "own", too (DNS rebinding).
    return validate_host(split_domain_port(host)[0], list(allowed_hosts)) and origin == _own_origin(host, is_tls=is_tls)


def _own_origin(host: str, *, is_tls: bool) -> str:
    scheme = "https" if is_tls else "http"
    return f"{scheme}://{host.lower().removesuffix(_DEFAULT_PORTS[scheme])}"


def _only(headers: Headers, name: bytes) -> str:
    """The header's value; "" when it is missing, stands twice or is no ASCII."""
    values = [value for key, value in headers if key == name]
    return values[0].decode("ascii") if len(values) == 1 and values[0].isascii() else ""
