"""The API itself: where endpoints enter themselves, how what they return becomes JSON, what errors become."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
import redis
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import BaseRenderer

from collector.models.errors import StoreUnavailable
from visualizer.interfaces.api.access import MayRead
from visualizer.interfaces.api.problem import ApiProblem, problem_response, unavailable
from visualizer.models.errors import NoSuchTopology

VERSION = "v1"
#: Of a parameter that is not taken, so much is shown again.
MAX_CAME_CHARS = 80
F = TypeVar("F", bound=Callable[..., Any])


class Json(BaseRenderer):
    """Structs as JSON; they are what their types say, so nothing is checked again."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body."""
        return msgspec.json.encode(data)


api = NinjaAPI(
    title="Eventscope",
    version=VERSION,
    description="What apps declare and are seen to do: one live graph. Everything is read only.",
    renderer=Json(),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)
#: Operation → type of its answer, None for one that is no JSON.
answers: dict[str, Any] = {}
#: Operation → the scope it wants.
scopes: dict[str, str] = {}
#: Operation → what one should know of it, "" for nothing.
notes: dict[str, str] = {}


def get(path: str, *, answer: Any, scope: str) -> Callable[[F], F]:
    """Decorator: enter an endpoint. Its docstring's first line says what it answers, the rest what one should know."""

    def enter(endpoint: F) -> F:
        first, _, rest = (endpoint.__doc__ or "").strip().partition("\n")
        name = endpoint.__name__
        answers[name], scopes[name], notes[name] = answer, scope, " ".join(rest.split())
        api.get(path, auth=MayRead(scope), operation_id=name, summary=first.rstrip("."))(endpoint)
        return endpoint

    return enter


@api.exception_handler(ApiProblem)
def tell_problem(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    """As it is."""
    return problem_response(request, problem)


@api.exception_handler(ValidationError)
def tell_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which parameters are wrong, what was expected of them, and what came."""
    wrong = []
    for one in error.errors:
        name = str(one["loc"][-1])
        came = f", came {request.GET[name][:MAX_CAME_CHARS]!a}" if name in request.GET else ", none came"
        # What stands in the path, who asks sees in the path.
        wrong.append(f"{name}: {one['msg'][:1].lower()}{one['msg'][1:]}{'' if one['loc'][0] == 'path' else came}")
    return problem_response(request, ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{'; '.join(wrong)}."))


@api.exception_handler(NoSuchTopology)
def tell_no_such_topology(request: HttpRequest, error: NoSuchTopology) -> HttpResponse:
    """What can be compared."""
    return problem_response(request, ApiProblem(HTTPStatus.NOT_FOUND, str(error)))


def tell_unavailable(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Redis or the database is away; the words of its error may hold a URL with a password."""
    return problem_response(request, unavailable())


for _away in (redis.RedisError, StoreUnavailable, DatabaseError):
    api.add_exception_handler(_away, tell_unavailable)
