"""The graph as a download."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
import redis
from django.test import Client

from collector.models import redis_keys
from collector.models.host import ALIVE, HostAnswer
from tests.runtime_apps import answer, app, event, read, write
from visualizer.models.export_format import FORMATS


@pytest.fixture
def declared(live: redis.Redis) -> redis.Redis:
    """A host that declares a shop and a store."""
    shop = app("shop", {"place_order": event("POST", write_stream=write("orders"))})
    store = app("store", {"pack": event("STREAM", read_stream=read("orders"))})
    apps = answer(shop, store)
    host = HostAnswer(url="http://a", position=0, status=ALIVE, since_s=0, polled_s=0, standard=apps, expanded=apps)
    live.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))
    return live


def saved(client: Client, **query: str) -> Any:
    response = client.get("/export", query)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_an_attachment_in_which_nothing_runs(
    declared: redis.Redis, signed_in: Client, kind: str
) -> None:
    response = saved(signed_in, format=kind, view="expanded")
    name = f"eventscope-{kind}-expanded.{FORMATS[kind].suffix}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == f"{FORMATS[kind].media_type}; charset=utf-8"
    assert "place_order" in response.content.decode()


def test_one_app_is_saved_alone(declared: redis.Redis, signed_in: Client) -> None:
    document = json.loads(saved(signed_in, format="asyncapi", app="store.1x0").content)
    assert document["info"]["title"] == "store"
    assert [operation["x-consumer-group"] for operation in document["operations"].values()] == ["group"]


@pytest.mark.parametrize("query", [{}, {"format": "exe"}, {"format": "dot", "view": "sideways"}])
def test_anything_else_is_refused_in_words(declared: redis.Redis, signed_in: Client, query: dict[str, str]) -> None:
    response = signed_in.get("/export", query)
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "Expected format among json, cytoscape" in response.content.decode()


def test_without_redis_it_is_said(no_redis: None, signed_in: Client) -> None:
    assert signed_in.get("/export", {"format": "dot"}).status_code == 503
