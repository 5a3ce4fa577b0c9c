from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.lib.sampling import EVERYTHING
from collector.models import redis_keys
from collector.models.activity import ActivityKey, Status
from collector.models.host import ALIVE, ERROR, UNKNOWN, HostAnswer
from tests.drawn_world import (
    ENTRY,
    PACK,
    PACK_KEY,
    PLACE,
    PLACE_KEY,
    beat_in_redis,
    draw_in_redis,
    orders,
    publish,
    ran,
)
from tests.web.history import A2, failed_run, remember
from visualizer.core.sampling_words import sampling_words
from visualizer.models.live import LiveUpdate
from visualizer.models.node_id import EXPANDED
from visualizer.models.topology import Node
from visualizer.repo.models import Activity, SampledEntry, SeenServer

VENOM = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% debug %}",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "a\u2028b",
    "\x1b[31mred",
]


def panel(client: Client, node: str, *, view: str = "standard") -> str:
    response = client.get(f"/nodes/{view}/panel", {"id": node})
    assert response.status_code == 200, response.content
    return words(response)


def words(response: Any) -> str:
    """What people read, in one line."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def told(client: Client, name: str, path: str = "/nodes/standard/panel", **query: str) -> Any:
    """What an attribute of a panel holds as JSON."""
    html = client.get(path, query).content.decode()
    found = re.search(rf'{name}="([^"]*)"', html)
    assert found, html
    return msgspec.json.decode(unescape(found[1]))


def chart_of(client: Client, node: str) -> Any:
    """The data of a node's chart."""
    return told(client, "data-chart", id=node)


class Markup(HTMLParser):
    """Tags with their attributes, and texts, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_an_event_shows_its_last_minute(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=30, failed=10, duration_bucket=bucket_index(20.0))
    text = panel(signed_in, PLACE)
    assert "place_order shop.1x0 · HTTP event" in text
    assert "Failing 10 of 40 runs failed in the last 60 s (25 %)." in text
    assert "Rate 4 /s Failed 25 % p95 19." in text
    assert "Started 40 Done 30 Failed 10 Ignored 0" in text


def test_what_is_running_comes_from_the_rollup(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=1)
    updates = publish(live)
    updates.write_snapshot(LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=1, pending=4)]))
    assert "Pending 4" in panel(signed_in, PLACE)


def test_older_than_a_minute_is_history_of_the_plot_only(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=7, ago_s=120)
    text = panel(signed_in, PLACE)
    assert "Nothing ran in the last 60 s." in text
    assert "Nothing in the last 15 min." not in text
    assert sum(chart_of(signed_in, PLACE)["rate"]) == pytest.approx(0.7)


def test_a_stream_shows_what_was_read_and_how_long_it_waited(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10, failed=10, duration_bucket=bucket_index(3200.0))
    text = panel(signed_in, orders("standard"))
    assert "Messages wait 20 messages were read in the last 60 s. They waited 3.17 s (p95)." in text
    assert "Failed" not in text


def test_a_queue_of_the_expanded_view_counts_its_own_messages(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10)
    remember(ActivityKey("store.1x0", "", "pack", "stream", "orders", "express", "packers"), done=5)
    assert "10 messages were read" in panel(signed_in, orders(EXPANDED), view=EXPANDED)
    assert "15 messages were read" in panel(signed_in, orders("standard"))


def test_an_entry_shows_what_came_in_and_no_other_way_of_running(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=10)
    remember(ActivityKey("shop.1x0", "", "place_order", "service"), done=5)
    assert "Started 10 " in panel(signed_in, ENTRY)


def test_servers_show_their_share_and_their_failures(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=75)
    remember(PLACE_KEY, done=15, failed=10, server=A2)
    text = panel(signed_in, PLACE)
    assert "a1 · 17 75 % 0 %" in text
    assert "a2 · 18 25 % 40 %" in text
    assert "Almost all of them on a2 · 18." in text


def test_the_chart_has_the_numbers_of_every_ten_seconds(live: redis.Redis, signed_in: Client) -> None:
    ago_s = 120 + int(time.time()) % 10
    remember(PLACE_KEY, done=30, failed=10, ago_s=ago_s, duration_bucket=bucket_index(20.0))
    remember(PLACE_KEY, done=10, ago_s=ago_s, server=A2, duration_bucket=bucket_index(100.0))
    chart = chart_of(signed_in, PLACE)
    (at,) = [i for i, rate in enumerate(chart["rate"]) if rate]
    second = chart["end_s"] - (90 - at) * 10
    assert abs(time.time() - ago_s - second) < 12
    assert (len(chart["rate"]), chart["rate"][at], chart["failed"][at]) == (90, 5.0, 10)
    assert chart["p95"][at] == pytest.approx(100, rel=0.02)
    assert [value for i, value in enumerate(chart["p95"]) if i != at] == [None] * 89
    shown = told(signed_in, "data-histogram", id=PLACE)
    assert [count for _, _, count in shown["bars"] if count] == [40, 10]
    assert [name for name, _ in shown["marks"]] == ["p50", "p95", "p99"]
    assert [ms for _, ms in shown["marks"]] == pytest.approx([20, 100, 100], rel=0.02)


def test_the_chart_of_a_stream_shows_waits_and_no_failures(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10, failed=10, ago_s=60, duration_bucket=bucket_index(3200.0))
    chart = chart_of(signed_in, orders("standard"))
    assert (chart["waits"], chart["failed"]) == (True, None)
    assert max(value for value in chart["p95"] if value) == pytest.approx(3200, rel=0.02)


def test_an_instance_that_fails_more_than_the_others_is_flagged(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=40, failed=1)
    remember(PLACE_KEY, done=36, failed=4, server=A2, duration_bucket=bucket_index(20.0))
    text = panel(signed_in, PLACE)
    assert re.search(r"a2 · 18 49 % 10 % 19.7 ms 4 × the failures of the others a1 · 17", text)


def test_an_instance_that_lives_and_has_no_work_is_flagged(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=40, server=A2)
    assert "a1 · 17 0 % – – alive, and has no work a2 · 18 100 %" in panel(signed_in, PLACE)


def test_neighbours_show_what_passes_between(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=30, failed=10, duration_bucket=bucket_index(20.0))
    remember(PACK_KEY, done=20, duration_bucket=bucket_index(3200.0))
    assert "from POST shop.1x0 4/s 25 % failed p95 19.7 ms" in panel(signed_in, PLACE)
    assert "to orders AUTO wait p95 3.17 s" in panel(signed_in, PLACE)
    assert "to pack AUTO 2/s 0 % failed p95 3.17 s wait p95 3.17 s" in panel(signed_in, orders("standard"))


def edge(client: Client, source: str, target: str, *, view: str = "standard") -> str:
    response = client.get(f"/edges/{view}/panel", {"source": source, "target": target})
    assert response.status_code == 200, response.content
    return words(response)


def test_a_line_to_a_reader_shows_rate_wait_and_evidence(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10, failed=10, duration_bucket=bucket_index(3200.0))
    text = edge(signed_in, orders("standard"), PACK)
    assert "Rate 2 /s Failed 50 % p95 3.17 s Wait p50 3.17 s Wait p95 3.17 s" in text
    assert "Declared yes, in a host's configuration Observed yes, in the logs, 20 times First seen 20" in text
    assert "Queue AUTO" in text
    query = {"source": orders("standard"), "target": PACK}
    shown = told(signed_in, "data-copy", "/edges/standard/panel", **query)
    assert (shown["source"], shown["target"], shown["last_60_s"]["ended"]) == (orders("standard"), PACK, 20)
    assert shown["last_seen_s"] == pytest.approx(time.time() - 2, abs=12)


def test_a_line_of_which_lines_do_not_tell_says_so(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=10, duration_bucket=bucket_index(3200.0))
    text = edge(signed_in, PLACE, orders("standard"))
    assert "Rate – Failed – p95 – Wait p50 3.17 s Wait p95 3.17 s Lines do not tell how much comes this way" in text
    assert "Observed never Last seen –" in text


@pytest.mark.parametrize("ends", [("", ""), (PLACE, PACK), *((text, PACK) for text in VENOM)])
def test_a_line_that_is_not_there_is_said_in_words(live: redis.Redis, signed_in: Client, ends: tuple[str, str]) -> None:
    response = signed_in.get("/edges/standard/panel", dict(zip(("source", "target"), ends, strict=True)))
    assert response.status_code == 404
    assert "Nothing is known of this" in words(response)
    assert not re.search(r"<(script|img)", response.content.decode())


def test_a_node_is_copied_as_json_whatever_it_is_called(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=30, failed=10, failure=failed_run(VENOM[1]))
    shown = told(signed_in, "data-copy", id=PLACE)
    assert shown["node"]["id"] == PLACE
    assert (shown["last_60_s"]["started"], shown["last_60_s"]["failed"]) == (40, 10)
    assert shown["failures"][0]["cause"] == VENOM[1]


def test_neighbours_lead_to_their_nodes(live: redis.Redis, signed_in: Client) -> None:
    html = signed_in.get("/nodes/standard/panel", {"id": orders("standard")}).content.decode()
    assert f'href="/?view=standard&amp;node={PLACE}" data-node="{PLACE}"' in html
    assert "from place_order AUTO" in panel(signed_in, orders("standard"))
    assert "to pack" in panel(signed_in, orders("standard"))


def test_failures_stand_by_cause_with_the_newest_traceback(live: redis.Redis, signed_in: Client) -> None:
    for ago_s in (9, 5):
        remember(PACK_KEY, failed=1, failure=failed_run("KeyError: 'sku'", traceback=f"at {ago_s}", ago_s=ago_s))
    remember(PACK_KEY, failed=1, failure=failed_run("ConnectionRefused", ago_s=1))
    text = panel(signed_in, PACK)
    assert text.index("ConnectionRefused") < text.index("KeyError: &#x27;sku&#x27;")
    assert "× 2" in text
    assert "at 5" in text
    assert "at 9" not in text


@pytest.mark.parametrize("node", ["nobody.1x0.nothing", ">nothing", "", "x" * 5000, *VENOM])
def test_what_nobody_knows_is_said_in_words(live: redis.Redis, signed_in: Client, node: str) -> None:
    response = signed_in.get("/nodes/standard/panel", {"id": node})
    assert response.status_code == 404
    assert "Nothing is known of this" in words(response)
    assert not re.search(r"<(script|img)", response.content.decode())


def test_there_are_two_views(live: redis.Redis, signed_in: Client) -> None:
    assert signed_in.get("/nodes/sideways/panel", {"id": PLACE}).status_code == 404


@pytest.mark.parametrize("name", VENOM)
def test_hostile_text_is_shown_as_text(valkey: redis.Redis, live: redis.Redis, signed_in: Client, name: str) -> None:
    draw_in_redis(valkey, extra=[Node(id=name, kind="event", label=name, name=name, app=name, plugin=name)])
    remember(ActivityKey(name, "", "", "service"), done=1, failed=1, failure=failed_run(name, traceback=name))
    html = signed_in.get("/nodes/standard/panel", {"id": name}).content.decode()
    page = Markup(html)
    assert not {tag for tag, _ in page.found} & {"script", "img", "iframe"}
    assert not {name for _, names in page.found for name in names if name.startswith(("on", "style"))}
    assert page.texts.count(name) >= 3  # as title, as cause, as traceback


def test_history_answers_without_redis(no_redis: None, signed_in: Client) -> None:
    remember(PACK_KEY, done=5)
    text = panel(signed_in, PACK)
    assert "5 runs in the last 60 s" in text
    assert "Pending –" in text
    assert "Redis does not answer: neighbours are not known." in text


def test_the_apps_table_joins_what_is_declared_and_what_was_seen(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=30, failed=10)
    remember(ActivityKey("old.1x0", "", "gone", "service"), done=1, ago_s=600)
    text = words(signed_in.get("/apps", headers={"HX-Request": "true"}))
    assert re.search(r"shop 1\.0 a1 · 17 1 4/s 40 40 10 \(25 %\) \d+ s ago", text)
    assert re.search(r"old\.1x0 not polled 1 0/s 0 0 0 10 min ago", text)
    assert "store 1.0 not polled 1 0/s 0 0 0 never" in text


def test_the_apps_table_is_there_without_redis(no_redis: None, signed_in: Client) -> None:
    remember(PLACE_KEY, done=3)
    text = words(signed_in.get("/apps"))
    assert "this is what history has seen" in text
    assert "shop.1x0" in text


def test_the_hosts_table_says_who_answers_and_who_does_not_and_why(live: redis.Redis, signed_in: Client) -> None:
    alive = HostAnswer(url="http://a", position=0, status=ALIVE, since_s=0, polled_s=0, latency_ms=12.3)
    dead = HostAnswer(url="http://b", position=1, status=ERROR, since_s=0, polled_s=0, reason="connection refused")
    unknown = HostAnswer(url="harp: a → c", position=2, status=UNKNOWN, since_s=0, polled_s=0, reason="not proven")
    for answer in (dead, alive, unknown):
        live.hset(redis_keys.HOSTS, answer.url, msgspec.json.encode(answer))
    text = words(signed_in.get("/hosts"))
    assert text.index("http://a") < text.index("http://b")
    assert "ERROR connection refused" in text
    assert "harp: a → c UNKNOWN not proven" in text
    assert "12.3 ms" in text


def test_the_hosts_page_says_what_is_missing(valkey: redis.Redis, live: redis.Redis, signed_in: Client) -> None:
    assert "No host is configured" in words(signed_in.get("/hosts"))
    beat_in_redis(valkey, now_s=0)
    assert "No collector has reported." in words(signed_in.get("/hosts"))


def test_the_hosts_page_says_that_redis_is_gone(no_redis: None, signed_in: Client) -> None:
    assert "Redis does not answer." in words(signed_in.get("/hosts"))


def tell_line(valkey: redis.Redis, activity_id: int, text: str, *, ago_s: float = 1, **fields: str) -> None:
    line = {"t": time.time() - ago_s, "host": "a1", "pid": "17", "level": "INFO", "text": text, **fields}
    valkey.lpush(redis_keys.newest_lines(0, activity_id), msgspec.json.encode(line))


def activity_of(key: ActivityKey) -> Activity:
    return Activity.objects.get(app=key.app, event=key.event)


def test_the_newest_lines_of_a_node_come_from_redis(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=1)
    place = activity_of(PLACE_KEY).pk
    tell_line(live, place, "START | order=7", ago_s=3)
    tell_line(live, place, "no stock", level="ERROR", ago_s=1)
    live.lpush(redis_keys.newest_lines(0, place), b"no json", b'{"t": 1e300, "text": "far away"}')
    tell_line(live, place + 1, "of another activity")
    text = panel(signed_in, PLACE)
    assert re.search(r"Newest lines live, some of them .*far away .*ERROR a1 · 17 no stock .*INFO a1 · 17 START", text)
    assert "of another activity" not in text


@pytest.mark.parametrize("venom", VENOM)
def test_lines_and_ids_from_logs_are_text(live: redis.Redis, signed_in: Client, venom: str) -> None:
    remember(PLACE_KEY, done=1)
    tell_line(live, activity_of(PLACE_KEY).pk, venom, level=venom, host=venom, pid=venom)
    sample(PLACE_KEY, request_id=venom)
    html = signed_in.get("/nodes/standard/panel", {"id": PLACE}).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert not re.search("[\u202e\u2028\x1b]", html)


def sample(key: ActivityKey, *, request_id: str = "r", ago_s: float = 1, status: int = Status.DONE) -> None:
    server = SeenServer.objects.get_or_create(host_name="a1", pid="17")[0]
    SampledEntry.objects.create(
        activity=activity_of(key), server=server, timestamp_s=time.time() - ago_s, status=status,
        duration_ms=12.5 if status == Status.DONE else None, request_id=request_id[:128],
    )  # fmt: skip


def test_sampled_operations_are_listed_with_the_rate(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=1)
    live.set(redis_keys.SAMPLING, str(EVERYTHING // 64))
    sample(PLACE_KEY, request_id="first", ago_s=5)
    sample(PLACE_KEY, request_id="second", ago_s=2, status=Status.FAILED)
    sample(PLACE_KEY, request_id="long-ago", ago_s=1000)
    text = panel(signed_in, PLACE)
    assert "Last sampled operations 1 of 64 operations kept whole" in text
    assert re.search(r"FAILED – second .*DONE 12\.5 ms first", text)
    assert "long-ago" not in text
    for _ in range(12):
        sample(PLACE_KEY)
    assert panel(signed_in, PLACE).count("DONE 12.5 ms") == 10


def test_the_rate_is_said_in_words() -> None:
    said = {0: "no operations kept whole", EVERYTHING: "all operations kept whole"}
    assert {threshold: sampling_words(threshold) for threshold in said} == said
    assert sampling_words(EVERYTHING // 4096) == "1 of 4,096 operations kept whole"
