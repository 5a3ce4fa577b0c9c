"""Which requests had a tracked header with some value: of those that are kept whole, and of failures."""

from __future__ import annotations

from collections.abc import Iterable

from collector.lib.value_hash import value_hash
from collector.models.batch import KeptEntry
from visualizer.models.operation import MOST_ENTRIES
from visualizer.repo.text_column import cut
from visualizer.repo.tracked_models import TrackedValue
from visualizer.repo.upsert import upsert

_ADD = "INSERT INTO visualizer_trackedvalue (value_hash, request_id, timestamp_s)"
#: A batch that says it has more than that is not ours.
_LARGEST = 2**63


def add_tracked(entries: Iterable[KeptEntry]) -> None:
    """Keep the tracked values of entries that have a request id; what is kept already stays as it is."""
    rows: dict[tuple[int, str], float] = {}
    for entry in entries:
        request_id = cut(entry.request_id, 128)
        for value in entry.tracked if request_id else ():
            if 0 <= value < _LARGEST:
                rows.setdefault((value, request_id), entry.timestamp_s)
    upsert(_ADD, "ON CONFLICT (value_hash, request_id) DO NOTHING", [(*key, rows[key]) for key in sorted(rows)])


def find_tracked(value: str) -> list[str]:
    """Request ids that had it in any tracked header; the newest first."""
    rows = TrackedValue.objects.filter(value_hash=value_hash(value.encode("utf-8", "replace")))
    return list(rows.order_by("-timestamp_s").values_list("request_id", flat=True)[:MOST_ENTRIES])
