"""
Silent collectors + who read which process + what ran where → what is not seen. Pure; docs/stuck.md has the rules.

What of a process is known is up to its collector's last word; others go on. Nothing of it is said to have ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from collector.models.activity import ActivityKey
from collector.models.heartbeat import CollectorBeat
from collector.models.packed_column import Column
from visualizer.core.freshness import collector_host
from visualizer.core.untrusted import visible
from visualizer.models.feed import FEED_OVER_S, Feed
from visualizer.models.unseen import UnseenPart

#: A process that said nothing for so much longer than the last one that ran a node is none of its processes any more.
PROCESS_OVER_S = 3600.0
#: Id of a process → the collectors that would read it, all of them silent.
UnseenServers = Mapping[int, tuple[str, ...]]


def unseen_servers(
    feeds: Iterable[Feed], collectors: Sequence[CollectorBeat], *, blind: Collection[str]
) -> dict[int, tuple[str, ...]]:
    """
    Processes whose lines only silent collectors read; none that nobody read, or somebody who was taken away.

    Args:
        collectors: those that should be there; `blind`: ids of those that are silent.
    """
    of_server, on_host = defaultdict[int, list[Feed]](list), defaultdict[str, list[CollectorBeat]](list)
    for feed in feeds:
        of_server[feed.server].append(feed)
    for one in collectors:
        on_host[collector_host(one.collector_id)].append(one)
    found, silent = {}, set(blind)
    for server, several in of_server.items():
        newest_s = max(feed.last_s for feed in several)
        lately = (feed for feed in several if newest_s - feed.last_s <= FEED_OVER_S)
        readers = {one for feed in lately for one in _heirs(feed, on_host[collector_host(feed.collector)])}
        if readers and readers <= silent:
            found[server] = tuple(sorted(readers))
    return found


def unseen_nodes(
    runs: Mapping[ActivityKey, Column],
    spoke_s: Mapping[int, int],
    unseen: UnseenServers,
    *,
    until_s: Mapping[int, float],
    nodes_of: Callable[[ActivityKey], Collection[str]],
    now_s: float,
) -> dict[str, UnseenPart]:
    """
    Node id → how much of it is not seen.

    Args:
        runs: what → ids of the processes that it ran on.
        spoke_s: id of a process → unix second at which it said something last.
        until_s: of the unseen processes, up to when their lines were read.
        nodes_of: what an activity moves.
    """
    of_node = defaultdict[str, list[Column]](list)
    for key, servers in runs.items():
        for node in nodes_of(key):
            of_node[node].append(servers)
    ids = np.unique(np.concatenate([*runs.values(), np.empty(0, np.int64)]))
    said = [(until_s.get(server, now_s), spoke_s.get(server, 0)) for server in ids.tolist()]
    silent_s = np.array([max(0.0, read_s - last_s) for read_s, last_s in said])
    is_unseen = np.isin(ids, list(unseen))
    found = {}
    for node, columns in of_node.items():
        places = np.searchsorted(ids, np.unique(np.concatenate(columns)))
        if is_unseen[places].any():
            living = places[silent_s[places] - silent_s[places].min() <= PROCESS_OVER_S]
            lost = ids[living[is_unseen[living]]].tolist()
            if lost:
                readers = {one for server in lost for one in unseen[server]}
                found[node] = UnseenPart(len(lost), len(living), tuple(sorted(readers)))
    return found


def hidden_words(nodes: Mapping[str, UnseenPart]) -> dict[str, str]:
    """Collector → "7 nodes unknown, 2 nodes part unseen", of those that hide some."""
    whole, part = Counter[str](), Counter[str]()
    for each in nodes.values():
        (whole if each.is_whole else part).update(each.collectors)
    return {
        one: ", ".join(
            f"{count} node{'' if count == 1 else 's'} {word}"
            for count, word in ((whole[one], "unknown"), (part[one], "part unseen"))
            if count
        )
        for one in {*whole, *part}
    }


def part_words(part: UnseenPart) -> str:
    """What a panel says where something else is to be said first."""
    verb = "is" if part.unseen == 1 else "are"
    return f"{part.unseen} of its {part.processes} processes {verb} not seen. {unseen_words(part)}."


def unseen_words(part: UnseenPart) -> str:
    """Why it is not seen: who would read it says nothing."""
    names = ", ".join(map(visible, part.collectors))
    return (
        f"Collector {names} has not reported" if len(part.collectors) == 1 else f"Collectors {names} have not reported"
    )


def _heirs(feed: Feed, on_host: Sequence[CollectorBeat]) -> list[str]:
    """Who reads it now: its collector, or those that came on the same host after it."""
    if any(one.collector_id == feed.collector for one in on_host):
        return [feed.collector]
    return [one.collector_id for one in on_host if one.started_s > feed.last_s]
