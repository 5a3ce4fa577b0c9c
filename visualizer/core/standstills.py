"""Finds what should go on and does not, without any configuration. Times are unix seconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from collector.models.activity import ActivityKey
from collector.models.document import DOCUMENT_KINDS
from collector.models.host import ALIVE, HostAnswer
from visualizer.core.run_timeouts import RunTimeouts, Timeout
from visualizer.models.node_id import EVENT, activity_event_id, activity_stream_id, stream_id
from visualizer.models.standstill import GONE, KINDS, STOPPED, STUCK, UNREAD, Flow, HeldRuns, OldRun, Standstill
from visualizer.models.topology import READ, WRITE, Topology

#: Oldest runs that are told of a node, and names.
MOST_OLDEST, MOST_NAMES = 5, 5
#: A consumer that starts nothing for so long, while so many of its messages are due, does not consume.
FED_S = 30
LEAST_DUE = 5.0
#: Less was not seen often enough to say how many messages come of a writer's run.
LEAST_READ = 20
#: A host that does not answer may be back after a poll.
HOST_S = 15.0
#: What is gone for longer was taken away.
FORGET_S = 86400.0
Standstills = dict[str, Standstill]


def find_stuck(held: Iterable[HeldRuns], timeouts: RunTimeouts, *, view: str, now_s: float) -> Standstills:
    """Event id → runs that began and did not end within their time-out."""
    late = defaultdict[str, list[tuple[OldRun, Timeout]]](list)
    more = Counter[str]()
    for place in held:
        event, timeout = activity_event_id(place.key, view=view), timeouts.of(place.key)
        more[event] += place.open.more
        late[event] += (
            (OldRun(run.began_s, run.operation_id, run.request_id, *_server(place)), timeout)
            for run in place.open.runs
            if min(now_s, place.seen_until_s) - run.began_s > timeout.seconds
        )
    found = {}
    for event, runs in late.items():
        if runs:
            runs.sort(key=lambda late: late[0].began_s)
            oldest, timeout = min(runs, key=lambda late: late[0].began_s + late[1].seconds)
            found[event] = Standstill(
                kind=STUCK,
                since_s=oldest.began_s + timeout.seconds,
                limit_s=timeout.seconds,
                is_default=timeout.is_default,
                count=len(runs),
                more=more[event],
                oldest=tuple(run for run, _ in runs[:MOST_OLDEST]),
            )
    return found


def find_unread(topology: Topology, flows: Mapping[ActivityKey, Flow], *, now_s: float) -> Standstills:
    """Stream and event ids → what is written, as ever, and not read any more."""
    writers = defaultdict[str, list[Flow]](list)
    written_by = {edge.source: edge.target for edge in topology.edges if edge.kind == WRITE}
    groups = defaultdict[tuple[str, str], list[ActivityKey]](list)
    for key, flow in flows.items():
        if key.kind == "publish":
            writers[stream_id(stream=key.stream, queue=key.queue, view=topology.view)].append(flow)
        elif (target := written_by.get(activity_event_id(key, view=topology.view))) is not None and key.kind != "call":
            writers[target].append(flow)
        if (stream := activity_stream_id(key, view=topology.view)) is not None:
            groups[stream, key.consumer_group].append(key)
    found: Standstills = {}
    for (stream, group), keys in sorted(groups.items()):
        due, last_s = _due(writers[stream], [flows[key] for key in keys])
        if due >= LEAST_DUE and FED_S <= now_s - last_s < FORGET_S:
            told = Standstill(kind=UNREAD, since_s=last_s, count=int(due), names=(group,) if group else ())
            for node in (stream, *(activity_event_id(key, view=topology.view) for key in keys)):
                found.setdefault(node, told)
    return found


def find_gone(
    topology: Topology, hosts: Iterable[HostAnswer], seen_s: Mapping[str, float], *, now_s: float
) -> Standstills:
    """
    Ids of the events of apps whose hosts are all gone, and which do not run.

    Args:
        seen_s: app key → when a line of it was seen last.
    """
    polled = defaultdict[str, list[HostAnswer]](list)
    for host in hosts:
        # A document that is gone stops no app.
        if host.source not in DOCUMENT_KINDS:
            for app in host.standard.get("apps", ()) if host.standard else ():
                polled[app].append(host)
    found: Standstills = {}
    for app, several in polled.items():
        since_s = max(host.since_s for host in several)
        is_down = all(host.status != ALIVE for host in several) and HOST_S <= now_s - since_s < FORGET_S
        if is_down and seen_s.get(app, 0.0) < since_s:
            urls = tuple(host.url for host in several)
            told = Standstill(kind=GONE, since_s=since_s, count=len(urls), names=urls[:MOST_NAMES])
            found |= {node.id: told for node in topology.nodes if node.app == app and node.kind == EVENT}
    return found


def find_stopped(services: Iterable[tuple[ActivityKey, int, float | None]], *, view: str, now_s: float) -> Standstills:
    """
    Event ids → services that say nothing any more.

    Args:
        services: (what, unix second at which it was seen last, how long it may be silent).
    """
    found: Standstills = {}
    for key, last_s, allowed_s in services:
        if allowed_s is not None and allowed_s < now_s - last_s < FORGET_S:
            found[activity_event_id(key, view=view)] = Standstill(kind=STOPPED, since_s=last_s, limit_s=allowed_s)
    return found


def hold_unseen(
    found: Standstills,
    known: Standstills,
    unseen: Collection[str],
    topology: Topology,
    *,
    ran_s: Mapping[str, float],
) -> Standstills:
    """
    What is told while some nodes are not seen, or in part: nothing begins there because nobody saw that it goes on, and
    what was told goes on until something newer was seen. What is stuck is judged by process, and passes.

    Args:
        unseen: node ids.
        ran_s: node id → unix second at which it did last, as far as that was seen.
    """
    told = {
        node: one
        for node, one in found.items()
        if node not in unseen or one.kind == STUCK or (node in known and known[node].kind == one.kind)
    }
    # A stream that an unseen node writes is fed without being seen, and so are its readers.
    fed = {edge.target for edge in topology.edges if edge.kind == WRITE and edge.source in unseen}
    fed |= {edge.target for edge in topology.edges if edge.kind == READ and edge.source in fed}
    for node in fed | set(unseen):
        one = known.get(node)
        if one and one.kind in (STOPPED, UNREAD) and node not in told and ran_s.get(node, 0.0) <= one.since_s:
            told[node] = one
    return told


def worst_of(found: Iterable[Standstills], nodes: Collection[str]) -> Standstills:
    """Of each drawn node the worst."""
    told: Standstills = {}
    for standstills in found:
        for node, one in standstills.items():
            if node in nodes and (node not in told or KINDS.index(one.kind) < KINDS.index(told[node].kind)):
                told[node] = one
    return told


def _due(writers: Sequence[Flow], readers: Sequence[Flow]) -> tuple[float, int]:
    """How many messages of the last FED_S are to be read, and when one was read last; (0, 0) where all is as ever."""
    read, written = sum(flow.total for flow in readers), sum(flow.total for flow in writers)
    if read < LEAST_READ or not written or any(flow.lately for flow in readers):
        return 0.0, 0
    # A run may write no message, or several.
    return sum(flow.lately for flow in writers) * read / written, max(flow.last_s for flow in readers)


def _server(place: HeldRuns) -> tuple[str, str]:
    return place.server.host_name, place.server.pid
