"""Two KeptTopologies → what is new, gone and otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from visualizer.core.moved_apps import matched_ids, moved_apps, renamer
from visualizer.models.kept_topology import KeptTopology, KeptView, Settings
from visualizer.models.node_id import EVENT, base_event
from visualizer.models.topology import CALL
from visualizer.models.topology_diff import ADDED, APP, CHANGED, REMOVED, Change, SettingChange

#: How a change is told when both sides have the thing and the logs alone knew it on one of them.
_DECLARED = "declared"


def diff_topologies(before: KeptTopology, after: KeptTopology, *, view: str) -> tuple[Change, ...]:
    """
    What is otherwise in one view: apps, then nodes, then edges, each by name.

    An app that runs in another version now is the same app: its version changed, and what is in it is compared by
    name. Without that, each release would be all new.
    """
    one, other = (kept.views.get(view, KeptView()) for kept in (before, after))
    moved = moved_apps(one, other)
    old, new = _things(one, before.settings, matched_ids(one, other, moved)), _things(other, after.settings, {})
    return tuple(_changes(old, new, renamer(moved)))


@dataclass(frozen=True, slots=True)
class _Thing:
    """An app, a node or an edge."""

    #: Its place in the order: 0 app, 1 node, 2 edge.
    rank: int
    kind: str
    name: str
    id: str
    source: str
    target: str
    apps: tuple[str, ...]
    declared: bool
    settings: Settings


_Key = tuple[str, ...]


def _things(view: KeptView, settings: Mapping[str, Settings], names: Mapping[str, str]) -> dict[_Key, _Thing]:
    """Everything of a view by what it is called on the other side, which `names` knows where it is another name."""
    things: dict[_Key, _Thing] = {}
    for app in view.apps:
        set_there = {"version": app.version, **settings.get(app.key, {})}
        key = APP, names.get(app.key, app.key)
        things[key] = _Thing(0, APP, app.key, app.key, "", "", (app.key,), True, set_there)
    for node in view.nodes:
        set_there = {"type": node.event_type} if node.event_type else {}
        if node.kind == EVENT:
            set_there |= settings.get(base_event(node.id), {})
        owner = (node.app,) if node.app else ()
        key = node.kind, names.get(node.id, node.id)
        things[key] = _Thing(1, node.kind, node.label, node.id, "", "", owner, node.declared, set_there)
    nodes = {node.id: node for node in view.nodes}
    for edge in view.edges:
        ends = [nodes[end] for end in (edge.source, edge.target) if end in nodes]
        queue = f" ({edge.label})" if edge.label and edge.kind != CALL else ""
        name = " → ".join(end.label for end in ends) + queue
        apps = tuple(dict.fromkeys(end.app for end in ends if end.app))
        thing = _Thing(2, edge.kind, name, "", edge.source, edge.target, apps, edge.declared, {})
        source, target = (names.get(end, end) for end in (edge.source, edge.target))
        things[edge.kind, source, target, edge.label] = thing
    return things


def _changes(old: Mapping[_Key, _Thing], new: Mapping[_Key, _Thing], rename: Callable[[str], str]) -> Iterator[Change]:
    """In the order of their names as they are now."""
    merged = {key: new.get(key) or old[key] for key in (*old, *new)}
    for key, thing in sorted(merged.items(), key=lambda item: (item[1].rank, item[0][1:], item[0])):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            yield _change(thing, ADDED if was is None else REMOVED)
        elif settings := tuple(_setting_changes(was, now, rename)):
            yield _change(thing, CHANGED, settings, was=was.id if was.id != now.id else "")


def _change(thing: _Thing, how: str, settings: tuple[SettingChange, ...] = (), *, was: str = "") -> Change:
    return Change(
        how=how,
        kind=thing.kind,
        name=thing.name,
        id=thing.id,
        was=was,
        source=thing.source,
        target=thing.target,
        apps=thing.apps,
        declared=thing.declared,
        settings=settings,
    )


def _setting_changes(was: _Thing, now: _Thing, rename: Callable[[str], str]) -> Iterator[SettingChange]:
    if was.declared != now.declared:
        # One side has no config: all its settings would be new, or gone.
        yield SettingChange(_DECLARED, *("yes" if side.declared else "no" for side in (was, now)))
        return
    for name in sorted({*was.settings, *now.settings}):
        before, after = was.settings.get(name, ""), now.settings.get(name, "")
        # A consumer group that is named after its app's version goes with it.
        if after not in (before, rename(before)):
            yield SettingChange(name, before, after)
