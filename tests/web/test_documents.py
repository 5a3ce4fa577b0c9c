"""What documents say, on the page about sources and in a node's panel."""

from __future__ import annotations

import re

import redis
from django.test import Client

from tests.drawn_world import draw_in_redis
from tests.spec_documents import BILLING, ORDERS, asyncapi, document
from tests.told_documents import tell_document
from visualizer.models.topology import Node


def words(client: Client, address: str) -> str:
    """What people read, in one line."""
    html = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_a_document_is_a_row_with_what_it_gave(live: redis.Redis, signed_in: Client) -> None:
    tell_document(live, "docs/billing.json", document(BILLING))
    tell_document(live, "http://bob:c4n4ry@h/api.json?key=c4n4ry", document(ORDERS), kind="openapi", ago_s=665)
    text = words(signed_in, "/sources")
    assert "docs/billing.json AsyncAPI read 2 min 2 min ago billing.1.2.0 4 4 none" in text
    assert "http://h/api.json?key=*** OpenAPI looked at no more 11 min 11 min ago orders.2.0.0 4 0" in text
    assert "nobody has looked at it for 11 min" in text
    assert "c4n4ry" not in text
    # It is no host: nothing runs there that could be down.
    assert "billing.json" not in words(signed_in, "/hosts")


def test_what_is_wrong_in_a_document_is_said_with_its_place(live: redis.Redis, signed_in: Client) -> None:
    wrong = {f"o{number}": {"action": "receive"} for number in range(7)}
    tell_document(live, "a.json", asyncapi(operations=wrong))
    tell_document(live, "b.json", None, reason="expected JSON, came YAML: convert it, for example with yq -o=json")
    text = words(signed_in, "/sources")
    assert "#/operations/o0/channel: expected a reference to a channel" in text
    assert "and 2 more" in text
    scraped = signed_in.get("/metrics").content.decode()
    assert 'eventscope_documents{status="read"} 1.0' in scraped
    assert 'eventscope_documents{status="error"} 1.0' in scraped
    assert 'eventscope_hosts{status="error"} 0.0' in scraped
    assert "b.json AsyncAPI cannot be read 2 min 2 min ago none 0 0 expected JSON, came YAML" in text


def test_a_document_of_another_version_than_runs_is_said(live: redis.Redis, signed_in: Client) -> None:
    ran = Node(id="billing.1.4.2.onOrder", kind="event", label="l", name="n", app="billing.1.4.2", observed=True)
    draw_in_redis(live, extra=[ran])
    tell_document(live, "docs/billing.json", document(BILLING))
    said = "nothing of billing.1.2.0 was seen, but of billing.1.4.2: x-app-key in its info says which app it is"
    assert said in words(signed_in, "/sources")
    tell_document(
        live, "docs/billing.json", {**document(BILLING), "info": {"title": "b", "x-app-key": "billing.1.4.2"}}
    )
    assert "nothing of" not in words(signed_in, "/sources")


def test_hostile_names_stay_text(live: redis.Redis, signed_in: Client) -> None:
    venom = "<script>alert(1)</script>\u202e{{ 7|add:7 }}"
    tell_document(live, venom, asyncapi(info={"title": venom}, operations={venom: 7}))
    html = signed_in.get("/sources").content.decode()
    assert "<script>alert" not in html
    assert "\u202e" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;\\u202e{{ 7|add:7 }}") >= 2


def test_the_panel_tells_what_documents_declare_of_a_node(live: redis.Redis, signed_in: Client) -> None:
    tell_document(live, "docs/billing.json", document(BILLING))
    text = words(signed_in, "/nodes/standard/declared?id=billing.1.2.0.onOrder")
    for told in ("docs/billing.json", "#/operations/onOrder", "Order", "redis redis.internal:6379", "shop.invoices"):
        assert told in text
    assert "billing.1.2.0.onOrder · queues AUTO · group billing" in words(
        signed_in, "/nodes/standard/declared?id=%3Eshop.orders"
    )
