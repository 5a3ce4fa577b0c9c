from __future__ import annotations

import time

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collector.lib.secret import Secret
from collector.models import redis_keys
from collector.models.options import Options
from tests.drawn_world import PLACE_KEY, beat_in_redis
from tests.web.history import remember
from visualizer.interfaces import metrics

PARTS = ["beat", "collector", "database", "migrations", "redis", "rollup", "topology", "worker"]


def test_it_is_ready_when_every_part_is(live: redis.Redis, db: None, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": dict.fromkeys(PARTS, "ok")}


@pytest.mark.parametrize(
    ("key", "part", "words"),
    [
        (redis_keys.TOPOLOGY_VERSION, "topology", "not built yet"),
        (redis_keys.COLLECTORS, "collector", "none has reported"),
        (redis_keys.rollup_beat(0), "rollup", "a shard's has not reported"),
        (redis_keys.WORKER, "worker", "none has run a task yet"),
        (redis_keys.BEAT, "beat", "none has asked for a task yet"),
    ],
)
def test_a_part_that_is_missing_is_named(
    live: redis.Redis, db: None, client: Client, key: str, part: str, words: str
) -> None:
    live.delete(key)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "degraded", "parts": dict.fromkeys(PARTS, "ok") | {part: words}}


def test_silence_makes_it_unready(live: redis.Redis, db: None, client: Client) -> None:
    beat_in_redis(live, now_s=time.time() - 2405)
    parts = client.get("/readyz").json()["parts"]
    assert parts["collector"] == "none has reported for 40 min"
    assert parts["rollup"] == "a shard's has not reported for 40 min"
    assert parts["worker"] == "none has run a task for 40 min"
    assert parts["beat"] == "none has asked for a task for 40 min"


def test_without_redis_it_says_so_and_nothing_of_its_address(no_redis: None, db: None, client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()["parts"]["redis"]) == (503, "does not answer")
    assert b"127.0.0.1" not in response.content


def test_the_process_is_alive_without_asking_anybody(no_redis: None, db: None, signed_in: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = signed_in.get("/healthz")
    assert (response.status_code, response.content, len(queries)) == (200, b"ok\n", 0)
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_metrics_come_from_redis_and_history(live: redis.Redis, db: None, client: Client) -> None:
    remember(PLACE_KEY, done=5, failed=2)
    text = client.get("/metrics").content.decode()
    assert 'eventscope_runs_total{status="failed"} 2.0' in text
    assert "eventscope_redis_up 1.0" in text
    assert "eventscope_files 3.0" in text
    assert PLACE_KEY.app not in text  # names from logs are no labels


def test_metrics_are_there_without_redis(no_redis: None, db: None, client: Client) -> None:
    text = client.get("/metrics").content.decode()
    assert "eventscope_redis_up 0.0" in text
    assert "eventscope_database_up 1.0" in text


TOKEN = "t" * 32


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, 403),  # behind a proxy everybody is 127.0.0.1
        ("10.0.0.7", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("10.0.0.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("10.0.0.7", {"Authorization": f"Bearer {TOKEN}x"}, 403),
        ("10.0.0.7", {"Authorization": "Bearer "}, 403),
        ("10.0.0.7", {"Authorization": f"Basic {TOKEN}"}, 403),
        ("10.0.0.7", {"Authorization": "Bearer ü"}, 403),
        ("", {}, 403),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    no_redis: None,
    db: None,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    headers: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setattr(metrics, "read_options", lambda: Options(metrics_token=Secret(TOKEN)))
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


def test_no_token_opens_nothing_when_none_is_configured(no_redis: None, db: None, client: Client) -> None:
    headers = {"Authorization": "Bearer "}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR="10.0.0.7").status_code == 403
