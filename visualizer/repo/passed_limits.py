"""Tells in SQL which caps of names were passed. Reading it is repo/cardinality.py."""

from __future__ import annotations

from collections.abc import Iterable

from visualizer.core.capped_names import Beyond
from visualizer.repo.text_column import cut
from visualizer.repo.upsert import upsert

_LIMIT = (
    """INSERT INTO visualizer_cardinalitylimit (dimension, within, shard, names_beyond, offender, first_s, last_s)"""
)
# Who began again begins its estimate again, too.
_ADD_LIMIT = """
ON CONFLICT (dimension, within, shard) DO UPDATE SET
  names_beyond = CASE WHEN excluded.names_beyond > visualizer_cardinalitylimit.names_beyond
    THEN excluded.names_beyond ELSE visualizer_cardinalitylimit.names_beyond END,
  offender = excluded.offender, last_s = excluded.last_s
"""


def add_passed_limits(passed: Iterable[tuple[str, str, Beyond]], *, shard: int) -> None:
    """Add (dimension, within, names beyond), each pair of the first two once."""
    rows = [
        (dimension, within, shard, each.names.count(), cut(each.offender, 256), each.first_s, each.last_s)
        for dimension, within, each in passed
    ]
    upsert(_LIMIT, _ADD_LIMIT, rows)
