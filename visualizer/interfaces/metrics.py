"""/metrics for Prometheus: read from Redis and SQL at each scrape, so it is the same from every web process."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from visualizer.config import read_options
from visualizer.interfaces.machine_access import may_ask
from visualizer.interfaces.scrape import Scrape


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For loopback, or with `Authorization: Bearer <EVENTSCOPE_METRICS_TOKEN>`."""
    if not _may_read(request):
        return HttpResponseForbidden("metrics need the token, or to be asked for from this machine\n")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Scrape())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    return may_ask(
        token=read_options().metrics_token,
        authorization=request.headers.get("Authorization", ""),
        header_names={name.lower() for name in request.headers},
        address=request.META["REMOTE_ADDR"],
    )
