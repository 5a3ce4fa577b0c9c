"""Places everything of a view afresh when somebody asks for it, for everybody, and takes that back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import redis
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from collector.models.errors import StoreUnavailable
from visualizer.config import read_options
from visualizer.interfaces.build_topology import content_version, read_connected
from visualizer.interfaces.draw_topology import draw
from visualizer.models.errors import PlacesInDispute
from visualizer.models.layout import Layout
from visualizer.models.node_id import VIEWS
from visualizer.models.topology import Topology
from visualizer.repo.places import NOWHERE, KeptPlaces
from visualizer.repo.topology import keep_drawn
from visualizer.resources import shared_redis

log = logging.getLogger(__name__)


@require_POST
def tidy(request: HttpRequest) -> JsonResponse:
    """Place everything of `view` afresh: {"moved": how many nodes}. Everybody gets it as a delta."""
    return _answer(request, tidy_view)


@require_POST
def untidy(request: HttpRequest) -> JsonResponse:
    """Take the last tidying of `view` back: {"moved": how many nodes}."""
    return _answer(request, take_back)


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


def _answer(request: HttpRequest, move: Callable[..., int]) -> JsonResponse:
    view = request.POST.get("view", "")
    if view not in VIEWS:
        return JsonResponse({"error": f"view must be one of {', '.join(VIEWS)}"}, status=400)
    try:
        hide_after_s = read_options().hide_after_s
        moved = move(shared_redis(), view, now=datetime.now(UTC), hide_after_s=hide_after_s)
    except (redis.RedisError, StoreUnavailable, PlacesInDispute) as exc:
        log.warning("places_not_changed: %s", exc)
        return JsonResponse({"error": "not now: Redis does not answer, or others move the same view"}, status=503)
    return JsonResponse({"moved": moved})


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
