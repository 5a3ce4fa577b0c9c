"""Which nodes and apps are compared with what they were then, and which activities tell of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from collector.models.activity import CALL, CALLER, EXTERNAL, PUBLISH, ActivityKey
from visualizer.core.behaviour_table import Owner
from visualizer.core.moved_apps import matched_ids, moved_apps
from visualizer.models.behaviour_difference import Compared
from visualizer.models.kept_topology import KeptView
from visualizer.models.node_id import EVENT, STREAM, activity_event_id, activity_stream_id
from visualizer.models.node_id import EXTERNAL as EXTERNAL_NODE

_KINDS = (EVENT, STREAM, EXTERNAL_NODE)
#: Of an app count its own runs, not what these do to others.
_NO_RUNS = (CALL, CALLER, EXTERNAL, PUBLISH)


def compared_nodes(then: KeptView, now: KeptView, *, known_then: Collection[str]) -> Iterator[Compared]:
    """
    What is drawn now, with what it was called then: an app in another version is the same app.

    Args:
        then: what was drawn then; nothing where that is not kept.
        known_then: ids of what had been seen until then, drawn or not.
    """
    moved = moved_apps(then, now)
    was = {new: old for old, new in {**matched_ids(then, now, moved), **moved}.items()}
    for app in now.apps:
        yield Compared(id=app.key, was=_was(app.key, was, known_then), name=app.key, is_app=True)
    for node in now.nodes:
        if node.kind in _KINDS:
            former = _was(node.id, was, known_then)
            yield Compared(id=node.id, was=former, name=node.label, app=node.app, is_stream=node.kind == STREAM)


def owners_of(keys: Mapping[int, ActivityKey], *, view: str) -> dict[int, tuple[Owner, ...]]:
    """Activity id → the nodes and the app it counts for."""
    return {pk: tuple(_owners(key, view)) for pk, key in keys.items()}


def first_seen(owners: Mapping[int, Iterable[Owner]], seen_s: Mapping[int, int]) -> dict[str, int]:
    """Node id or app key → when the first of its activities was first counted, unix second; not of what went since."""
    found = defaultdict[str, list[int]](list)
    for pk in owners.keys() & seen_s.keys():
        for owner in owners[pk]:
            found[owner.id].append(seen_s[pk])
    return {name: min(seconds) for name, seconds in found.items()}


def _owners(key: ActivityKey, view: str) -> Iterator[Owner]:
    yield Owner(activity_event_id(key, view=view))
    if stream := activity_stream_id(key, view=view):
        yield Owner(stream, waits=True)
    if key.app and key.kind not in _NO_RUNS:
        yield Owner(key.app)


def _was(name: str, was: Mapping[str, str], known_then: Collection[str]) -> str:
    return was.get(name) or (name if name in known_then else "")
