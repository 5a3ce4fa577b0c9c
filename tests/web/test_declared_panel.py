"""The unfolded part of a node's panel: what hosts declare of it."""

from __future__ import annotations

from typing import Any

import msgspec
import redis
from django.test import Client

from collector.models import redis_keys
from collector.models.host import ALIVE, HostAnswer
from tests import runtime_apps
from tests.drawn_world import PLACE, orders
from tests.web.test_node_panel import VENOM, Markup, words


def declare(client: redis.Redis, **parts: Any) -> None:
    """A host that declares the shop."""
    place = runtime_apps.event("POST", write_stream=runtime_apps.write("orders"), **parts)
    answer = runtime_apps.answer(runtime_apps.app("shop", {"place_order": place}))
    host = HostAnswer(url="http://a:1", position=0, status=ALIVE, since_s=0, polled_s=0, standard=answer)
    client.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))


def declared(client: Client, node: str) -> str:
    return words(client.get("/nodes/standard/declared", {"id": node}))


def test_the_panel_of_what_is_declared_offers_it_folded(live: redis.Redis, signed_in: Client) -> None:
    html = signed_in.get("/nodes/standard/panel", {"id": PLACE}).content.decode()
    assert 'hx-get="/nodes/standard/declared?id=shop.1x0.place_order&amp;queue="' in html


def test_an_event_and_its_stream_tell_what_is_declared(live: redis.Redis, signed_in: Client) -> None:
    declare(live, auth=["Basic", "***:0a1b2c3d"])
    text = declared(signed_in, PLACE)
    assert "declared by http://a:1 type POST auth Basic, ••• writes orders · queues AUTO" in text
    assert "0a1b2c3d" not in text
    assert "••• was hidden" in text
    assert "writes shop.1x0.place_order · queues AUTO · strategy DROP" in declared(signed_in, orders("standard"))


def test_hostile_configs_are_text(live: redis.Redis, signed_in: Client) -> None:
    declare(live, auth=VENOM, route="".join(VENOM), setting_keys=[{"a": venom} for venom in VENOM])
    page = Markup(signed_in.get("/nodes/standard/declared", {"id": PLACE}).content.decode())
    assert {tag for tag, _ in page.found} == {"dl", "div", "dt", "dd"}
    assert not {name for _, names in page.found for name in names} - {"class"}
    assert "<script>alert(1)</script>" in "".join(page.texts)
    assert not set("".join(page.texts)) & set("\u202e\u2028\x1b")


def test_without_a_host_or_without_redis_it_says_so(live: redis.Redis, signed_in: Client, use_redis: Any) -> None:
    assert "No host declares it" in declared(signed_in, PLACE)
    use_redis("redis://127.0.0.1:1/0")
    assert "Redis does not answer" in declared(signed_in, PLACE)
