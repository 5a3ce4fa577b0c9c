from __future__ import annotations

import re
import time
from typing import Any

import pytest
import redis
from django.test import Client

from collector.models import redis_keys
from collector.models.file_status import encode_status
from tests.told_files import COLLECTOR, many_files, read_file, tell_beat, tell_files, troubled_files
from visualizer.repo.models import LostBytes, Source, SourceBytes

PART = {"HX-Request": "true"}
VENOM = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% debug %}",
    "a\u202egnp.exe",
    "\x1b[31mred\nsecond",
]


def page(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(f"/sources{query}", headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def words(html: str) -> str:
    """What people read, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def names(html: str) -> list[str]:
    """File names, in order."""
    return re.findall(r'<bdi class="name">(.*?)</bdi>', html)


@pytest.fixture
def told(valkey: redis.Redis, valkey_url: str, use_redis: Any) -> redis.Redis:
    """A Valkey in which a collector has said that it lives."""
    use_redis(valkey_url)
    tell_beat(valkey, files=3, patterns={"/var/log/apps/*.log": 3}, lines_total=18_204_113)
    return valkey


def source(file_id: str, *, generation: int = 0, **fields: Any) -> Source:
    return Source.objects.create(file_id=file_id, generation=generation, shard=0, **fields)


def test_a_file_is_shown_with_what_its_collector_and_history_say(told: redis.Redis, signed_in: Client) -> None:
    status = read_file("/var/log/apps/a.log", file_id="f1", offset=1_500_000, lag_bytes=2_700_000,
                       behind_since_s=time.time() - 95, generation=1)  # fmt: skip
    tell_files(told, [status])
    first, second = source("f1", ended=True), source("f1", generation=1)
    for each, reason, lines in ((first, "stats", 5), (second, "stats", 7), (second, "unparsable", 2)):
        SourceBytes.objects.create(source=each, fate="skipped", reason=reason, lines=lines, size_bytes=1)
    SourceBytes.objects.create(source=second, fate="parsed", lines=9000, size_bytes=1)
    LostBytes.objects.create(file_id="f1", generation=0, reason="truncated", size_bytes=2_000)
    text = words(page(signed_in))
    assert "reading a.log gen 1 /var/log/apps/ 1.5 MB of 4.2 MB 2.7 MB 1 min 12/s hopeit 98 %" in text
    assert "stats 12 unparsable 2" in text
    assert re.search(r"2 kB \d+ s ago", text)


def test_collectors_are_shown_with_their_heartbeats_and_problems(told: redis.Redis, signed_in: Client) -> None:
    tell_beat(told, collector_id="b2:17", ago_s=90, problems=["permission denied: /x"], backlog_bytes=5_000)
    tell_files(told, [read_file("/a.log", lines_per_s=4.0), read_file("/b.log", lines_per_s=8.0)])
    text = words(page(signed_in))
    assert re.search(r"a1 4711 \d+ s ago 2 h ago 3 0 B 12/s 18,204,113 none", text)
    assert "b2 17 1 min ago Forget 2 h ago 0 5 kB 0/s 0 permission denied: /x" in text


def test_what_is_asked_stands_among_the_files_and_counts_messages(told: redis.Redis, signed_in: Client) -> None:
    proxy = read_file("http://10.0.0.5:4080", kind="harp", format="harp", offset=12_345, reason="3 messages were gone")
    told.hset(redis_keys.tally_statuses(COLLECTOR), "f9", encode_status(proxy))
    source("f7", path="http://10.0.0.6:4080", high_water=77)
    text = words(page(signed_in, "?sort=path"))
    assert "reading http://10.0.0.5:4080 3 messages were gone 12,345 messages 0 0 12/s harp" in text
    assert "not followed http://10.0.0.6:4080 77 messages" in text


def test_troubles_come_first_with_their_complaint_and_first_lines(told: redis.Redis, signed_in: Client) -> None:
    tell_files(told, [*many_files(150), *troubled_files()])
    html = page(signed_in)
    assert names(html)[:3] == ["audit.log", "app.out", "index.log"]
    text = words(html)
    assert "permission denied" in text
    assert "expected a time stamp such as" in text
    assert "&quot;GET /health HTTP/1.1&quot; 200 15" in text
    assert "reading is paused: the rollup does not keep up" in text
    assert len(names(html)) == 100
    assert names(page(signed_in, "?only=problems")) == ["audit.log", "app.out", "index.log"]


def test_it_is_found_sorted_and_paged_on_the_server(told: redis.Redis, signed_in: Client) -> None:
    tell_files(told, many_files(250))
    assert names(page(signed_in, "?q=billing+0007")) == ["billing_0007.log"]
    by_path = names(page(signed_in, "?sort=path&page=3&back=1"))
    assert (len(by_path), by_path[-1]) == (50, "billing_0001.log")
    html = page(signed_in, "?sort=lag")
    assert 'aria-sort="descending"' in html
    assert "1 of 3" in html
    assert 'href="/sources?sort=lag&amp;page=2"' in html
    assert 'href="/sources?sort=lag&amp;back=1"' in html


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=x", "?page=99999999999", "?sort=x", "?page=²"])
def test_an_odd_address_shows_something(told: redis.Redis, signed_in: Client, query: str) -> None:
    tell_files(told, many_files(3))
    assert len(names(page(signed_in, query))) == 3


def test_htmx_gets_the_part_that_changes_and_its_address(told: redis.Redis, signed_in: Client) -> None:
    tell_files(told, many_files(3))
    response = signed_in.get("/sources?q=billing&sort=state&page=7", headers=PART)
    text = response.content.decode()
    assert response["HX-Replace-Url"] == "/sources?q=billing"
    assert text.lstrip().startswith('<div id="sources" hx-get="/sources?q=billing" hx-trigger="every 2s"')
    assert 'id="find-state" hx-swap-oob="true"' in text
    assert "<html" not in text


@pytest.mark.parametrize("venom", VENOM)
def test_names_and_lines_are_text_and_nothing_in_them_is_hidden(
    told: redis.Redis, signed_in: Client, venom: str
) -> None:
    tell_beat(told, collector_id=f"{venom}:1", problems=[venom], patterns={venom: 1})
    hostile = read_file(f"/logs/{venom}", file_id="", format="", complaint=venom, first_lines=(venom,), reason=venom)
    tell_files(told, [hostile], collector_id=f"{venom}:1")
    html = page(signed_in, "?q=%3Cscript%3E") + page(signed_in)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert not re.search("[\u202e\x1b]", html)
    assert "14{% debug" not in html
    if "script" in venom:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_file_of_history_that_nobody_follows_is_shown_without_redis(
    no_redis: None, db: None, signed_in: Client
) -> None:
    source("f1", path="/var/log/apps/a.log", high_water=2_000, updated_s=int(time.time()) - 7200)
    source("f2", path="/var/log/apps/b.log", high_water=2_000, ended=True)
    text = words(page(signed_in))
    assert "Redis does not answer: this is what history has seen." in text
    assert "not followed a.log /var/log/apps/ 2 kB of 2 kB" in text
    assert "b.log" not in text


def test_a_damaged_status_hides_no_other(told: redis.Redis, signed_in: Client) -> None:
    tell_files(told, [read_file("/a.log")])
    told.hset(f"eventscope:files:{COLLECTOR}", "odd", b'{"path": 7}')
    assert names(page(signed_in)) == ["a.log"]


def test_nothing_to_show_says_why_and_what_to_do(
    valkey: redis.Redis, valkey_url: str, use_redis: Any, signed_in: Client
) -> None:
    use_redis(valkey_url)
    assert "No collector has reported" in page(signed_in)
    tell_beat(valkey)
    assert "No log files are configured" in page(signed_in)
    tell_beat(valkey, patterns={"/var/log/apps/*.log": 0})
    text = words(page(signed_in))
    assert "No log file is there" in text
    assert "/var/log/apps/*.log 0 files" in text
    tell_files(valkey, [read_file("/a.log")])
    assert "No file has “nothing” in its path" in words(page(signed_in, "?q=nothing"))
    assert "No file has a problem" in page(signed_in, "?only=problems")


def test_ten_thousand_files_cost_a_handful_of_queries(
    told: redis.Redis, signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    tell_files(told, many_files(10_000))
    with django_assert_max_num_queries(8):
        assert len(names(page(signed_in))) == 100
