from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from collector.models import redis_keys
from collector.models.host import ALIVE, ERROR, HostAnswer
from tests.declared_host import declare
from tests.ports import own_port
from tests.runtime_apps import answer, app, event, read, server
from tests.world import FIXTURES
from visualizer.interfaces import tasks
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.models.node_id import EXPANDED, STANDARD, VIEWS
from visualizer.models.topology import DrawnTopology
from visualizer.repo.drawn import read_drawn
from visualizer.repo.drawn_models import ConfigSnapshot
from visualizer.repo.models import Activity

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 18, 33, tzinfo=UTC)


def drawn(client: redis.Redis, view: str = STANDARD) -> DrawnTopology:
    found = read_drawn(client, view)
    assert found is not None
    return found


def version(client: redis.Redis) -> int:
    return int(client.get(redis_keys.TOPOLOGY_VERSION) or 0)


def node_ids(client: redis.Redis, view: str = STANDARD) -> list[str]:
    return [node.id for node in drawn(client, view).topology.nodes]


def test_the_recorded_cluster_is_drawn_in_both_views(valkey: redis.Redis) -> None:
    config = FIXTURES / "hopeit" / "config"
    standard, expanded = (
        json.loads((config / f"cluster_apps_config.all_alive{suffix}.json").read_text("utf-8"))
        for suffix in ("", ".expanded")
    )
    host = HostAnswer(
        url="http://a", position=0, status=ALIVE, since_s=0, polled_s=0, standard=standard, expanded=expanded
    )
    valkey.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))
    assert refresh_topology(valkey, now=NOW)
    assert ">orders.placed" in node_ids(valkey)
    assert ">orders.placed.express" in node_ids(valkey, EXPANDED)
    for view in VIEWS:
        kept = drawn(valkey, view)
        assert kept.nodes.keys() == {node.id for node in kept.topology.nodes}
        assert kept.apps.keys() == {one.key for one in kept.topology.apps}


def test_building_again_changes_nothing_and_tells_nobody(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(app("a", {"e": event("GET")})))
    assert refresh_topology(valkey, now=NOW)
    before = drawn(valkey).version
    assert not refresh_topology(valkey, now=NOW)
    assert (drawn(valkey).version, version(valkey)) == (before, 1)


def test_a_new_declaration_and_a_new_activity_each_make_a_new_version(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(app("a", {"e": event("GET")})))
    refresh_topology(valkey, now=NOW)
    declare(valkey, "http://a", answer(app("a", {"e": event("GET"), "f": event("GET")})))
    assert refresh_topology(valkey, now=NOW)
    Activity.objects.create(app="ghost.1x0", event="run", kind="service", first_seen_s=1)
    assert refresh_topology(valkey, now=NOW)
    assert version(valkey) == 3
    assert "ghost.1x0.run" in node_ids(valkey)


def test_what_sql_has_seen_is_marked(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(app("a", {"e": event("STREAM", read_stream=read("s", "fast"))})))
    Activity.objects.create(
        app="a.1x0", event="e", kind="stream", stream="s", queue="fast", consumer_group="g", first_seen_s=1
    )
    refresh_topology(valkey, now=NOW)
    assert [(edge.id, edge.declared, edge.observed) for edge in drawn(valkey).topology.edges] == [
        ("a.1x0.e.s.fast", True, True)
    ]


def test_hosts_count_in_the_order_of_the_configuration(valkey: redis.Redis) -> None:
    late = answer(app("a", {"late": event("GET")}, servers=[server(2, url="http://late")]))
    declare(valkey, "http://late", late, position=1)
    declare(valkey, "http://first", answer(app("a", {"first": event("GET")})), position=0)
    refresh_topology(valkey, now=NOW)
    assert "a.1x0.first" in node_ids(valkey)
    assert "a.1x0.late" not in node_ids(valkey)
    assert [one.url for one in drawn(valkey).topology.apps[0].servers] == ["http://a:8020", "http://late"]


def test_a_host_that_died_stays_in_the_picture(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(app("a", {"e": event("GET")})), status=ERROR)
    refresh_topology(valkey, now=NOW)
    assert "a.1x0.e" in node_ids(valkey)


def test_a_damaged_answer_does_not_hide_the_other_hosts(valkey: redis.Redis, caplog: pytest.LogCaptureFixture) -> None:
    declare(valkey, "http://a", answer(app("a", {"e": event("GET")})))
    valkey.hset(redis_keys.HOSTS, "http://broken", b'{"url": \xff')
    refresh_topology(valkey, now=NOW)
    assert "a.1x0.e" in node_ids(valkey)
    assert "host_answer_damaged" in caplog.text


def test_without_any_host_there_is_an_empty_picture(valkey: redis.Redis) -> None:
    assert refresh_topology(valkey, now=NOW)
    assert drawn(valkey).topology.nodes == ()


def test_a_topology_of_another_version_is_replaced(valkey: redis.Redis) -> None:
    valkey.hset(redis_keys.TOPOLOGY, STANDARD, b'{"version": 7}')
    refresh_topology(valkey, now=NOW)
    assert drawn(valkey).version


def test_each_content_is_kept_once(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(app("a", {})))
    refresh_topology(valkey, now=NOW)
    refresh_topology(valkey, now=NOW + timedelta(seconds=30))
    declare(valkey, "http://a", answer(app("a", {}), app("b", {})))
    refresh_topology(valkey, now=NOW + timedelta(minutes=5))
    first, second = ConfigSnapshot.objects.order_by("first_seen")
    assert (first.first_seen, first.last_seen, second.first_seen) == (NOW, NOW, NOW + timedelta(minutes=5))
    assert list(second.content["standard"]["apps"]) == ["a.1x0", "b.1x0"]


def test_a_content_that_holds_says_until_when(valkey: redis.Redis) -> None:
    declare(valkey, "http://a", answer(app("a", {})))
    for minutes in (0, 1, 2):
        refresh_topology(valkey, now=NOW + timedelta(minutes=minutes))
    assert ConfigSnapshot.objects.get().last_seen == NOW + timedelta(minutes=2)


def test_the_task_survives_a_redis_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone = redis.Redis(port=own_port(), retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(tasks, "open_redis", lambda: gone)
    with caplog.at_level(logging.WARNING):
        tasks.build_topology()
    assert "topology_not_built" in caplog.text


def test_the_task_says_that_a_worker_lives(monkeypatch: pytest.MonkeyPatch, valkey: redis.Redis) -> None:
    monkeypatch.setattr(tasks, "open_redis", lambda: valkey)
    tasks.build_topology()
    assert drawn(valkey).topology.view == STANDARD
