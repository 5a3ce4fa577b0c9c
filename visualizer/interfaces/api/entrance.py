"""All of /api/: one view in front of it, which touches no session and wants no CSRF token, as nothing here changes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from visualizer.interfaces.other_slash import lead_there, right_address


@login_not_required
@csrf_exempt
def api(request: HttpRequest) -> HttpResponseBase:
    """What the API answers; whatever goes wrong is told as application/problem+json."""
    # 15 MiB and a third of a second: only who asks pays for it.
    from visualizer.interfaces.api.answering import answer

    return lead_there(request, right_address(request)) or answer(request)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """templates/api_docs.html: the OpenAPI document for people."""
    from visualizer.interfaces.api.docs_page import docs_context

    return render(request, "api_docs.html", docs_context())
