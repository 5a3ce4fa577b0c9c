"""What everybody should know whatever page they look at: limits of names that were passed in the last hour."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.name_caps import NameCaps
from visualizer.config import read_options
from visualizer.core.limit_words import limit_words
from visualizer.repo.cardinality import read_limits
from visualizer.repo.incidents import count_open

#: A limit that was passed before is over.
LATELY_S = 3600.0
#: More of them would hide the page they stand on.
MOST = 3


@require_safe
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """templates/_notices.html: sentences, none when there is nothing to say; and how many incidents are open."""
    return render(request, "_notices.html", {"notices": read_notices(time.time()), "incidents": count_open()})


def read_notices(now_s: float) -> list[str]:
    """Sentences, those of the most names first."""
    limits = sorted(read_limits(since_s=now_s - LATELY_S), key=lambda limit: -limit.names_beyond)
    more = len(limits) - MOST
    caps = NameCaps.of(read_options().most_names)
    sentences = [limit_words(limit, most=getattr(caps, limit.dimension, None)) for limit in limits[:MOST]]
    return [*sentences, f"{more} more limits of names were passed."] if more > 0 else sentences
