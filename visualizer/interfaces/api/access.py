"""Who may ask the API: who shows a token with the scope, or is signed in to the page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest

from visualizer.interfaces.api.problem import ApiProblem
from visualizer.interfaces.machine_access import bearer_token
from visualizer.interfaces.token_bucket import TokenBucket
from visualizer.models.api_token import SCOPES
from visualizer.repo.api_tokens import find_token

#: What one reader may ask of one web process: a page of dashboards at once, and then so much a second.
REQUESTS_AT_ONCE, REQUESTS_PER_S = 100, 20
#: Readers remembered; nobody has more tokens and users than that who all ask at once.
_MOST_READERS = 1000
#: A header alone is asked for: what stands in an address stands in logs of proxies, too.
_REALM = 'Bearer realm="Eventscope"'


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks."""

    #: Of the user who is signed in; 0 for a token.
    user_id: int
    #: Of the token; 0 for a session.
    token_id: int
    #: Of SCOPES.
    scopes: frozenset[str]
    #: Of a session.
    session_key: str = ""


_budgets: dict[tuple[int, int], TokenBucket] = {}


class MayRead:
    """Lets a request in or raises an ApiProblem: 401, 403, 429. django-ninja calls it and asks it for its scheme."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of `manage.py api_token create`. Who is signed in to the page needs none.",
    }

    def __init__(self, scope: str = "") -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Reader:
        reader = _of_token(request) or _of_session(request)
        if reader is None:
            raise ApiProblem(
                HTTPStatus.UNAUTHORIZED,
                "Expected a token of `manage.py api_token create` that has not ended, as `Authorization: Bearer …`, or "
                f"the session of somebody who is signed in; {_came(request)}.",
                headers={"WWW-Authenticate": _REALM},
            )
        if not _budget(reader).take():
            detail = f"Expected at most {REQUESTS_PER_S} requests a second of one reader; more came."
            raise ApiProblem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": "1"})
        if self.scope and self.scope not in reader.scopes:
            detail = f"Expected a token with the scope {self.scope}; this one has {', '.join(sorted(reader.scopes))}."
            challenge = f'{_REALM}, error="insufficient_scope", scope="{self.scope}"'
            raise ApiProblem(HTTPStatus.FORBIDDEN, detail, headers={"WWW-Authenticate": challenge})
        return reader


def _of_token(request: HttpRequest) -> Reader | None:
    token = find_token(bearer_token(request.headers.get("Authorization", "")), now=datetime.now(UTC))
    return Reader(0, token.id, token.scopes) if token else None


def _of_session(request: HttpRequest) -> Reader | None:
    # Who shows something else wants to be known by that.
    if "Authorization" in request.headers or not request.user.is_authenticated:
        return None
    return Reader(request.user.pk, 0, frozenset(SCOPES), request.session.session_key or "")


def _came(request: HttpRequest) -> str:
    if bearer_token(request.headers.get("Authorization", "")):
        return "the token that came is unknown, has ended or was revoked"
    return "neither came"


def _budget(reader: Reader) -> TokenBucket:
    key = reader.user_id, reader.token_id
    if key not in _budgets:
        if len(_budgets) >= _MOST_READERS:
            _budgets.clear()
        _budgets[key] = TokenBucket(burst=REQUESTS_AT_ONCE, per_s=REQUESTS_PER_S, clock=time.monotonic)
    return _budgets[key]
