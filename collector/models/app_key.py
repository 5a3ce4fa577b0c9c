"""The key of an app or plugin, made from its name and version: `simple-example` 0.30 → "simple_example.0x30"."""

from __future__ import annotations

import re

_TO_UNDERSCORE = re.compile(r"[-.\s]")
_CAPITAL = re.compile(r"[A-Z]")


def make_app_key(name: str, version: str) -> str:
    """
    The key under which hopeit declares and logs an app.

    Source: hopeit.server.names.auto_path.
    """
    return f"{_snake_case(name.replace('.', 'x'))}.{_snake_case(version.replace('.', 'x'))}"


def make_service_key(name: str, version: str) -> str:
    """
    The key of an app that is no hopeit app: its name and version as they came, "billing.1.4.2"; the name alone where
    there is no version. A dot in the name becomes an underscore, for the first dot ends the name.
    """
    name = name.replace(".", "_")
    return f"{name}.{version}" if version else name


def _snake_case(name: str) -> str:
    name = _TO_UNDERSCORE.sub("_", name)
    return name[:1].lower() + _CAPITAL.sub(lambda capital: "_" + capital[0].lower(), name[1:])
