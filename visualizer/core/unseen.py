"""
Silent collectors + who read which process + what ran where → what is not seen. Pure; docs/stuck.md has the rules.

What of a process is known is up to its collector's last word; others go on. Nothing of it is said to have ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from collector.models.activity import ActivityKey
from collector.models.heartbeat import CollectorBeat
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
    of_server = defaultdict[int, list[Feed]](list)
    for feed in feeds:
        of_server[feed.server].append(feed)
    found = {}
    for server, several in of_server.items():
        newest_s = max(feed.last_s for feed in several)
        readers = {one for feed in several if newest_s - feed.last_s <= FEED_OVER_S for one in _heirs(feed, collectors)}
        if readers and readers <= set(blind):
            found[server] = tuple(sorted(readers))
    return found


def unseen_nodes(
    ran: Iterable[tuple[ActivityKey, int, int]],
    unseen: UnseenServers,
    *,
    until_s: Mapping[int, float],
    nodes_of: Callable[[ActivityKey], Collection[str]],
    now_s: float,
) -> dict[str, UnseenPart]:
    """
    Node id → how much of it is not seen.

    Args:
        ran: (what, id of the process, unix second at which it did last).
        until_s: of the unseen processes, up to when their lines were read.
        nodes_of: what an activity moves.
    """
    spoke_s, runs = defaultdict[int, int](int), defaultdict[str, set[int]](set)
    for key, server, last_s in ran:
        spoke_s[server] = max(spoke_s[server], last_s)
        for node in nodes_of(key):
            runs[node].add(server)
    silent_s = {server: max(0.0, until_s.get(server, now_s) - last_s) for server, last_s in spoke_s.items()}
    found = {}
    for node, servers in runs.items():
        if not servers.isdisjoint(unseen):
            least_s = min(silent_s[server] for server in servers)
            living = [server for server in servers if silent_s[server] - least_s <= PROCESS_OVER_S]
            lost = [server for server in living if server in unseen]
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


def _heirs(feed: Feed, collectors: Sequence[CollectorBeat]) -> list[str]:
    """Who reads it now: its collector, or those that came on the same host after it."""
    if any(one.collector_id == feed.collector for one in collectors):
        return [feed.collector]
    host = collector_host(feed.collector)
    return [
        one.collector_id
        for one in collectors
        if collector_host(one.collector_id) == host and one.started_s > feed.last_s
    ]
