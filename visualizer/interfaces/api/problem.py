"""What goes wrong in the API, as application/problem+json (RFC 9457): what was expected, and what came."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse

from visualizer.models.api_answer import Problem

MEDIA_TYPE = "application/problem+json"
#: Redis or a database that is started again answers within this, as a rule.
RETRY_AFTER_S = 5


class ApiProblem(Exception):
    """The question cannot be answered."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def unavailable() -> ApiProblem:
    """Redis or the database is away."""
    detail = "Redis or the database does not answer now. Ask again in a while."
    return ApiProblem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def problem_response(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    """
    The answer that tells it. Of what was asked for it shows the path alone: somebody may have put a secret into the
    query.
    """
    told = Problem(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        instance=request.path,
    )
    return HttpResponse(
        msgspec.json.encode(told),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )
