from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from collector.models import redis_keys
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event, server
from tests.spec_documents import BILLING, document
from tests.told_documents import tell_document
from visualizer.core.topology_causes import cause_words
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.compaction import compact
from visualizer.repo.drawn_models import TopologyContent, TopologySpan
from visualizer.repo.models import Activity, SeenServer, Total
from visualizer.repo.topology_history import find_version, read_kept, read_newest, read_next, read_versions

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
SHOP = app("shop", {"pay": event("GET")})
LARGER = app("shop", {"pay": event("GET"), "cancel": event("GET")})


def refresh(client: redis.Redis, minute: float, **options: Any) -> TopologyVersion:
    """What the worker does; the newest version afterwards."""
    refresh_topology(client, now=NOW + timedelta(minutes=minute), **options)
    newest = read_newest()
    assert newest is not None
    return newest


def told(version: TopologyVersion) -> list[str]:
    return [cause_words(cause) for cause in version.causes]


def minute_of(at_s: int) -> float:
    return (at_s - NOW.timestamp()) / 60


def test_a_topology_is_kept_with_when_it_was_current_and_what_brought_it(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(SHOP))
    first = refresh(valkey, 0)
    assert (told(first), minute_of(refresh(valkey, 3).last_s)) == (["the first that was kept"], 3)
    declare(valkey, "http://a", answer(LARGER))
    second = refresh(valkey, 5)
    assert (second.summary, told(second)) == ("1 event added", ["another config of http://a"])
    assert [minute_of(one.first_s) for one in read_versions(count=9)] == [5, 0]


def test_a_content_that_comes_back_is_another_version_and_stored_once(valkey: redis.Redis) -> None:
    for minute, shop in enumerate((SHOP, LARGER, SHOP)):
        declare(valkey, "http://a", answer(shop))
        refresh(valkey, minute)
    newest, _, oldest = read_versions(count=9)
    assert (newest.content, TopologyContent.objects.count()) == (oldest.content, 2)
    assert newest.summary == "1 event removed"
    assert read_kept(newest) == read_kept(oldest)


def test_a_setting_that_is_not_drawn_is_another_topology_and_a_restart_is_none(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(SHOP))
    first = refresh(valkey, 0)
    restarted = app("shop", {"pay": event("GET")}, servers=[server(77)])
    declare(valkey, "http://a", answer(restarted))
    assert refresh(valkey, 1).number == first.number
    declare(valkey, "http://a", answer(app("shop", {"pay": event("GET", route="/pay")}, servers=[server(77)])))
    assert refresh(valkey, 2).summary == "1 event changed"


def test_a_document_that_says_something_else_is_another_topology(valkey: redis.Redis) -> None:
    told_now = document(BILLING)
    tell_document(valkey, "docs/billing.json", told_now)
    first = refresh(valkey, 0)
    # Prose is none.
    told_now["info"]["description"] = "Something else."
    tell_document(valkey, "docs/billing.json", told_now)
    assert refresh(valkey, 1).number == first.number
    told_now["operations"]["onOrder"]["x-consumer-group"] = "billing-2"
    tell_document(valkey, "docs/billing.json", told_now)
    second = refresh(valkey, 2)
    assert (second.number, second.summary) == (first.number + 1, "1 event changed")
    assert told(second) == ["another config of docs/billing.json"]


def test_what_was_seen_and_who_came_or_went_is_told(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(SHOP))
    declare(valkey, "http://b", answer(app("store", {})), position=1)
    refresh(valkey, 0)
    Activity.objects.create(app="shop.1x0", event="ghost", kind="service", first_seen_s=1)
    assert told(refresh(valkey, 1)) == ["shop.1x0.ghost was seen"]
    valkey.hdel(redis_keys.HOSTS, "http://b")
    declare(valkey, "http://c", answer(app("mail", {})), position=2)
    assert told(refresh(valkey, 9)) == ["http://c is polled now", "http://b is not polled any more"]


def test_an_app_that_is_hidden_is_told_as_that(valkey: redis.Redis) -> None:
    ghost = Activity.objects.create(app="ghost.1x0", event="run", kind="service", first_seen_s=1)
    runner = SeenServer.objects.create(host_name="a", pid="1")
    Total.objects.create(activity=ghost, server=runner, last_s=1)
    refresh(valkey, 0)
    hidden = refresh(valkey, 1, hide_after_s=60.0)
    assert told(hidden) == ["ghost.1x0 gave no sign for long and is hidden"]


def test_a_redis_that_was_emptied_is_no_change_of_the_world(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(SHOP))
    first = refresh(valkey, 0)
    valkey.flushall()
    assert refresh(valkey, 1).number == first.number
    declare(valkey, "http://a", answer(SHOP))
    assert refresh(valkey, 1.5).number == first.number
    valkey.flushall()
    assert told(refresh(valkey, 9)) == ["http://a is not polled any more"]


def test_a_version_is_found_by_number_by_hash_and_by_time(valkey: redis.Redis) -> None:
    for minute, shop in ((0, SHOP), (10, LARGER)):
        declare(valkey, "http://a", answer(shop))
        refresh(valkey, minute)
    newest, oldest = read_versions(count=9)
    assert find_version(number=oldest.number) == oldest
    assert find_version(content=newest.content[:6]) == newest
    at_s = NOW.timestamp()
    assert [find_version(at_s=at_s + 60 * minute) for minute in (-1, 9, 11)] == [None, oldest, newest]
    assert (read_next(oldest), read_next(newest)) == (newest, None)
    assert read_versions(before=newest.number, count=9) == [oldest]


def test_what_is_over_leaves_sql_but_the_newest_stays(valkey: redis.Redis) -> None:
    for minute, shop in ((0, SHOP), (10, LARGER), (20, SHOP)):
        declare(valkey, "http://a", answer(shop))
        refresh(valkey, minute)
    compact(now_s=NOW.timestamp() + 12 * 60, retention_s=5 * 60, fine_s=900)
    assert (TopologySpan.objects.count(), TopologyContent.objects.count()) == (2, 2)
    compact(now_s=NOW.timestamp() + 10**9, retention_s=60, fine_s=900)
    assert (TopologySpan.objects.count(), TopologyContent.objects.count()) == (1, 1)


def test_a_damaged_content_does_not_stop_the_worker(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(SHOP))
    refresh(valkey, 0)
    TopologyContent.objects.update(content=b"damaged")
    declare(valkey, "http://a", answer(LARGER))
    assert refresh(valkey, 1).summary == "what it was before cannot be read"
