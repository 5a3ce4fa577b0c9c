"""
Whose event answers a path of a hopeit server, as its OpenAPI document tells: `/api/<app>/<version>/<event>`, tagged
with the app's key. One server documents all its apps in one document.

Source: hopeit.engine 0.30.1, server/api.py (_update_api_paths, app_route_name).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_PATH = re.compile(r"/api/([^/]+)/(\d+(?:x\d+)*)/(.+)")


@dataclass(frozen=True, slots=True)
class HopeitEvent:
    """An event of a hopeit app."""

    #: "little_shop.1x0".
    app_key: str
    #: As the path has it: "little-shop", "1.0".
    name: str
    version: str
    #: Without its app; of a plugin with the plugin's key: "basic_auth.0x30.login".
    event: str


def hopeit_event(path: str, tags: Collection[str]) -> HopeitEvent | None:
    """None where path and tags do not agree: then it is nobody's but the document's."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    name, version, event = match.groups()
    key = f"{name.replace('-', '_')}.{version}"
    if key not in tags:
        return None
    return HopeitEvent(key, name, version.replace("x", "."), event.replace("-", "_").replace("/", "."))
