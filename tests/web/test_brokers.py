"""What brokers say, on the page about sources."""

from __future__ import annotations

import re

import redis
from django.test import Client

from collector.models import redis_keys
from collector.models.host import ERROR
from tests.told_brokers import group, stream, tell_broker
from tests.web.test_node_panel import words


def sources(client: Client) -> str:
    """Seconds pass while the page is made."""
    return re.sub(r"\d+ s ago", "some s ago", words(client.get("/sources")))


def test_a_broker_is_a_row_with_what_it_holds(live: redis.Redis, signed_in: Client) -> None:
    assert "Brokers" not in sources(signed_in)
    tell_broker(live, stream("orders", group(), group("auditors", stuck_count=2)), stream("mails"))
    text = sources(signed_in)
    assert "redis://broker:6379 answers 1 min Valkey 9.1.2 some s ago 2.5 ms 2 2 1,000 2 stuck consumers" in text


def test_what_is_wrong_says_what_to_do(live: redis.Redis, signed_in: Client) -> None:
    tell_broker(live, status=ERROR, reason="no permission for XINFO STREAM: the user needs +xinfo", version="")
    assert "does not answer 1 min – some s ago 2.5 ms 0 0 0 no permission for XINFO STREAM" in sources(signed_in)
    tell_broker(live, stream(), refused=3, left_out=7)
    text = sources(signed_in)
    assert "3 streams may not be looked at: the user needs %R~* or their names 7 more streams are not looked at" in text
    tell_broker(live, stream(), ago_s=300)
    assert "nobody has asked it for 5 min: does its collector run?" in sources(signed_in)


def test_hostile_and_damaged_words_stay_words(live: redis.Redis, signed_in: Client) -> None:
    live.hset(redis_keys.BROKERS, "odd", b'{"url": 7}')
    tell_broker(live, url="redis://<script>alert(1)</script>\u202e", reason="<img src=x>", status=ERROR)
    html = signed_in.get("/sources").content.decode()
    assert "<script>alert(1)" not in html
    assert "<img src=x>" not in html
    assert "\\u202e" in html
