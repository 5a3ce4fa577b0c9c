"""URLs as they may be shown: without the name and password in them."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def without_userinfo(url: str, *, mask: str = "") -> str:
    """The URL with what stands before its host gone, or this mask in its place."""
    if "@" not in url:
        return url
    parts = urlsplit(url)
    before, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=mask + host)) if before else url


def without_options(url: str) -> str:
    """The same without its query and fragment, too: brokers take passwords there."""
    return without_userinfo(urlunsplit(urlsplit(url)._replace(query="", fragment="")))
