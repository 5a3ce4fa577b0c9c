"""Which machines may ask for what is not for people: those that know a token, and this one."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from secrets import compare_digest

from collector.lib.secret import Secret

#: Headers of a proxy: behind one, everybody comes from loopback.
_PROXIED = frozenset({"x-forwarded-for", "forwarded", "x-real-ip", "via"})


def may_ask(*, token: Secret | None, authorization: str, header_names: Collection[str], address: str) -> bool:
    """
    Does it show the bearer token, or come from loopback without a proxy?

    Args:
        header_names: of the request, in small letters.
        address: of the peer; "" when it is not known.
    """
    given = bearer_token(authorization)
    if token and given and compare_digest(given.encode(), token.get_secret_value().encode()):
        return True
    if not _PROXIED.isdisjoint(header_names):
        return False
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def bearer_token(authorization: str) -> str:
    """What the header's value shows; "" for another scheme."""
    scheme, _, given = authorization.partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""
