"""Asks the API as a script does: with a token, over Django's client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from visualizer.models.api_token import SCOPES
from visualizer.repo.api_tokens import make_token

JSON = "application/json; charset=utf-8"


class ApiClient:
    """A script with a token of its own."""

    def __init__(self, *scopes: str, name: str = "script", valid_for: timedelta = timedelta(days=1)) -> None:
        self.name = name
        self.token = make_token(name, scopes=scopes or SCOPES, now=datetime.now(UTC), valid_for=valid_for)
        self.client = Client()

    def get(self, path: str, *, known: str = "", **query: Any) -> Any:
        """The response of /api/v1/<path>; known: the ETag of what is there already."""
        headers = {"Authorization": f"Bearer {self.token}", **({"If-None-Match": known} if known else {})}
        return self.client.get(f"/api/v1/{path}?{urlencode(query)}", headers=headers)

    def follow(self, address: str) -> Any:
        """What the next page says."""
        return self.client.get(address, headers={"Authorization": f"Bearer {self.token}"}).json()

    def json(self, path: str, **query: Any) -> Any:
        """What it answers, which has to be fine."""
        response = self.get(path, **query)
        assert (response.status_code, response["Content-Type"]) == (200, JSON), response.content
        return response.json()


def problem_of(response: Any, status: int) -> str:
    """The detail of an answer that has to be a problem of this status."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), response.content
    told = response.json()
    assert told["status"] == status
    assert told["type"] == "about:blank"
    assert told["title"]
    assert told["instance"].startswith("/api/")
    assert "?" not in told["instance"]
    return str(told["detail"])
