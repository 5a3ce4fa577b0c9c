"""Places everything of a view afresh when somebody asks for it, for everybody, and takes that back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import redis

from visualizer.interfaces.build_topology import content_version, read_connected
from visualizer.interfaces.draw_topology import draw
from visualizer.models.layout import Layout
from visualizer.models.topology import Topology
from visualizer.repo.places import NOWHERE, KeptPlaces
from visualizer.repo.topology import keep_drawn


def tidy_view(client: redis.Redis, view: str, *, now: datetime, hide_after_s: float) -> int:
    """
    Place a view afresh.

    Returns:
        How many nodes have moved. When none had to, what an earlier tidying can be taken back to stays.

    Raises:
        redis.RedisError, django.db.DatabaseError: one of them does not answer; the next refresh mends what is half
            done.
        PlacesInDispute: others placed the same view again and again.
    """

    def before(kept: KeptPlaces, moved: int) -> Layout | None:
        return kept.layout if moved else kept.before_tidy

    return _draw(client, _topology(client, view, now, hide_after_s), former=lambda _: NOWHERE, before_tidy=before)


def take_back(client: redis.Redis, view: str, *, now: datetime, hide_after_s: float) -> int:
    """
    Put everything where it stood before the last tidying; what is new since stands beside it.

    Returns:
        How many nodes have moved; 0 when there is nothing to take back.

    Raises: as tidy_view.
    """

    def former(kept: KeptPlaces) -> Layout:
        return kept.before_tidy or kept.layout

    topology = _topology(client, view, now, hide_after_s)
    return _draw(client, topology, former=former, before_tidy=lambda _, __: None)


def _topology(client: redis.Redis, view: str, now: datetime, hide_after_s: float) -> Topology:
    found = read_connected(client, now=now, hide_after_s=hide_after_s)
    return next(topology for topology in found.topologies if topology.view == view)


def _draw(
    client: redis.Redis,
    topology: Topology,
    *,
    former: Callable[[KeptPlaces], Layout],
    before_tidy: Callable[[KeptPlaces, int], Layout | None],
) -> int:
    drawn, moved = draw(topology, content=content_version(topology), former=former, before_tidy=before_tidy)
    keep_drawn(client, [drawn])
    return moved
