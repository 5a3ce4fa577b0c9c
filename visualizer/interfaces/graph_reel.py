"""
The flow of a replay: the topologies that were current from a time on, what ran before each of several moments → the
graph at each of them, ahead of who watches it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from collector.models.resolution import Resolution
from visualizer.config import kept_resolutions
from visualizer.core.frames import Then, frames_of
from visualizer.core.moment_times import frame_times, newest_frame_s
from visualizer.interfaces.graph_moment import draw_kept
from visualizer.models.errors import NoSuchTopology
from visualizer.models.frame import Frame, Reel
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.moments import read_before_each
from visualizer.repo.node_details import read_keys_stamp
from visualizer.repo.places import read_stamp
from visualizer.repo.topology_history import find_version, read_versions_between

#: Topologies of one answer: each that nobody has asked for lately has to be placed.
MOST_TOPOLOGIES = 8
#: A worker looks for new ones each two seconds; frames may be an hour apart.
_MOST_VERSIONS = 2000


def read_reel(view: str, from_s: float, *, now_s: float) -> Reel:
    """
    A view from the frame on that is shown at a time, unix seconds: each frame what read_moment() tells of its time.
    None of what is not over yet.

    Args:
        view: standard | expanded.

    Raises:
        NoSuchTopology: none is kept from so long ago, or it is damaged.
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    resolutions = kept_resolutions()
    times = frame_times(resolutions, from_s, now_s=now_s)
    frames = list(read_frames(view, times, resolutions))
    return Reel(step_s=times.step, frames=frames, newest_s=newest_frame_s(now_s), now_s=now_s)


def read_frames(view: str, times: range, resolutions: Sequence[Resolution], *, every: int = 1) -> Iterator[Frame]:
    """
    The frames of these times, as far apart as history is fine there, one after the other; or only every so many-th.

    Raises: as read_reel.
    """
    versions = list(_versions_at(times))
    times = times[: len(versions)]
    stamp, seen_stamp = read_stamp(view), read_keys_stamp()
    graphs = [draw_kept(version.number, view, stamp, seen_stamp) for version in versions]
    keys = {pk: key for graph in {*graphs} for pk, key in graph.keys.items()}
    befores = read_before_each(resolutions, times, keys=keys) if times else ()
    moments = (Then(at_s, graph, *before) for at_s, graph, before in zip(times, graphs, befores, strict=True))
    return frames_of(islice(moments, 0, None, every), view=view)


def _versions_at(times: range) -> Iterator[TopologyVersion]:
    """The version that was current at each time; ends before there are too many of them."""
    if not times:
        return
    first = find_version(at_s=times.start)
    if first is None:
        raise NoSuchTopology("no topology is kept from so long ago")
    versions = [first, *read_versions_between(times.start + 1, times[-1] + 1, count=_MOST_VERSIONS)]
    seen = set[int]()
    for at_s in times:
        # As find_version() has it: where the clock was set back, later ones begin earlier.
        version = max((one for one in versions if one.first_s <= at_s), key=lambda one: one.number)
        seen.add(version.number)
        if len(seen) > MOST_TOPOLOGIES:
            return
        yield version
