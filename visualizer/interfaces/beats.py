"""How all apps did in the last quarter of an hour, as JSON for the cards of the graph: the same for every viewer."""

from __future__ import annotations

import time

import msgspec
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.beat_states import beat_states
from visualizer.models.beat import BEAT_S
from visualizer.repo.beats import read_beats

#: History is counted some seconds after it happened: so long the newest beat may still grow.
_KEPT_S = 10


@require_safe
@never_cache
def beats(request: HttpRequest) -> HttpResponse:
    """{"end_s", "beat_s", "apps": {key: [[runs, state] …]}}, oldest first (static/js/beats.js)."""
    end_s = int(time.time()) // BEAT_S * BEAT_S
    text = cache.get_or_set(f"beats-{end_s}", lambda: _text(end_s), _KEPT_S)
    return HttpResponse(text, content_type="application/json")


def _text(end_s: int) -> bytes:
    apps = {key: beat_states(beats) for key, beats in read_beats(end_s).items()}
    return msgspec.json.encode({"end_s": end_s, "beat_s": BEAT_S, "apps": apps})
