"""The documents among the fixtures, and what the graph makes of any document."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from collector.core.lean_document import lean_document
from tests.world import FIXTURES
from visualizer.core.declared_document import runtime_apps_of
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.models.node_id import EXPANDED
from visualizer.models.topology import READ, WRITE, Topology

BILLING = FIXTURES / "asyncapi" / "billing-3.0.0.json"
STREETLIGHTS = FIXTURES / "asyncapi" / "streetlights-2.6.0.json"
ORDERS = FIXTURES / "openapi" / "orders-3.1.0.json"
#: What a real hopeit server says of its apps.
SHOP = FIXTURES / "openapi" / "hopeit-little-shop-3.0.3.json"
LEGACY = FIXTURES / "openapi" / "legacy-2.0.json"


def document(path: Path) -> dict[str, Any]:
    """One as it is on disk."""
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def runtime_apps(told: dict[str, Any]) -> dict[str, Any]:
    """RuntimeApps as the visualizer has them after a collector has read the document."""
    return runtime_apps_of(lean_document(told, key=b"test"))


def topology(told: dict[str, Any]) -> Topology:
    """The expanded view of a document alone."""
    return build_topology(read_runtime_apps(runtime_apps(told), source="d.json"), view=EXPANDED)


def flows(drawn: Topology) -> set[tuple[str, str]]:
    """(source, target) of everything that is read and written."""
    return {(edge.source, edge.target) for edge in drawn.edges if edge.kind in (READ, WRITE)}


def asyncapi(**parts: Any) -> dict[str, Any]:
    """A small document of version 3."""
    return {"asyncapi": "3.0.0", "info": {"title": "a", "version": "1"}, "channels": {}, "operations": {}, **parts}


def broken(told: dict[str, Any], random: Random) -> dict[str, Any]:
    """The same with a few of its values replaced by what does not belong there; its version stays."""
    copy: dict[str, Any] = json.loads(json.dumps(told))
    places = [place for place in _places(copy) if place[1] not in ("asyncapi", "openapi", "swagger")]
    junk = [None, 7, True, "", "x", [], [7, "#"], {}, {"$ref": "#"}, {"$ref": "#/channels"}, {"$ref": "b.json"}]
    for holder, name in random.sample(places, min(len(places), random.randint(1, 6))):
        holder[name] = json.loads(json.dumps(random.choice([*junk, copy])))
    return copy


def _places(value: Any) -> list[tuple[Any, Any]]:
    names = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for name in names for place in ((value, name), *_places(value[name]))]
