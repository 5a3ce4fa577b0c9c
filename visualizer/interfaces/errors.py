"""
What people see when a page fails or is not there, and machines when the API does: no traceback, and an id to look for
in the log; and when the database is away.
"""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from secrets import token_hex

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import defaults

from visualizer.interfaces.api.problem import RETRY_AFTER_S, ApiProblem, problem_response, unavailable
from visualizer.interfaces.other_slash import lead_there, right_address

log = logging.getLogger(__name__)

#: Here machines ask.
API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The answer to what Django takes no further: another host's name, too many fields."""
    if request.path.startswith(API):
        detail = "Expected a request that this server is made for, under one of its names (ALLOWED_HOSTS)."
        return problem_response(request, ApiProblem(HTTPStatus.BAD_REQUEST, detail))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The answer where there is nothing: the way to the same address with the other end, where there is something."""
    # Of what a view does not find, the address was right.
    right = "" if request.resolver_match else right_address(request)
    return lead_there(request, right) or render(request, "404.html", {"right": right}, status=HTTPStatus.NOT_FOUND)


def page_failed(request: HttpRequest) -> HttpResponse:
    """The answer to an error of ours; Django logs the traceback right before. 503 while the database is away."""
    error_id = token_hex(4)
    log.error("page_failed id=%s path=%s", error_id, ascii(request.path))
    is_away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    if request.path.startswith(API):
        detail = f"Eventscope made a mistake. Its log tells more of it under the id {error_id}."
        failed = ApiProblem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)
        return problem_response(request, unavailable() if is_away else failed)
    if is_away:
        # Nobody can be looked up, so the page is drawn for nobody.
        response = render(request, "503.html", {"error_id": error_id, "user": AnonymousUser()}, status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return render(request, "500.html", {"error_id": error_id}, status=500)
