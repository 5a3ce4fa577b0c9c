"""/metrics for Prometheus: read from Redis and SQL at each scrape, so it is the same from every web process."""

from __future__ import annotations

from ipaddress import ip_address
from secrets import compare_digest

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from visualizer.config import read_options
from visualizer.interfaces.scrape import Scrape

#: Headers of a proxy: behind one, everybody comes from loopback.
_PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


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
    token = read_options().metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and compare_digest(given.encode(), token.get_secret_value().encode()):
        return True
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:
        return False
