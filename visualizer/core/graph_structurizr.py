"""
A Topology as a Structurizr workspace.

In JSON, not in its DSL: every reader of Structurizr takes it, and no name in it can be anything but text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

from visualizer.core.untrusted import visible
from visualizer.models.node_id import DANGLING, EVENT, EXTERNAL, REQUEST, STREAM
from visualizer.models.topology import CALL, READ, Edge, Node, Topology
from visualizer.models.topology import REQUEST as ENTERS

#: Where nodes are put that belong to no app.
_ELSEWHERE = "Elsewhere"
_KINDS = {EVENT: "event", STREAM: "stream", DANGLING: "not there", EXTERNAL: "outside"}
#: Messages wait in a pipe; what is known to pass is a whole line.
_STYLES = {
    "elements": [{"tag": _KINDS[STREAM], "shape": "Pipe"}],
    "relationships": [{"tag": "Relationship", "dashed": True}, {"tag": "Seen", "dashed": False}],
}


def structurizr_json(topology: Topology) -> dict[str, Any]:
    """
    Apps are software systems, events and streams their containers; entries are left out, calls lead to their events.

    Names are made unique where Structurizr wants them to be: within a system, and of relations between the same two.
    """
    numbers = count(1)
    ids = {node.id: str(next(numbers)) for node in topology.nodes if node.kind != REQUEST}
    by_app = defaultdict[str, list[Node]](list)
    for node in topology.nodes:
        if node.kind != REQUEST:
            by_app[node.app].append(node)
    relations = _relations(topology, ids, numbers)
    names = {app.key: f"{app.name} {app.version}" for app in topology.apps}
    systems = []
    system_names = _unique([names.get(key, key or _ELSEWHERE) for key in by_app])
    for nodes, name in zip(by_app.values(), system_names, strict=True):
        container_names = _unique([node.name for node in nodes])
        systems.append(
            {
                "id": str(next(numbers)),
                "name": name,
                "tags": "Element,Software System",
                "containers": [
                    _container(node, shown, ids, relations) for node, shown in zip(nodes, container_names, strict=True)
                ],
            }
        )
    return {
        "name": "Eventscope",
        "description": f"The {topology.view} view of what apps declare and do.",
        "model": {"softwareSystems": systems},
        "views": {
            "containerViews": [_view(system, relations) for system in systems],
            "configuration": {"styles": _STYLES},
        },
    }


def _relations(topology: Topology, ids: dict[str, str], numbers: Iterator[int]) -> dict[str, list[dict[str, Any]]]:
    """Node id → the relations that start there."""
    events = {edge.source: edge.target for edge in topology.edges if edge.kind == ENTERS}
    found = defaultdict[str, list[dict[str, Any]]](list)
    told: set[tuple[str, str, str]] = set()
    for edge in topology.edges:
        source, target = events.get(edge.source, edge.source), events.get(edge.target, edge.target)
        description = visible(" ".join(part for part in (_verb(edge), edge.label) if part)).strip()
        if edge.kind == ENTERS or source not in ids or target not in ids or (source, target, description) in told:
            continue
        told.add((source, target, description))
        found[source].append(
            {
                "id": str(next(numbers)),
                "sourceId": ids[source],
                "destinationId": ids[target],
                "description": description,
                "technology": "HTTP" if edge.kind == CALL else "stream",
                "tags": ",".join(["Relationship", *_evidence(edge)]),
            }
        )
    return found


def _container(
    node: Node, name: str, ids: dict[str, str], relations: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    return {
        "id": ids[node.id],
        "name": name,
        "description": visible(node.label),
        "technology": node.event_type or _KINDS.get(node.kind, node.kind),
        "tags": "Element,Container," + _KINDS.get(node.kind, node.kind),
        "relationships": relations.get(node.id, []),
    }


def _view(system: dict[str, Any], relations: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A system with what touches it."""
    own = {container["id"] for container in system["containers"]}
    shown = [
        relation
        for of_node in relations.values()
        for relation in of_node
        if own & {relation["sourceId"], relation["destinationId"]}
    ]
    elements = own | {relation[end] for relation in shown for end in ("sourceId", "destinationId")}
    return {
        "key": f"system-{system['id']}",
        "softwareSystemId": system["id"],
        "externalSoftwareSystemBoundariesVisible": True,
        "description": system["name"],
        "elements": [{"id": element} for element in sorted(elements, key=int)],
        "relationships": [{"id": relation["id"]} for relation in shown],
        "automaticLayout": {
            "rankDirection": "LeftRight",
            "rankSeparation": 300,
            "nodeSeparation": 100,
            "edgeSeparation": 10,
            "vertices": False,
        },
    }


def _verb(edge: Edge) -> str:
    if edge.kind == CALL:
        return "calls"
    return "is read by" if edge.kind == READ else "writes"


def _evidence(edge: Edge) -> list[str]:
    return [word for word, holds in (("Declared", edge.declared), ("Seen", edge.observed)) if holds]


def _unique(names: list[str]) -> list[str]:
    """The names, later ones of the same told apart by a number."""
    taken: set[str] = set()
    unique = []
    for text in names:
        name = visible(text).strip() or "(no name)"
        shown, number = name, 1
        while shown in taken:
            number += 1
            shown = f"{name} ({number})"
        taken.add(shown)
        unique.append(shown)
    return unique
