"""The way of a request through the API: to its endpoint, and back with an ETag, or as a problem."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RegexPattern
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from visualizer.interfaces.api.document import openapi
from visualizer.interfaces.api.endpoints import VERSION, api
from visualizer.interfaces.api.problem import ApiProblem, problem_response

#: Enough of a hash that no two answers share it.
_ETAG_CHARS = 32

_patterns: list[URLPattern | URLResolver] = [
    path(f"{VERSION}/", (api.urls[0], "api", "api")),
    path("openapi.json", openapi),
]
_resolver = URLResolver(RegexPattern(r"^/api/"), _patterns)


def answer(request: HttpRequest) -> HttpResponseBase:
    """The answer of whatever endpoint is asked for."""
    is_head = request.method == "HEAD"
    if is_head:
        request.method = "GET"
    try:
        found = _resolver.resolve(request.path_info)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    except ApiProblem as problem:
        response = problem_response(request, problem)
    except Http404:
        detail = f"There is nothing at this address. Expected one of /api/{VERSION}/…, as /api/docs tells them."
        if request.path.endswith("/"):
            detail += " None of them ends with a slash."
        response = problem_response(request, ApiProblem(HTTPStatus.NOT_FOUND, detail))
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response = _other_method(request)
    if response.status_code == HTTPStatus.OK and isinstance(response, HttpResponse):
        response = _unless_known(request, response)
    return _head(response) if is_head else response


def _other_method(request: HttpRequest) -> HttpResponse:
    detail = f"Expected GET or HEAD: nothing is changed here; {request.method} came."
    problem = ApiProblem(HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={"Allow": "GET, HEAD"})
    return problem_response(request, problem)


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """304 for who has it already."""
    etag = quote_etag(sha256(response.content).hexdigest()[:_ETAG_CHARS])
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


def _head(response: HttpResponseBase) -> HttpResponseBase:
    """The same headers, and nothing behind them."""
    length = str(len(response.content)) if isinstance(response, HttpResponse) else ""
    head = HttpResponse(status=response.status_code, headers=dict(response.items()))
    if length:
        head["Content-Length"] = length
    return head
