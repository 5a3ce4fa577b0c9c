"""Which processes are over. Who says nothing is not gone for that: docs/time.md has the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collector.models.activity import Server
from visualizer.models.seen_hour import SLOT_S
from visualizer.models.seen_process import SeenProcess

#: Whoever was seen in fewer slots has no pace.
ENOUGH_SLOTS = 5
#: So many times its usual pace a process may be silent.
_PACES = 10
#: So many times the longest silence of those that go on, and of itself where nobody took its place.
_SILENCES = 3
#: Nobody is missed for less; and not where nobody took the place.
LEAST_S, LEAST_ALONE_S = 60, 300
#: Whoever was silent for so long, and is listed by nobody, is over.
DAY_S = 86400
#: What was silent for longer when another one came, did not make room for it.
_LATELY_S = 3600
#: App key → the processes that the hosts list.
Listed = Mapping[str, frozenset[Server]]


@dataclass(frozen=True, slots=True)
class ProcessEnds:
    """What is known at one moment."""

    #: Unix second up to which logs are read.
    read_to_s: float
    #: Of all hosts that answer; None while nobody looks: then only a day of silence tells anything.
    listed: Listed | None
    #: Processes whose lines nobody reads, while those of others are read.
    unseen: frozenset[Server] = frozenset()

    def is_listed(self, process: SeenProcess) -> bool:
        """A host says that it runs, whatever its log says."""
        return self.listed is not None and process.server in self.listed.get(process.app, ())

    def silent_s(self, process: SeenProcess) -> float:
        """How long; 0 of one that is listed, and while it cannot be told."""
        silent_s = self.read_to_s - process.last_s
        is_hidden = self.listed is None or process.server in self.unseen
        is_unsure = self.is_listed(process) or (is_hidden and silent_s < DAY_S)
        return 0.0 if is_unsure else silent_s

    def newest_listed_s(self, of_app: Iterable[SeenProcess]) -> dict[str, int]:
        """Host → when the newest process that a host lists was seen first."""
        newest_s: dict[str, int] = {}
        for one in filter(self.is_listed, of_app):
            newest_s[one.server.host_name] = max(newest_s.get(one.server.host_name, 0), one.first_s)
        return newest_s

    def made_room(self, old: SeenProcess, came: Sequence[SeenProcess], newest_listed_s: Mapping[str, int]) -> bool:
        """Is it over, and was it there until these came?"""
        first_s, silent_s = min(one.first_s for one in came), self.silent_s(old)
        if silent_s < LEAST_S:
            return False
        host = old.server.host_name
        if newest_listed_s.get(host, 0) > old.last_s and any(
            one.server.host_name == host and one.first_s > old.last_s for one in came
        ):
            # Its host lists another one, which came after its last word.
            return True
        if silent_s >= DAY_S and old.last_s >= first_s - _LATELY_S:
            return True
        gaps = [one.gap_s for one in came if one.lived_s >= LEAST_S]
        if not gaps or old.slots < ENOUGH_SLOTS:
            return False
        limit_s = max(LEAST_S, _PACES * old.pace_s, _SILENCES * (max(gaps) + SLOT_S))
        return silent_s > limit_s and old.last_s >= first_s - limit_s

    def may_have_made_room(self, old: SeenProcess, came: Sequence[SeenProcess]) -> bool:
        """Is it silent since these came, and nobody can tell yet? One that seldom says something is not waited for."""
        first_s, limit_s = min(one.first_s for one in came), max(LEAST_S, _PACES * old.pace_s)
        is_usual = old.slots >= ENOUGH_SLOTS and limit_s <= _LATELY_S
        return is_usual and old.last_s >= first_s - limit_s and not self.is_listed(old)

    def left(self, old: SeenProcess, others: Iterable[SeenProcess]) -> bool:
        """Is it over, though nobody came: do the others go on without it?"""
        silent_s = self.silent_s(old)
        if old.slots < ENOUGH_SLOTS or silent_s <= max(LEAST_ALONE_S, _PACES * old.pace_s):
            return False
        going_on = [one for one in others if one.last_s > old.last_s]
        if not going_on:
            return False
        longest_s = max(one.gap_s for one in (old, *going_on)) + SLOT_S
        limit_s = max(LEAST_ALONE_S, _PACES * old.pace_s, _SILENCES * longest_s)
        return silent_s > limit_s and any(one.last_s > old.last_s + limit_s for one in going_on)

    def was_short(self, one: SeenProcess, pace_s: float) -> bool:
        """
        Did it end soon after it came?

        Args:
            pace_s: of the processes of the app that stay.
        """
        return one.lived_s < LEAST_S and self.silent_s(one) > max(LEAST_S, _PACES * pace_s)
