"""
OpenRuns: which runs are open, by source, activity and process, as claimed batches tell it.

What batches change is worked out first and taken over when it is committed: a transaction that fails leaves nothing
behind, and a batch that is claimed once counts once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from visualizer.core.roll_up import ClaimedBatch
from visualizer.models.open_run import OpenPlace, OpenRun, Place

#: Known by their ids, of one place and of one source; of what is beyond only the number is.
MOST_OF_PLACE, MOST_OF_SOURCE = 256, 2048
#: What began longer ago ended unseen.
MOST_AGE_S = 86400
_NOTHING = OpenPlace()
#: Of one source.
Places = dict[Place, OpenPlace]


class OpenRuns:
    """Of one shard, by the id of the source."""

    def __init__(self) -> None:
        self._sources: dict[int, Places] = {}
        #: Place → sources that have it: a run that begins in a file may end in the one after it.
        self._sources_of: defaultdict[Place, set[int]] = defaultdict(set)

    def __iter__(self) -> Iterator[tuple[int, Place, OpenPlace]]:
        return ((source, place, found) for source, places in self._sources.items() for place, found in places.items())

    def after(self, claimed: Iterable[ClaimedBatch], *, now_s: float) -> dict[int, Places]:
        """What the sources that these batches change are after them; they are in the order of each source."""
        changed: dict[int, Places] = {}
        for each in claimed:
            batch = each.batch
            if not batch.tells_open:
                # Nobody knows which of its runs have ended.
                if self._sources.get(each.source_id) or changed.get(each.source_id):
                    changed[each.source_id] = {}
            elif batch.opened or batch.other_runs:
                places = self._copy(changed, each.source_id)
                for place, runs in _close(places, each, now_s).items():
                    left = len(runs) - self._close_elsewhere(changed, place, runs, each.source_id, now_s)
                    if left and place in places:
                        _put(places, place, _fewer(places[place], left))
                _open(places, each, now_s)
        return changed

    def without(self, gone: Collection[Place], *, now_s: float) -> dict[int, Places]:
        """What the sources are without the runs on processes that are gone, and without what is too old."""
        changed: dict[int, Places] = {}
        for source_id, places in self._sources.items():
            kept: Places = {}
            for place, found in places.items():
                if place not in gone and now_s - found.changed_s < MOST_AGE_S:
                    young = tuple(run for run in found.runs if now_s - run.began_s < MOST_AGE_S)
                    _put(kept, place, found if len(young) == len(found.runs) else OpenPlace(young, found.more, now_s))
            if kept != places:
                changed[source_id] = kept
        return changed

    def take(self, changed: Mapping[int, Places]) -> None:
        """These are the sources now."""
        for source_id, places in changed.items():
            for place in self._sources.pop(source_id, {}):
                self._sources_of[place].discard(source_id)
                if not self._sources_of[place]:
                    # Processes come and go: what nobody has any more must not stay.
                    del self._sources_of[place]
            if places:
                self._sources[source_id] = places
            for place in places:
                self._sources_of[place].add(source_id)

    def _copy(self, changed: dict[int, Places], source_id: int) -> Places:
        if source_id not in changed:
            changed[source_id] = dict(self._sources.get(source_id, {}))
        return changed[source_id]

    def _close_elsewhere(
        self, changed: dict[int, Places], place: Place, runs: Sequence[int], own: int, now_s: float
    ) -> int:
        """End runs that began in another file of the same process; returns how many were found."""
        found = 0
        # It may have begun in a batch that is only just claimed, too.
        begun = {source_id for source_id, places in changed.items() if place in places}
        for source_id in sorted((self._sources_of.get(place, set()) | begun) - {own}):
            known = (changed if source_id in changed else self._sources)[source_id].get(place)
            if known is not None:
                left, unknown = _closed(known, runs, now_s)
                if len(unknown) < len(runs):
                    found += len(runs) - len(unknown)
                    _put(self._copy(changed, source_id), place, left)
                    runs = unknown
        return found


def _close(places: Places, claimed: ClaimedBatch, now_s: float) -> dict[Place, list[int]]:
    """End what a batch closes; returns what of it is not known, by place."""
    unknown: dict[Place, list[int]] = {}
    batch = claimed.batch
    for other in batch.other_runs:
        place = claimed.activity_ids[other.key], claimed.server_ids[other.server]
        known = places.get(place)
        if known is None:
            if other.closed:
                unknown.setdefault(place, []).extend(other.closed)
            continue
        left, missing = _closed(known, other.closed, now_s)
        if other.more_closed:
            # Any of these may be among what is not told: only their number is sure.
            kept = tuple(run for run in left.runs if other.closed and run.run < other.closed[-1])
            left = _fewer(OpenPlace(kept, left.more + len(left.runs) - len(kept), now_s), other.more_closed)
        _put(places, place, left)
        if missing:
            unknown.setdefault(place, []).extend(missing)
    return unknown


def _open(places: Places, claimed: ClaimedBatch, now_s: float) -> None:
    batch = claimed.batch
    opened, more = defaultdict[Place, list[OpenRun]](list), Counter[Place]()
    for run in batch.opened:
        place = claimed.activity_ids[run.key], claimed.server_ids[run.server]
        if now_s - run.timestamp_s < MOST_AGE_S:
            began_s = min(run.timestamp_s, now_s)
            opened[place].append(OpenRun(began_s, run.run, run.operation_id, run.request_id))
    for other in batch.other_runs:
        if other.more_opened:
            more[claimed.activity_ids[other.key], claimed.server_ids[other.server]] += other.more_opened
    room = MOST_OF_SOURCE - sum([len(found.runs) for found in places.values()])
    for place in {**opened, **more}:
        known, began = places.get(place, _NOTHING), opened.get(place, [])
        told = began[: max(0, min(MOST_OF_PLACE - len(known.runs), room))]
        room -= len(told)
        beyond = more[place] + len(began) - len(told)
        _put(places, place, OpenPlace((*known.runs, *told), known.more + beyond, now_s))


def _closed(known: OpenPlace, runs: Sequence[int], now_s: float) -> tuple[OpenPlace, list[int]]:
    """What is left when these end, of equal ones the last; and those that are not known."""
    ending: dict[int, int] = {}
    for run in runs:
        ending[run] = ending.get(run, 0) + 1
    kept = []
    for each in reversed(known.runs):
        if left := ending.get(each.run):
            ending[each.run] = left - 1
        else:
            kept.append(each)
    if len(kept) == len(known.runs):
        return known, list(runs)
    unknown = [run for run, left in ending.items() for _ in range(left)]
    return OpenPlace(tuple(reversed(kept)), known.more, now_s), unknown


def _fewer(known: OpenPlace, ended: int) -> OpenPlace:
    """So many ended of which only the number is known. More may end than began: a file was not read from its start."""
    return OpenPlace(known.runs, max(0, known.more - ended), known.changed_s)


def _put(places: Places, place: Place, found: OpenPlace) -> None:
    if found.runs or found.more:
        places[place] = found
    else:
        places.pop(place, None)
