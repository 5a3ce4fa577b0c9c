"""UsualRates: what each event ran in the last minutes and at this hour on days before, out of history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from collector.models.activity import CALL, CALLER, PUBLISH, Status
from collector.models.resolution import Resolution
from visualizer.core.usual_rate import DAYS, HOUR_S, WINDOW_S, deviations, unusual_words
from visualizer.models.node_id import STANDARD, activity_event_id
from visualizer.repo.history_slots import read_slots
from visualizer.repo.node_details import read_keys

_DAY_S = 86400
#: Numbers of ten minutes do not move faster.
EVERY_S = 30.0
_TEN_S = 10


class UsualRates:
    """One a process: days before are read once an hour."""

    def __init__(self) -> None:
        self._hour_s = 0
        self._days: list[Counter[str]] = []
        self._looked_s = 0.0
        self._found: dict[str, tuple[float, str]] = {}

    def look(self, resolutions: Sequence[Resolution], *, now_s: float) -> Mapping[str, tuple[float, str]]:
        """
        Node id of the standard view → (deviations from the usual, the sentence about it), where that is known.

        Raises:
            ValueError: a block of history is damaged.
            django.db.DatabaseError: the database does not answer.
        """
        if 0 <= now_s - self._looked_s < EVERY_S:
            return self._found
        names = {pk: activity_event_id(key, view=STANDARD) for pk, key in read_keys().items() if _runs(key.kind)}
        hour_s = int(now_s) // HOUR_S * HOUR_S
        if hour_s != self._hour_s:
            width_s = max(each.width_s for each in resolutions if each.width_s <= HOUR_S)
            starts = [hour_s - day * _DAY_S for day in range(1, DAYS + 1)]
            read = [_count(resolutions, width_s, start, start + HOUR_S, names) for start in starts]
            # A day on which nothing ran at all was not watched.
            self._days = [day for day in read if day]
            self._hour_s = hour_s
        until_s = int(now_s) // _TEN_S * _TEN_S
        recent = _count(resolutions, _TEN_S, until_s - WINDOW_S, until_s, names)
        self._found = {}
        for node in {*recent, *(node for day in self._days for node in day)}:
            of_days = [day[node] for day in self._days]
            if (found := deviations(recent[node], of_days)) is not None:
                self._found[node] = found, unusual_words(recent[node], of_days)
        self._looked_s = now_s
        return self._found


def _count(
    resolutions: Sequence[Resolution], width_s: int, from_s: int, until_s: int, names: Mapping[int, str]
) -> Counter[str]:
    """Node id → runs in [from_s, until_s): those that began, or those that ended where begins are not told."""
    started, ended = Counter[str](), Counter[str]()
    for (_, activity_id, _), counts in read_slots(
        resolutions, width_s, from_s=from_s, until_s=until_s, activities=None
    ):
        if node := names.get(activity_id):
            started[node] += counts.statuses[Status.START]
            ended[node] += counts.ended
    return started | ended


def _runs(kind: str) -> bool:
    return kind not in (CALL, CALLER, PUBLISH)
