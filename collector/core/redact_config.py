"""
Secrets out of a host's runtime config, leaving what the graph is made of.

By default a text is hidden when its name, or the name of anything around it, looks secret, and redact_text goes over
everything else. Names that people give to apps, events and connections ("token_refresh") say nothing of what is
below them, and are known by their place in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.core.redact import Mark, is_marked, is_secret_name, keyed_mark, redact_text

#: Where the keys are names that people gave ("*" is any of them).
_NAMED_BY_PEOPLE = frozenset(
    {
        ("apps",),
        ("apps", "*", "app_config", "app_connections"),
        ("apps", "*", "app_config", "events"),
        ("apps", "*", "effective_events"),
        ("server_status",),
    }
)
#: Lists of names of settings, under a name that looks secret.
_LISTS_OF_NAMES = frozenset({"setting_keys"})
#: The words of hopeit's `auth` lists and of `server_status`: needed, and no secrets wherever they stand.
_KEPT_WORDS = frozenset({"Unsecured", "Basic", "Bearer", "Refresh", "ALIVE", "ERROR"})
#: A number is as good as a text under these: {"password": 12345678}.
_NUMBERS_TOO = ("password", "passwd", "passphrase", "pwd", "secret", "pin", "passcode")

Path = tuple[str, ...]


def redact_config(config: Any, *, key: bytes) -> Any:
    """
    A copy without secrets: the same names, lists of the same length, a mark in place of each secret.

    Args:
        config: JSON as decoded, nested no deeper than the poller lets through.
        key: secret of this installation; equal values leave equal marks, so that a change shows.
    """
    return _redact(config, path=(), secret=False, mark=keyed_mark(key))


def _redact(value: Any, *, path: Path, secret: bool, mark: Mark) -> Any:
    if isinstance(value, dict):
        return _redact_dict(value, path=path, secret=secret, mark=mark)
    if isinstance(value, list):
        return [_redact(item, path=path, secret=secret, mark=mark) for item in value]
    if isinstance(value, str):
        return _redact_leaf(value, secret=secret, mark=mark)
    if secret and path and path[-1].lower().endswith(_NUMBERS_TOO) and type(value) in (int, float):
        return mark(repr(value))
    return value


def _redact_dict(value: Mapping[str, Any], *, path: Path, secret: bool, mark: Mark) -> dict[str, Any]:
    names_only = path in _NAMED_BY_PEOPLE
    secret_pair = _names_a_secret(value)
    out: dict[str, Any] = {}
    for name, item in value.items():
        hidden = secret or (secret_pair and name == "value")
        if not hidden and not (names_only and isinstance(item, dict)):
            hidden = is_secret_name(name) and not (name in _LISTS_OF_NAMES and isinstance(item, list))
        below = (*path, "*" if names_only else name)
        out[redact_text(name, mark)] = _redact(item, path=below, secret=hidden, mark=mark)
    return out


def _names_a_secret(value: Mapping[str, Any]) -> bool:
    """{"name": "DB_PASSWORD", "value": …}, as environments are listed."""
    return any(isinstance(value.get(name), str) and is_secret_name(value[name]) for name in ("name", "key"))


def _redact_leaf(text: str, *, secret: bool, mark: Mark) -> str:
    if not secret:
        return redact_text(text, mark)
    return text if not text or text in _KEPT_WORDS or is_marked(text) else mark(text)
