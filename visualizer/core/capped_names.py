"""
Which names are kept apart, and which are counted as OTHER because there are too many. Pure, and O(1) a name: of names
beyond a cap nothing is remembered but an estimate of how many there are.

Several rollups on one database each count for themselves: together they may pass a cap by what both take in within
the same tick.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from collector.lib.distinct_estimate import DistinctEstimate
from collector.models.activity import KINDS, OTHER, ActivityKey, Server
from collector.models.name_caps import NameCaps

#: Apps that are watched as those who bring too many names.
_SUSPECTS = 32


@dataclass(slots=True)
class Beyond:
    """What is known of the names beyond one cap."""

    names: DistinctEstimate = field(default_factory=DistinctEstimate)
    #: App (for servers: host) → about how many of them it brought.
    suspects: Counter[str] = field(default_factory=Counter)
    #: Unix second at which the first and the newest was counted.
    first_s: int = 0
    last_s: int = 0

    def add(self, name: str, *, by: str, now_s: int) -> None:
        """See such a name."""
        self.names.add(name)
        if len(self.suspects) == _SUSPECTS and by not in self.suspects:
            # Space-saving (Metwally, Agrawal, El Abbadi 2005): who brings many is never the one that goes.
            self.suspects[by] = self.suspects.pop(min(self.suspects, key=self.suspects.__getitem__))
        self.suspects[by] += 1
        self.first_s, self.last_s = self.first_s or now_s, now_s

    @property
    def offender(self) -> str:
        """Who brought most of them."""
        return self.suspects.most_common(1)[0][0]


class CappedNames:
    """The names that are kept apart, and what passed the caps."""

    def __init__(self, caps: NameCaps, *, before: CappedNames | None = None) -> None:
        """Args: before: what was known of names beyond the caps until now; it stays true."""
        self._caps = caps
        self._activities = 0
        self._servers = 0
        #: App → its events.
        self._events: defaultdict[str, set[str]] = defaultdict(set)
        #: Stream → its queues, its consumer groups.
        self._queues: defaultdict[str, set[str]] = defaultdict(set)
        self._groups: defaultdict[str, set[str]] = defaultdict(set)
        #: (dimension, within) → names beyond the cap.
        self._beyond: defaultdict[tuple[str, str], Beyond] = before._beyond if before else defaultdict(Beyond)
        self._touched: set[tuple[str, str]] = before._touched if before else set()

    def take(self, key: ActivityKey) -> None:
        """Keep this one apart from now on."""
        self._activities += 1
        self._events[key.app].add(key.event_label)
        if key.stream:
            self._queues[key.stream].add(key.queue)
            self._groups[key.stream].add(key.consumer_group)

    def take_server(self) -> None:
        """Keep one more server apart."""
        self._servers += 1

    def let_servers_go(self, count: int) -> None:
        """So many are kept apart no longer."""
        self._servers -= count

    @property
    def is_full_of_servers(self) -> bool:
        """There is no room for another one."""
        return self._servers >= self._caps.servers

    def counted_as(self, key: ActivityKey, *, now_s: float) -> ActivityKey:
        """What a key is counted as that is not taken yet: itself while there is room, else with OTHER in its parts."""
        app = self._app(key.app, int(now_s))
        counted = replace(key, app=app)
        events = self._events.get(app, ())
        if counted.event_label not in events and len(events) >= self._caps.app_events:
            self._pass("app_events", app, key.event_label, by=key.app, now_s=int(now_s))
            counted = replace(counted, plugin="", event=OTHER)
        if key.stream:
            counted = self._within_stream(counted, int(now_s))
        if self._activities >= self._caps.events and counted != key_of_others(counted):
            self._pass("events", "", "\0".join((key.app, key.event_label)), by=key.app, now_s=int(now_s))
            counted = key_of_others(counted)
        return counted

    def server_counted_as(self, server: Server, *, now_s: float) -> Server:
        """The same of a server."""
        if not self.is_full_of_servers:
            return server
        self._pass("servers", "", f"{server.host_name}\0{server.pid}", by=server.host_name, now_s=int(now_s))
        return Server(OTHER, "")

    def pass_process(self, app: str, server: Server, *, now_s: float) -> None:
        """One more process of an app than are kept apart."""
        self._pass("processes", app, f"{server.host_name}\0{server.pid}", by=app, now_s=int(now_s))

    def passed(self) -> Iterator[tuple[str, str, Beyond]]:
        """(dimension, within, names beyond) of the caps that were passed since they were asked for."""
        for dimension, within in sorted(self._touched):
            yield dimension, within, self._beyond[dimension, within]
        self._touched.clear()

    def _app(self, app: str, now_s: int) -> str:
        # OTHER itself is no name anybody brought.
        apps = len(self._events) - (OTHER in self._events)
        if app == OTHER or app in self._events or apps < self._caps.apps:
            return app
        self._pass("apps", "", app, by=app, now_s=now_s)
        return OTHER

    def _within_stream(self, key: ActivityKey, now_s: int) -> ActivityKey:
        streams = len(self._queues) - (OTHER in self._queues)
        if key.stream not in self._queues and streams >= self._caps.streams:
            self._pass("streams", "", key.stream, by=key.app, now_s=now_s)
            key = replace(key, stream=OTHER)
        for dimension, name, known, cap in (
            ("queues", key.queue, self._queues, self._caps.queues),
            ("consumer_groups", key.consumer_group, self._groups, self._caps.consumer_groups),
        ):
            names = known.get(key.stream, ())
            if name and name not in names and len(names) >= cap:
                self._pass(dimension, key.stream, name, by=key.app, now_s=now_s)
                key = replace(key, **{"queue" if dimension == "queues" else "consumer_group": OTHER})
        return key

    def _pass(self, dimension: str, within: str, name: str, *, by: str, now_s: int) -> None:
        self._beyond[dimension, within].add(name, by=by, now_s=now_s)
        self._touched.add((dimension, within))


def key_of_others(key: ActivityKey) -> ActivityKey:
    """What keys are counted as when there is no room for any: few, however many they stand for."""
    kind = key.kind if key.kind in KINDS else OTHER
    streams = (OTHER if part else "" for part in (key.stream, key.queue, key.consumer_group))
    return ActivityKey(key.app, "", OTHER, kind, *streams)
