"""
How a node, an edge or everything did from one time to another: for charts, the API and time in the page. The resolution
is picked by the range; what is asked for is answered whether or not a worker has compacted it (docs/history.md).
"""

from __future__ import annotations

from collections.abc import Collection

from collector.lib.clock import now_s
from visualizer.config import kept_resolutions
from visualizer.core.history_steps import MOST_POINTS
from visualizer.interfaces.panel_facts import Belongs, PanelFacts
from visualizer.models.history_series import HistorySeries
from visualizer.models.node_id import STREAM_MARK
from visualizer.repo.history_begin import read_history_begin
from visualizer.repo.history_series import read_beside_earlier, read_series
from visualizer.repo.history_slots import OF_ALL
from visualizer.repo.node_details import read_keys


def read_node_history(
    facts: PanelFacts, node_id: str, *, since_s: float, until_s: float, most: int = MOST_POINTS
) -> HistorySeries:
    """
    What belongs to a node in [since_s, until_s), unix seconds; of a stream times are waits, else what runs took.

    Args:
        facts: panel_facts.read_facts(view).
        most: points at most.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    waits = node_id.startswith(STREAM_MARK)
    return _read(_ids(facts.belongs(node_id)), since_s, until_s, waits=waits, most=most)


def read_app_history(app: str, *, since_s: float, until_s: float, most: int = MOST_POINTS) -> HistorySeries:
    """What an app ran, by its key. Args and Raises: as read_node_history."""
    return _read(_ids(lambda key: key.app == app), since_s, until_s, waits=False, most=most)


def read_whole_history(*, since_s: float, until_s: float, most: int = MOST_POINTS) -> HistorySeries:
    """Everything that ran, together. Args and Raises: as read_node_history."""
    return _read(OF_ALL, since_s, until_s, waits=False, most=most)


def read_whole_beside_earlier(
    *, since_s: float, until_s: float, back_s: int
) -> tuple[HistorySeries, HistorySeries, int | None]:
    """
    Everything that ran, the same so many seconds earlier in the same steps, and since when history is kept at all.
    Raises: as read_node_history.
    """
    resolutions = kept_resolutions()
    series = read_beside_earlier(resolutions, OF_ALL, since_s=since_s, until_s=until_s, back_s=back_s, now_s=now_s())
    return *series, read_history_begin(resolutions)


def _ids(belongs: Belongs) -> list[int]:
    return [pk for pk, key in read_keys().items() if belongs(key)]


def _read(activities: Collection[int], since_s: float, until_s: float, *, waits: bool, most: int) -> HistorySeries:
    return read_series(
        kept_resolutions(),
        activities,
        since_s=since_s,
        until_s=until_s,
        now_s=now_s(),
        waits=waits,
        most=most,
    )
