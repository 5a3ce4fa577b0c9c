"""Processes and when they were seen → what changed about them: replaced, more, fewer, or none that stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from visualizer.core.process_ends import DAY_S, ENOUGH_SLOTS, LEAST_S, ProcessEnds
from visualizer.models.process_change import FEWER, LOOP, MORE, RESTART, ProcessChange
from visualizer.models.seen_process import SeenProcess

#: What comes, or goes, so shortly after each other is one change: hosts are restarted one after the other.
FOLD_S = 120
#: So many short lives on one host, each so shortly after the one before, are a loop.
SHORT_LIVES, LOOP_S = 4, 300
#: Of an app, those that came last: each is held against each.
MOST_OF_APP = 300
#: Who lives for so long was meant to stay.
STAYS_S = 600
#: Whoever was there would have been heard so often before.
_HEARD = 10


def find_loops(processes: Iterable[SeenProcess], ends: ProcessEnds) -> list[ProcessChange]:
    """The loops alone, in order of their beginning, however many lives they have."""
    found = (_loop_change(loop) for of_app in _by_app(processes) for loop in _loops(of_app, ends))
    return sorted(found, key=lambda each: each.at_s)


def find_process_changes(processes: Iterable[SeenProcess], ends: ProcessEnds) -> list[ProcessChange]:
    """Everything that changed, in order of its beginning; what nobody can tell yet is left out."""
    found = (each for of_app in _by_app(processes) for each in _of_app(of_app[-MOST_OF_APP:], ends))
    return sorted(found, key=lambda each: each.at_s)


def _by_app(processes: Iterable[SeenProcess]) -> Iterable[list[SeenProcess]]:
    """Of each app, in order of their coming."""
    apps = defaultdict[str, list[SeenProcess]](list)
    for process in sorted(processes, key=lambda one: (one.first_s, one)):
        apps[process.name].append(process)
    return apps.values()


def _of_app(processes: Sequence[SeenProcess], ends: ProcessEnds) -> Iterator[ProcessChange]:
    over = set[SeenProcess]()
    lasting, newest_listed_s = list(processes), ends.newest_listed_s(processes)
    for loop in _loops(processes, ends):
        yield _loop_change(loop)
        over.update(loop.made_room)
        told = {*loop.lives, *loop.followed_by(processes)[: max(1, len(loop.made_room))]}
        lasting = [one for one in lasting if one not in told]
    for came in _folded(lasting, lambda one: one.first_s):
        first_s, until_s = came[0].first_s, came[-1].first_s + FOLD_S
        here = (one for one in lasting if one.first_s < first_s and one.last_s <= until_s)
        lately = (one for one in here if one.last_s >= first_s - DAY_S or one.server.host_name in newest_listed_s)
        silent = [one for one in lately if one not in over]
        went = [one for one in silent if ends.made_room(one, came, newest_listed_s)]
        unsure = [one for one in silent if one not in went and ends.may_have_made_room(one, came)]
        hosts = {one.server.host_name for one in came}
        went.sort(key=lambda one: (one.server.host_name not in hosts, -one.last_s, one))
        went = went[: len(came)]
        over.update(went)
        if went:
            yield _change(RESTART, went, came, len(went))
        stayed = [one for one in came if _is_new(one, known_s=processes[0].first_s)]
        if more := stayed[len(went) + len(unsure) :]:
            yield _change(MORE, [], more, len(more))
    left = [one for one in lasting if one not in over]
    left = [one for one in left if ends.left(one, (other for other in lasting if other != one))]
    for went in _folded(sorted(left, key=lambda one: (one.last_s, one)), lambda one: one.last_s):
        yield _change(FEWER, went, [], len(went))


def _is_new(one: SeenProcess, *, known_s: float) -> bool:
    """Did it come then? One that seldom says something may have been there before."""
    is_heard = one.slots >= ENOUGH_SLOTS and one.lived_s >= LEAST_S
    return is_heard and one.first_s - known_s > _HEARD * one.pace_s


@dataclass(frozen=True, slots=True)
class _Loop:
    """Short lives on one host, one after the other."""

    #: The processes, in order of their coming.
    lives: Sequence[SeenProcess]
    #: Those that stayed until then.
    made_room: Sequence[SeenProcess]

    @property
    def ended_s(self) -> int:
        """Newest line of all."""
        return max(one.last_s for one in self.lives)

    def followed_by(self, processes: Iterable[SeenProcess]) -> list[SeenProcess]:
        """Who came next on the host."""
        host, last_s = self.lives[-1].server.host_name, self.lives[-1].first_s
        return [one for one in processes if one.server.host_name == host and 0 < one.first_s - last_s <= LOOP_S]


def _loops(processes: Sequence[SeenProcess], ends: ProcessEnds) -> Iterator[_Loop]:
    """Of an app whose processes are meant to stay."""
    staying = [one for one in processes if one.lived_s >= STAYS_S and one.slots >= ENOUGH_SLOTS]
    if not staying:
        return
    pace_s = max(staying, key=lambda one: one.slots).pace_s
    hosts = defaultdict[str, list[SeenProcess]](list)
    for one in processes:
        if ends.was_short(one, pace_s):
            hosts[one.server.host_name].append(one)
    for host, short in hosts.items():
        for lives in _folded(short, lambda one: one.first_s, within_s=LOOP_S):
            began_s, ended_s = lives[0].first_s, lives[-1].last_s
            stays = [one for one in staying if one.server.host_name == host and one.first_s < began_s]
            # Beside one that goes on, jobs of the same app may come and go.
            goes_on = any(one.last_s > ended_s for one in stays)
            made_room = [one for one in stays if began_s - LOOP_S <= one.last_s <= ended_s]
            if len(lives) >= SHORT_LIVES and (made_room or not goes_on):
                yield _Loop(lives, made_room)


def _folded(
    processes: Iterable[SeenProcess], at_s: Callable[[SeenProcess], int], *, within_s: int = FOLD_S
) -> Iterator[list[SeenProcess]]:
    """Those in order that follow each other so closely, together."""
    group: list[SeenProcess] = []
    for one in processes:
        if group and at_s(one) - at_s(group[-1]) > within_s:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _loop_change(loop: _Loop) -> ProcessChange:
    return _change(LOOP, [], loop.lives, len(loop.lives), until_s=loop.ended_s)


def _change(
    kind: str, went: Sequence[SeenProcess], came: Sequence[SeenProcess], count: int, *, until_s: float | None = None
) -> ProcessChange:
    times = [one.first_s for one in came] or [one.last_s for one in went]
    return ProcessChange(
        kind=kind,
        before=tuple(sorted({one.app for one in went or came})),
        after=tuple(sorted({one.app for one in came or went})),
        hosts=tuple(sorted({one.server.host_name for one in came or went})),
        count=count,
        at_s=float(min(times)),
        until_s=float(max(times) if until_s is None else until_s),
    )
