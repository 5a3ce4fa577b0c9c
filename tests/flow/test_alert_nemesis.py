"""Two workers with a beat each, killed again and again: an incident is opened once, and nobody is left untold."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import redis

from collector.models import redis_keys
from collector.models.host import ALIVE, ERROR, HostAnswer
from tests.sql_copy import read_sql
from tests.told_channels import webhook
from tests.world import World, wait_until

RULES = {"rules": [{"id": "host-down", "for": "0s", "keep_firing": "1s"}]}


def tell_host(client: redis.Redis, status: str) -> None:
    """A host as its poller left it."""
    host = HostAnswer(url="http://a1:8020", position=0, status=status, since_s=0, polled_s=0, api_version="0x30")
    client.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))


def start_workers(world: World, *names: str) -> None:
    """Each has a beat with a memory of its own, and both the same store."""
    for name in names or ("one", "two"):
        folder = world.folder / name
        folder.mkdir(exist_ok=True)
        arguments = ("-m", "celery", "-A", "visualizer.celery", "worker", "--pool", "solo", "--beat")
        env = {"EVENTSCOPE_DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{world.sqlite}"}
        world.spawn(name, *arguments, "--loglevel", "WARNING", **env)


def test_an_incident_is_opened_once_and_told_though_workers_are_killed(make_world: Callable[..., World]) -> None:
    with webhook() as end:
        end.answers = [500, 204]
        world = make_world(EVENTSCOPE_ALERTS=json.dumps(RULES), EVENTSCOPE_ALERT_WEBHOOKS=end.url)
        client = world.start_valkey()
        tell_host(client, ERROR)
        start_workers(world)
        wait_until(lambda: read_sql(world.sqlite, "SELECT key FROM visualizer_keptincident"))
        world.kill("one")
        wait_until(lambda: end.events)
        world.kill("two")
        start_workers(world)
        wait_until(lambda: len(end.events) >= 2)
        tell_host(client, ALIVE)
        wait_until(lambda: read_sql(world.sqlite, "SELECT 1 FROM visualizer_keptincident WHERE resolved_s > 0"))
        world.kill("one")
        wait_until(lambda: any(event["type"].endswith(".resolved") for event in end.events))
        assert read_sql(world.sqlite, "SELECT count(*) FROM visualizer_keptincident") == [(1,)]
        told = {(event["type"].rpartition(".")[2], event["id"]) for event in end.events}
        assert sorted(kind for kind, _ in told) == ["opened", "resolved"], "one id each, however often it was sent"
        client.close()
