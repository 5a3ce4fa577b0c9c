"""
The flow of comparing with yesterday or last week: what is drawn, what ran and what ran as long before, out of SQL → the
nodes and apps that clearly behave otherwise, for the graph page.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.resolution import Resolution
from visualizer.config import kept_resolutions
from visualizer.core.behaviour_differences import difference_words, find_differences
from visualizer.core.behaviour_table import BehaviourTable, Owner, behaviour_table
from visualizer.core.compared_nodes import compared_nodes, first_seen, owners_of
from visualizer.core.compared_span import ComparedSpan, compared_span
from visualizer.core.slot_sums import joined, slots_where
from visualizer.core.untrusted import visible
from visualizer.interfaces.panel_facts import graph_address
from visualizer.interfaces.time_span import EXPECTED_BACK, EXPECTED_SPAN, read_back, read_span
from visualizer.models.behaviour_difference import NEW, BehaviourDifference
from visualizer.models.kept_topology import KeptView
from visualizer.models.node_id import VIEWS
from visualizer.repo.history_begin import read_history_begin
from visualizer.repo.history_slots import read_slots
from visualizer.repo.node_details import read_first_seen, read_keys
from visualizer.repo.topology_history import find_version, read_kept

#: Rows that are told, the worst: more than anybody reads.
MOST_ROWS = 300


@require_safe
@never_cache
def differences(request: HttpRequest, view: str) -> JsonResponse:
    """
    What find_behaviour_differences() tells for ?from=<unix second>&to=<unix second>&back_s=86400|604800; 400 with
    {"why"} for what is no range.
    """
    span, back_s = read_span(request), read_back(request)
    if span is None or not back_s or view not in VIEWS:
        return JsonResponse({"why": f"{EXPECTED_SPAN} {EXPECTED_BACK}"}, status=400)
    return JsonResponse(find_behaviour_differences(view, *span, back_s=back_s, now_s=time.time()))


def find_behaviour_differences(
    view: str, since_s: float, until_s: float, *, back_s: int, now_s: float
) -> dict[str, Any]:
    """
    What is compared: {"from_s", "until_s", "back_s"}, from_s being 0 where nothing can be; {"begun_s"}: when history
    begins, 0 for never. How much: {"compared", "differ", "gone"}: nodes that ran now or then, those that differ, and
    those that ran then and are not drawn now; {"changes"} is the address of what else changed. {"silent"}: of
    which side, "now" or "earlier", nothing at all ran: then nobody may have watched, and nothing is said.

    {"rows"}, the worst first, MOST_ROWS of them: {"id", "name", "app", "is_app", "href", "ways": of
    behaviour_difference.WAYS, "words", "since_s": of what is new, when it was first counted; else 0}.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    resolutions = kept_resolutions()
    begun_s = read_history_begin(resolutions)
    span = compared_span(resolutions, since_s, until_s, back_s=back_s, begun_s=begun_s, now_s=now_s)
    told: dict[str, Any] = {"from_s": 0, "until_s": 0, "back_s": back_s, "begun_s": begun_s or 0}
    told |= {"compared": 0, "differ": 0, "gone": 0, "changes": "", "silent": "", "rows": []}
    if span is None:
        return told
    owners = owners_of(read_keys(), view=view)
    now, then = _behaviours(resolutions, span, owners)
    drawn, was_drawn = (_kept(view, span.until_s - ago_s) for ago_s in (0, back_s))
    seen_s = first_seen(owners, read_first_seen())
    known = {name for name, at_s in seen_s.items() if at_s <= span.until_s - back_s} | then.rows.keys()
    compared = list(compared_nodes(was_drawn, drawn, known_then=known))
    ran = [one for one in compared if one.id in now.rows or one.was in then.rows]
    told |= {"from_s": span.from_s, "until_s": span.until_s, "compared": sum(not one.is_app for one in ran)}
    # A time in which nothing ran at all was not watched.
    if silent := next((name for name, side in (("now", now), ("earlier", then)) if not sum(side.runs)), ""):
        return {**told, "silent": silent}
    found, here = find_differences(ran, then, now), {one.was for one in compared}
    return {
        **told,
        "differ": sum(not one.of.is_app for one in found),
        "gone": sum(node.id in then.rows and node.id not in here for node in was_drawn.nodes),
        "changes": _changes(span),
        "rows": [_told(one, view, seen_s) for one in found[:MOST_ROWS]],
    }


def _behaviours(
    resolutions: Sequence[Resolution], span: ComparedSpan, owners: Mapping[int, Sequence[Owner]]
) -> list[BehaviourTable]:
    """Of now, and of then."""
    whiles = [(span.from_s - ago_s, span.until_s - ago_s) for ago_s in (0, span.back_s)]
    # What follows each other stands in the same blocks, in part: they are read once.
    read = whiles if span.until_s - span.from_s < span.back_s else [(whiles[1][0], span.until_s)]
    slots = joined(
        [
            read_slots(resolutions, span.width_s, from_s=from_s, until_s=until_s, activities=None)
            for from_s, until_s in read
        ]
    )
    return [
        behaviour_table(
            slots_where(slots, (slots.start_s >= from_s) & (slots.start_s < until_s)),
            owners,
            from_s=from_s,
            until_s=until_s,
        )
        for from_s, until_s in whiles
    ]


def _kept(view: str, at_s: float) -> KeptView:
    """What was drawn at a time; nothing where that is not kept, or damaged."""
    with suppress(ValueError, ObjectDoesNotExist):
        if version := find_version(at_s=at_s):
            return read_kept(version).views.get(view, KeptView())
    return KeptView()


def _changes(span: ComparedSpan) -> str:
    then, now = (datetime.fromtimestamp(at_s, UTC) for at_s in (span.until_s - span.back_s, span.until_s))
    return f"{reverse('changes')}?{urlencode({'from': f'{then:%Y-%m-%dT%H:%MZ}', 'to': f'{now:%Y-%m-%dT%H:%MZ}'})}"


def _told(found: BehaviourDifference, view: str, seen_s: Mapping[str, int]) -> dict[str, Any]:
    one = found.of
    return {
        "id": one.id,
        "name": visible(one.name),
        "app": one.app,
        "href": "" if one.is_app else graph_address(view=view, node=one.id),
        "ways": found.ways,
        "words": difference_words(found),
        "since_s": seen_s.get(one.id, 0) if NEW in found.ways else 0,
        "is_app": one.is_app,
    }
