"""A real hopeit.engine, watched end to end: its logs are counted, its config is polled, its graph is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
import redis

from collector.models import redis_keys
from collector.models.broker import BrokerAnswer
from collector.models.host import HostAnswer
from tests.hopeit_server import PASSPHRASE, HopeitServer, hopeit_server
from tests.world import World, wait_until

pytestmark = pytest.mark.network
APP = "little_shop.1x0"


@pytest.fixture
def watched(make_world: Callable[..., World]) -> Iterator[tuple[World, HopeitServer]]:
    """A server and an Eventscope that watches it."""
    world = make_world()
    world.start_valkey().close()
    with hopeit_server(world.folder / "hopeit", redis_url=world.redis_url) as server:
        world.env |= {"EVENTSCOPE_LOGS": str(server.logs / "*.log"), "EVENTSCOPE_HOSTS": server.url}
        world.env["EVENTSCOPE_POLL_INTERVAL"] = "1s"
        world.env["EVENTSCOPE_BROKERS"] = world.redis_url
        world.start("rollup")
        world.start("collect")
        yield world, server


def counts(world: World) -> dict[tuple[str, str], int]:
    """(event, status) → count of the small app, as SQL has it."""
    entries = world.report()["entries"]
    return {(each["event"], each["status"]): each["count"] for each in entries if each["app"] == APP}


def wait_for_host(world: World, url: str, status: str) -> HostAnswer:
    """The host's state once it has this status."""

    def state() -> HostAnswer | None:
        text: Any = client.hget(redis_keys.HOSTS, url)
        answer = msgspec.json.decode(text, type=HostAnswer) if text else None
        return answer if answer and answer.status == status else None

    with redis.Redis.from_url(world.redis_url, socket_timeout=60) as client:
        found = wait_until(state)
    assert found is not None
    return found


def broker_streams(world: World) -> list[str]:
    """Keys of the streams that its broker told of, which is our Redis, too."""
    with redis.Redis.from_url(world.redis_url, socket_timeout=60) as client:
        told: Any = client.hvals(redis_keys.BROKERS)
    return [stream.name for text in told for stream in msgspec.json.decode(text, type=BrokerAnswer).streams]


def test_its_runs_are_counted_exactly(watched: tuple[World, HopeitServer]) -> None:
    world, server = watched
    asked_before = sum(path.read_text().count("| START |") for path in server.logs.glob("*show_order*.log"))
    for number in range(5):
        server.show_order(f"o{number}")
    statuses = [server.place_order(f"o{number}", number) for number in range(4)]
    statuses += [server.place_order("o9", -1), server.place_order("o9", -2), server.place_order("o9", "many")]
    assert statuses == [200, 200, 200, 200, 500, 500, 400]
    expected = {
        ("show_order", "START"): asked_before + 5,
        ("show_order", "DONE"): asked_before + 5,
        ("place_order", "START"): 7,
        ("place_order", "DONE"): 4,
        ("place_order", "FAILED"): 2,
        ("place_order", "IGNORED"): 1,
        ("pack_order", "START"): 4,
        ("pack_order", "DONE"): 4,
    }
    with suppress(AssertionError):
        wait_until(lambda: counts(world) == expected, step_s=0.5)
    assert counts(world) == expected
    report = world.report()
    assert report["bytes"]["read"] == sum(report["bytes"][part] for part in ("parsed", "skipped", "dropped"))
    assert "unparsable" not in report["skipped"]


def test_its_config_is_polled_without_its_secrets(watched: tuple[World, HopeitServer]) -> None:
    world, server = watched
    answer = wait_for_host(world, server.url, "ALIVE")
    assert (answer.reason, answer.api_version) == ("", "0x30")
    assert APP in (answer.standard or {})["apps"]
    auth = (answer.standard or {})["apps"][APP]["app_config"]["server"]["auth"]
    assert auth["auth_passphrase"].startswith("***:")
    assert PASSPHRASE not in msgspec.json.encode(answer).decode()
    password = world.redis_url.partition("//:")[2].partition("@")[0]
    assert password not in msgspec.json.encode(answer).decode()


def test_a_server_that_ends_is_said_to_be_down(watched: tuple[World, HopeitServer]) -> None:
    world, server = watched
    wait_for_host(world, server.url, "ALIVE")
    server.kill()
    down = wait_for_host(world, server.url, "ERROR")
    assert down.reason == "connection refused"
    assert APP in (down.standard or {})["apps"]


def test_its_graph_is_exported_from_the_live_store(watched: tuple[World, HopeitServer]) -> None:
    world, server = watched
    wait_for_host(world, server.url, "ALIVE")
    # Its reader has made the stream when it began.
    assert wait_until(lambda: broker_streams(world)) == ["little_shop.orders"]
    graph = json.loads(world.manage("export_graph", "--format", "cytoscape").stdout)
    ids = {node["data"]["id"] for node in graph["elements"]["nodes"]}
    assert {
        f"{APP}.show_order",
        f"{APP}.show_order.GET",
        f"{APP}.place_order.POST",
        f"{APP}.pack_order",
        ">little_shop.orders",
        "config_manager.0x30.runtime_apps_config",
    } <= ids
    # What the broker calls a stream is what the config calls it.
    assert {each for each in ids if each.startswith(">")} == {">little_shop.orders"}
    pairs = {(edge["data"]["source"], edge["data"]["target"]) for edge in graph["elements"]["edges"]}
    assert {(f"{APP}.place_order", ">little_shop.orders"), (">little_shop.orders", f"{APP}.pack_order")} <= pairs
