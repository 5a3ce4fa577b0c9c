"""
Readers of settings: text (environment) or a TOML value → the value, or ValueError saying what was expected.

No message ever shows what came: it may be a secret in the wrong place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector.lib.secret import Secret

Reader = Callable[[Any], Any]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_DURATION_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def names(value: Any) -> tuple[str, ...]:
    """Texts separated by commas, or a list of texts."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("expected texts separated by commas")
    return tuple(part.strip() for part in parts if part.strip())


def names_in_table(key: str) -> Reader:
    """Texts separated by commas, or a table with a list of them under this key and nothing else."""

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, dict):
            if unknown := sorted(value.keys() - {key}):
                raise ValueError(f"expected {key} and nothing else in the table; unknown: {len(unknown)} of its names")
            value = value.get(key, [])
        return names(value)

    return read


def pairs(left: str, right: str) -> Reader:
    """left=right texts separated by commas, or a table of texts. Of several "=" the last one parts them."""

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, dict):
            value = [f"{key}={item}" if isinstance(item, str) else "" for key, item in value.items()]
        found = names(value) if isinstance(value, str) else tuple(value if isinstance(value, list) else [""])
        parted = [tuple(part.strip() for part in pair.rpartition("=")[::2]) for pair in found]
        wrong = [str(number) for number, sides in enumerate(parted, start=1) if not all(sides)]
        if wrong:
            raise ValueError(f"expected {left}={right} pairs separated by commas; broken: number {', '.join(wrong)}")
        return tuple("=".join(sides) for sides in parted)

    return read


def time_zone(value: Any) -> str:
    """A name of the time zone database, or nothing."""
    try:
        if value:
            ZoneInfo(value)
    except (ValueError, OSError, TypeError, AttributeError, ZoneInfoNotFoundError):
        raise ValueError("expected a time zone this machine knows, such as Europe/Berlin") from None
    return str(value)


def base_urls(value: Any) -> tuple[str, ...]:
    """http:// or https:// URLs, without a slash at their end."""
    urls = names(value)
    for url in urls:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("expected base URLs with http:// or https:// and a host, separated by commas")
        if parts.query or parts.fragment:
            raise ValueError("expected base URLs without ? and #")
    return tuple(url.rstrip("/") for url in urls)


def seconds(value: Any) -> float:
    """A duration with its unit, "90d" or "1.5 h", as seconds."""
    match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None or float(match[1]) <= 0:
        raise ValueError("expected a number above 0 with a unit: s, m, h, d or w, such as 90d")
    return float(match[1]) * _DURATION_UNITS_S[match[2]]


def integer(low: int, high: int) -> Reader:
    """A whole number from low to high."""

    def read(value: Any) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(text)

    return read


def numbers_by_name(known: Sequence[str]) -> Reader:
    """Texts like "apps=500", the names among the known ones, the numbers above 0."""

    def read(value: Any) -> tuple[str, ...]:
        texts = names(value)
        for text in texts:
            name, _, number = text.partition("=")
            if name.strip() not in known or not re.fullmatch(r"\s*[1-9][0-9]{0,8}", number):
                raise ValueError(f"expected name=number separated by commas, the names among {', '.join(known)}")
        return texts

    return read


def one_of(choices: Sequence[str]) -> Reader:
    """One of some words."""

    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return str(value)

    return read


def matching(pattern: str, expected: str) -> Reader:
    """A text that fits the pattern as a whole."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise ValueError(f"expected {expected}")
        return value

    return read


def folder(value: Any) -> Path:
    """A path."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("expected a path")
    return Path(value)


def secret(value: Any) -> Secret:
    """A text that is never shown."""
    if not isinstance(value, str):
        raise ValueError("expected a text")
    return Secret(value)


def secret_url(*schemes: str) -> Reader:
    """A URL of one of these schemes; never shown, as it may hold a password. Without schemes: any."""

    def read(value: Any) -> Secret:
        scheme = value.partition("://")[0] if isinstance(value, str) and "://" in value else ""
        if not scheme or (schemes and scheme not in schemes):
            raise ValueError(f"expected a URL with {' or '.join(f'{s}://' for s in schemes) or 'a scheme'}")
        return Secret(str(value))

    return read


def secret_urls(schemes: Sequence[str], *, options: str) -> Reader:
    """
    URLs of these schemes, separated by commas or white space, or a list of them; never shown, as they may hold
    passwords.

    Args:
        options: how the options begin that may stand behind the "?".
    """

    def read(value: Any) -> tuple[Secret, ...]:
        urls = names(",".join(value.split()) if isinstance(value, str) else value)
        wrong = [str(number) for number, url in enumerate(urls, start=1) if not _is_url(url, schemes, options)]
        if wrong:
            raise ValueError(
                f"expected URLs with {' or '.join(f'{s}://' for s in schemes)} and one host, options only {options}…, "
                f"separated by commas, in a password , as %2C, / as %2F and ; as %3B; broken: number {', '.join(wrong)}"
            )
        if len({url.partition("?")[0].rpartition("@")[2].rpartition("://")[2] for url in urls}) < len(urls):
            raise ValueError("expected one URL for each server and database; two lead to the same")
        return tuple(map(Secret, urls))

    return read


def _is_url(url: str, schemes: Sequence[str], options: str) -> bool:
    try:
        parts = urlsplit(url)
        has_place = bool(parts.path if parts.scheme == "unix" else parts.hostname and parts.port != 0)
        known = all(name.startswith(options) for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return False
    # Behind the host another URL would stand open, with its password: Celery takes several, parted by ";".
    is_one = not {";", "@"} & set(parts.netloc.rpartition("@")[2] + parts.path)
    return parts.scheme in schemes and has_place and known and is_one and not parts.fragment


def secret_addresses(*schemes: str) -> Reader:
    """Addresses as `secret_url` reads one, separated by commas, or a list of them."""
    one = secret_url(*schemes)

    def read(value: Any) -> tuple[Secret, ...]:
        return tuple(one(part) for part in names(value))

    return read


def base_url(value: Any) -> str:
    """One base URL, without a slash at its end."""
    urls = base_urls(value)
    if len(urls) != 1:
        raise ValueError("expected one base URL with http:// or https:// and a host")
    return urls[0]


def host_names(value: Any) -> tuple[str, ...]:
    """Host names; `*` is none."""
    hosts = names(value)
    if "*" in hosts:
        raise ValueError("expected host names: with * any page of the web could ask as you")
    return hosts


def tables(value: Any, name: str, *, section: str) -> list[Any]:
    """
    The items of a table {name: [...]}, or of the same as JSON text.

    Raises:
        ValueError: it is something else; what it is is not shown.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError(f"expected a JSON object with {name}") from None
    if not isinstance(value, dict) or set(value) != {name} or not isinstance(value[name], list):
        raise ValueError(f"expected tables [[{section}.{name}]] and nothing else")
    found: list[Any] = value[name]
    return found
