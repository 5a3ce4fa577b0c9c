"""The flow: who is silent + who read which process + what ran where → what of each view is not seen, and since when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from collector.models.activity import ActivityKey
from collector.models.packed_column import Column
from visualizer.core.freshness import GONE_AFTER_S, missed_collectors, silent_collectors
from visualizer.core.touching import Touching
from visualizer.core.unseen import unseen_nodes, unseen_servers
from visualizer.models.topology import Topology
from visualizer.models.unseen import Unseen
from visualizer.models.watch import Watch
from visualizer.repo.feeds import read_feeds, read_runs, read_spoke
from visualizer.repo.sights import read_activity_keys


def find_unseen(
    watch: Watch,
    topologies: Mapping[str, Topology],
    *,
    now_s: float,
    after_s: float = GONE_AFTER_S,
    in_doubt: bool = False,
) -> Unseen:
    """
    What is not seen while some collectors say nothing and others do. Nothing is asked while all of them speak; where
    none does, nobody sees anything, which is_blind() says.

    Args:
        after_s: who said nothing for so long is silent.
        in_doubt: a process of which no collector is known counts as unseen, too.

    Raises:
        django.db.DatabaseError: SQL does not answer.
    """
    collectors = missed_collectors(watch.collectors, now_s)
    blind = {one.collector_id: one for one in silent_collectors(collectors, now_s, after_s=after_s)}
    if not blind or len(blind) == len(collectors):
        return Unseen()
    feeds, spoke_s = read_feeds(), read_spoke()
    servers = unseen_servers(feeds, collectors, blind=blind)
    if in_doubt:
        known = {feed.server for feed in feeds}
        servers |= {server: () for server in spoke_s if server not in known}
    first_s = min(one.caught_up_s for one in blind.values())
    until_s = {
        server: max((blind[one].caught_up_s for one in readers), default=first_s) for server, readers in servers.items()
    }
    runs = _read_runs() if servers and topologies else {}
    views = {
        view: unseen_nodes(runs, spoke_s, servers, until_s=until_s, nodes_of=_nodes_of(topology), now_s=now_s)
        for view, topology in topologies.items()
    }
    return Unseen(until_s, views, frozenset(feed.collector for feed in feeds))


def _read_runs() -> dict[ActivityKey, Column]:
    keys = read_activity_keys()
    return {keys[activity][0]: servers for activity, servers in read_runs().items() if activity in keys}


def _nodes_of(topology: Topology) -> Callable[[ActivityKey], Collection[str]]:
    touching = Touching((node.id for node in topology.nodes), topology.edges, view=topology.view)
    return lambda key: touching.by(key).nodes
