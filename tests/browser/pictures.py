"""Snapshots for pages without a server: as the hub would send them."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from visualizer.models.delta import NodeStats

SHOP, STORE = "shop.1x0", "store.1x0"
PLACE, ORDERS, PACK = f"{SHOP}.place_order", ">orders", f"{STORE}.pack"
#: Not in the snapshot: for tests that add one.
AUDIT = f"{STORE}.audit"
#: What deltas call the edges.
EDGES = {"enter": 1, "write": 2, "read": 3}
#: What deltas call the nodes.
NUMBERS = {f"{PLACE}.POST": 1, PLACE: 2, ORDERS: 3, PACK: 4, AUDIT: 5}
NO_STATS: dict[str, Any] = msgspec.structs.asdict(NodeStats())


def shop_snapshot(
    *, seq: int = 1, hub: str = "hub", view: str = "standard", names: dict[str, str] | None = None
) -> dict[str, Any]:
    """Two apps and a stream: a request places orders, a consumer packs them. `names` renames nodes and apps, by id."""
    running = {"started": 60, "done": 60, "rate": 1.0, "p95": 12.0, "state": "ok", "last": time.time()}
    nodes = [
        _node(f"{PLACE}.POST", "request", SHOP, "POST", [0, 56, 14, 14], running),
        _node(PLACE, "event", SHOP, "place_order", [40, 40, 176, 48], running, event_type="POST"),
        _node(ORDERS, "stream", SHOP, "orders", [300, 40, 160, 48], running | {"wait": 6.0}),
        _node(PACK, "event", STORE, "pack", [560, 40, 160, 48], running, event_type="STREAM"),
    ]
    for node in nodes:
        node["name"] = (names or {}).get(node["id"], node["name"])
    edges = [
        {
            "id": "enter",
            "n": 1,
            "source": f"{PLACE}.POST",
            "target": PLACE,
            "kind": "request",
            "observed": True,
            "rate": 1.0,
        },
        {"id": "write", "n": 2, "source": PLACE, "target": ORDERS, "kind": "write", "state": "never"},
        {
            "id": "read",
            "n": 3,
            "source": ORDERS,
            "target": PACK,
            "kind": "read",
            "observed": True,
            "rate": 1.0,
            "wait": 6.0,
        },
    ]
    apps = [
        {
            "key": SHOP,
            "name": (names or {}).get(SHOP, "shop"),
            "version": "1.0",
            "box": [-20, 0, 500, 110],
            "hosts": ["http://a:1"],
        },
        {"key": STORE, "name": "store", "version": "1.0", "box": [540, 0, 208, 110], "hosts": ["http://b:2"]},
    ]
    add = {"nodes": nodes, "edges": edges, "apps": apps}
    return {"type": "delta", "hub": hub, "seq": seq, "view": view, "at": time.time(), "reset": True, "add": add}


def update(seq: int, nodes: dict[str, dict[str, Any]], *, of: dict[str, Any] | None = None) -> dict[str, Any]:
    """
    These are the numbers of nodes now, and what is left out is as in NodeStats; one with a `last` pulses.

    Args:
        of: the snapshot they stand in, if it is not the shop's.
    """
    numbers = {node["id"]: node["n"] for node in of["add"]["nodes"]} if of else NUMBERS
    told = {numbers[key]: NO_STATS | stats for key, stats in nodes.items()}
    pulse = [numbers[key] for key, stats in nodes.items() if "last" in stats]
    return {"type": "delta", "seq": seq, "at": time.time(), "update": {"nodes": told}, "pulse": pulse}


def _node(
    key: str, kind: str, app: str, name: str, box: list[int], stats: dict[str, Any], **more: str
) -> dict[str, Any]:
    return {
        "id": key,
        "n": NUMBERS[key],
        "kind": kind,
        "name": name,
        "label": name,
        "app": app,
        "box": box,
        "stats": stats,
        "observed": True,
        **more,
    }
