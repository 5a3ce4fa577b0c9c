"""
The flow of saving a moment: the graph as it was, or the frames of an incident, and what happened around it → what its
file holds. From SQL alone, as looking back is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from visualizer.config import kept_resolutions
from visualizer.core.incident_words import incident_title
from visualizer.core.moment_times import moment_step_s
from visualizer.core.saved_times import saved_times
from visualizer.core.saved_words import shown_names, without_hosts
from visualizer.interfaces.graph_moment import read_moment
from visualizer.interfaces.graph_reel import read_frames
from visualizer.interfaces.time_bar import told_span
from visualizer.models.alert import COLLECTOR_MARK, HOST_MARK, Incident
from visualizer.models.frame import Frame
from visualizer.models.saved_moment import SavedMember, SavedMoment
from visualizer.repo.servers import read_host_names
from visualizer.repo.topology_history import find_version

#: What of the time bar goes with it, before and after, seconds.
BEFORE_S, AFTER_S = 3000, 600
#: Nobody waits longer for frames: those that were read until then are what there is.
PATIENCE_S = 6.0
#: Of an incident.
MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be saved."""

    #: standard | expanded.
    view: str
    #: Unix second.
    at_s: float
    #: From whose beginning on; else the moment alone.
    incident: Incident | None = None


def save_moment(wanted: Wanted, *, now_s: float) -> SavedMoment:
    """
    Everything that its file tells.

    Raises: as read_moment.
    """
    incident = wanted.incident
    begun_s, until_s = (_begin_s(incident), incident.resolved_s or now_s) if incident else (wanted.at_s, wanted.at_s)
    if incident:
        frames, step_s = _frames(wanted.view, begun_s, min(until_s, now_s), now_s=now_s)
    else:
        frames, step_s = _frame(wanted, now_s=now_s)
    ends_s, words = frames[-1].at_s, partial(without_hosts, hosts=read_host_names(), shown=shown_names(frames))
    return SavedMoment(
        view=wanted.view,
        saved_s=int(now_s),
        frames=frames,
        step_s=step_s,
        time=_around(begun_s, ends_s, words, now_s=now_s),
        title=words(incident_title(incident)) if incident else "",
        members=list(_members(incident, words)) if incident else [],
        goes_on=ends_s + step_s < until_s,
    )


def _begin_s(incident: Incident) -> float:
    """It is opened some time after it began; of what was before any topology nothing can be shown."""
    began_s = min(incident.opened_s, incident.head.since_s)
    return began_s if find_version(at_s=began_s) else incident.opened_s


def _frame(wanted: Wanted, *, now_s: float) -> tuple[list[Frame], int]:
    one = read_moment(wanted.view, int(wanted.at_s), now_s=now_s)
    frame = Frame(at_s=int(wanted.at_s), from_s=one.from_s, until_s=one.until_s, drawn=one.drawn, delta=one.delta)
    return [frame], one.step_s


def _frames(view: str, from_s: float, until_s: float, *, now_s: float) -> tuple[list[Frame], int]:
    """And how far they are apart, seconds."""
    resolutions, begun_s = kept_resolutions(), time.monotonic()
    times, every = saved_times(from_s, until_s, step_s=moment_step_s(resolutions, from_s, now_s=now_s))
    if find_version(at_s=times.start) is None:
        # Its beginning is rounded down: the first topology came in that step.
        times = times[1:] or times
    frames = list[Frame]()
    for frame in read_frames(view, times, resolutions, every=every):
        frames.append(frame)
        if time.monotonic() - begun_s > PATIENCE_S:
            break
    return frames, times.step * every


def _around(from_s: float, until_s: float, words: Callable[[str], str], *, now_s: float) -> dict[str, Any]:
    told = told_span(from_s - BEFORE_S, min(until_s + AFTER_S, now_s))
    marks = [{**mark, "words": words(mark["words"]), "href": "", "numbers": ""} for mark in told["marks"]]
    return {**told, "marks": marks}


def _members(incident: Incident, words: Callable[[str], str]) -> Iterator[SavedMember]:
    for each in incident.members[:MOST_MEMBERS]:
        if not each.subject.startswith((HOST_MARK, COLLECTOR_MARK)):
            yield SavedMember(
                subject=each.subject,
                rule=each.rule,
                words=words(each.words),
                since_s=each.since_s,
                until_s=each.until_s,
            )
