"""
The flow of looking back: the topology that was current at a time, where things stand now, what ran just before → the
graph as it was. From SQL alone, so that it can be looked back while Redis is away.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist

from collector.models.activity import ActivityKey
from visualizer.config import kept_resolutions
from visualizer.core.frames import told_delta
from visualizer.core.graph_state import whole
from visualizer.core.layout_beside import place_beside
from visualizer.core.layout_ground import annexes_in_use
from visualizer.core.moment_times import moment_step_s
from visualizer.core.restored_topology import restore_topology
from visualizer.core.stream_homes import keep_streams_home
from visualizer.core.then_graph import ThenGraph
from visualizer.models.errors import NoSuchTopology
from visualizer.models.kept_topology import KeptView
from visualizer.models.moment import Moment
from visualizer.models.node_id import activity_event_id, activity_stream_id
from visualizer.models.topology import DrawnTopology
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.moments import read_before
from visualizer.repo.node_details import read_keys, read_keys_stamp
from visualizer.repo.places import read_places, read_stamp
from visualizer.repo.topology_history import find_version, read_kept


def read_moment(view: str, at_s: float, *, now_s: float) -> Moment:
    """
    A view as it was at a time, unix seconds, with the numbers of the minute before. What is drawn today stands where it
    does today. What was open then, and what edges rested on, is not kept.

    Args:
        view: standard | expanded.

    Raises:
        NoSuchTopology: none is kept from so long ago, or it is damaged.
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    resolutions, (version, graph) = kept_resolutions(), read_then_graph(view, at_s)
    before = read_before(resolutions, at_s, now_s=now_s, keys=graph.keys)
    everything = whole(graph.picture(graph.numbers(before.activities)))
    delta = told_delta(everything, at_s=round(at_s, 3), view=view)
    step_s = moment_step_s(resolutions, at_s, now_s=now_s)
    return Moment(delta, version, before.from_s, before.until_s, step_s, graph.version)


def read_then_graph(view: str, at_s: float) -> tuple[TopologyVersion, ThenGraph]:
    """
    The topology that was current at a time, unix seconds, without numbers.

    Raises:
        NoSuchTopology: none is kept from so long ago, or it is damaged.
    """
    version = find_version(at_s=at_s)
    if version is None:
        raise NoSuchTopology("no topology is kept from so long ago")
    return version, draw_kept(version.number, view, read_stamp(view), read_keys_stamp())


@lru_cache(maxsize=16)
def draw_kept(number: int, view: str, stamp: str, seen_stamp: str) -> ThenGraph:
    """
    A kept topology in the places of this stamp, with the activities of that one: who seeks to and fro asks for the
    same one again.

    Raises:
        NoSuchTopology: it is damaged, or gone.
    """
    kept, places, moving = _read_kept(number, view), read_places(view).layout, _read_moving(view, seen_stamp)
    seen = {node for one in moving for node in one.nodes}
    topology = keep_streams_home(restore_topology(kept, view=view, seen=seen), places)
    layout = place_beside(topology, places)
    drawn = DrawnTopology(
        version=f"{number}:{stamp}:{seen_stamp}",
        topology=topology,
        nodes=layout.nodes,
        apps=layout.apps,
        annexes=annexes_in_use(layout),
    )
    return ThenGraph(drawn, {one.pk: one.key for one in moving if not layout.nodes.keys().isdisjoint(one.nodes)})


def _read_kept(number: int, view: str) -> KeptView:
    with suppress(ValueError, KeyError, ObjectDoesNotExist):
        if version := find_version(number=number):
            return read_kept(version).views[view]
    raise NoSuchTopology(f"#{number} is damaged or gone")


class _Moving(NamedTuple):
    """An activity, and the nodes of a view that it moves where they are drawn."""

    pk: int
    key: ActivityKey
    nodes: tuple[str, ...]


@lru_cache(maxsize=2)
def _read_moving(view: str, _seen_stamp: str) -> list[_Moving]:
    """Every activity: there are thousands, and they are the same for every topology."""
    found = []
    for pk, key in read_keys().items():
        event, stream = activity_event_id(key, view=view), activity_stream_id(key, view=view)
        found.append(_Moving(pk, key, (event, stream) if stream else (event,)))
    return found
