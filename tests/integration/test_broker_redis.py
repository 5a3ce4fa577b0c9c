"""broker_redis on the kernel: a real Valkey with real streams, readers and users; states in another real Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import redis
import svcs
from redis.asyncio import Redis

from collector.applications.sources import broker_redis
from collector.applications.sources.broker_redis import BrokerRedis
from collector.core import broker_stream
from collector.core.broker_stream import make_broker_stream
from collector.core.stream_flows import StreamFlows
from collector.core.stream_sweep import StreamSweep
from collector.io.broker import ACL, poll_broker
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.lib.secret import Secret
from collector.lib.shown_url import without_options
from collector.models import redis_keys
from collector.models.broker import BrokerAnswer, BrokerGroup, BrokerStream
from collector.models.host import ALIVE, ERROR
from collector.models.options import Options
from tests.broker import ALLOWED, Broker, broker_in
from tests.ports import own_port
from visualizer.core.forecasts import drain_forecast, overflow_forecast
from visualizer.models.stream_depth import IN, NEVER, Forecast


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with broker_in(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def broker(running: Broker, monkeypatch: pytest.MonkeyPatch) -> Broker:
    """An empty one, asked 20 times a second."""
    monkeypatch.setattr(broker_redis, "POLL_EVERY_S", 0.05)
    running.client.flushall()
    return running


@asynccontextmanager
async def polling(url: str, *brokers: str) -> AsyncIterator[Kernel]:
    """A booted kernel with broker_redis alone."""
    client = Redis.from_url(url, socket_timeout=20)
    registry = svcs.Registry()
    registry.register_value(Redis, client)
    kernel = Kernel(
        [BrokerRedis()],
        options=Options(brokers=tuple(map(Secret, brokers))),
        status=Status(collector_id="c:1", host_id="c", started_s=0),
        registry=registry,
    )
    await kernel.boot()
    try:
        yield kernel
    finally:
        await kernel.shutdown()
        await client.aclose()


async def until(condition: Callable[[], Any], *, timeout_s: float = 60) -> Any:
    async with asyncio.timeout(timeout_s):
        while not (value := condition()):
            await asyncio.sleep(0.02)
    return value


def answers(valkey: redis.Redis) -> dict[str, BrokerAnswer]:
    fields: Any = valkey.hgetall(redis_keys.BROKERS)
    return {name.decode(): msgspec.json.decode(text, type=BrokerAnswer) for name, text in fields.items()}


def config_version(valkey: redis.Redis) -> int:
    value: Any = valkey.get(redis_keys.CONFIG_VERSION)
    return int(value or 0)


async def look(broker: Broker, name: str = "orders") -> BrokerStream:
    """One stream as one poll tells it, by the user who may do the least."""
    poll = await poll_broker(broker.url_of("eye"), StreamSweep())
    assert poll.reason == ""
    (reply,) = [reply for reply in poll.streams if reply.name == name]
    return make_broker_stream(reply, at_s=poll.at_s)


async def look_at_group(broker: Broker) -> BrokerGroup:
    (group,) = (await look(broker)).groups
    return group


async def test_depth_waiting_and_work_are_what_the_broker_says(broker: Broker) -> None:
    broker.fill("orders", 10)
    broker.client.xgroup_create("orders", "packers", id="0")
    fresh = await look_at_group(broker)
    assert (fresh.waiting, fresh.pending, fresh.oldest_is_bound) == (10, 0, False)
    broker.read("orders", "packers", 4)
    stream = await look(broker)
    (group,) = stream.groups
    assert (stream.length, stream.added_total, group.position) == (10, 10, 4)
    assert (group.waiting, group.pending, group.consumers, group.oldest_is_bound) == (6, 4, 1, True)
    assert group.oldest_s is not None
    assert 0 <= group.oldest_s < 60
    broker.read("orders", "packers", 10)
    done = await look_at_group(broker)
    assert (done.waiting, done.oldest_s, done.pending) == (0, None, 10)


async def test_a_lag_that_is_nil_is_unknown_and_not_nothing(broker: Broker) -> None:
    ids = broker.fill("orders", 10)
    broker.client.xgroup_create("orders", "packers", id="0")
    broker.read("orders", "packers", 3)
    broker.client.xdel("orders", ids[6])
    assert broker.client.xinfo_groups("orders")[0]["lag"] is None
    group, stream = await look_at_group(broker), await look(broker)
    assert (group.waiting, stream.length) == (None, 9)
    # A group that was given nothing yet waits for all there is, whatever its lag says.
    broker.client.xgroup_create("orders", "late", id="0")
    broker.client.xdel("orders", ids[7])
    assert {each.name: each.waiting for each in (await look(broker)).groups} == {"packers": None, "late": 8}
    broker.read("orders", "packers", 10)
    assert {each.name: each.waiting for each in (await look(broker)).groups}["packers"] == 0


async def test_a_lag_that_is_nil_is_bounded_by_what_was_written_since_all_was_read(broker: Broker) -> None:
    flows = StreamFlows()
    broker.fill("orders", 100)
    broker.client.xgroup_create("orders", "packers", id="0")
    broker.read("orders", "packers", 100)
    flows.add([await look(broker)], at_s=0)
    ids = broker.fill("orders", 20)
    broker.read("orders", "packers", 5)
    broker.client.xdel("orders", ids[10])
    (stream,) = flows.add([await look(broker)], at_s=5)
    assert (stream.length, stream.groups[0].waiting, stream.groups[0].at_most) == (119, None, 20)


async def test_a_lag_beyond_the_length_is_not_believed_and_tells_what_was_trimmed(broker: Broker) -> None:
    broker.fill("orders", 4)
    broker.client.xgroup_create("orders", "packers", id="0")
    broker.read("orders", "packers", 4)
    broker.fill("orders", 5)
    broker.client.xtrim("orders", maxlen=1, approximate=False)
    assert broker.client.xinfo_groups("orders")[0]["lag"] == 5
    group = await look_at_group(broker)
    assert (group.waiting, group.trimmed) == (1, 4)
    broker.read("orders", "packers", 5)
    after = await look_at_group(broker)
    assert (after.waiting, after.trimmed) == (0, 0)


async def test_only_what_may_be_asked_is_asked_and_nothing_is_written(
    broker: Broker, valkey: redis.Redis, valkey_url: str
) -> None:
    broker.fill("orders", 3)
    broker.client.set("no stream", "c4n4ry")
    broker.client.xgroup_create("orders", "packers", id="0")
    broker.read("orders", "packers", 1)
    url = broker.url_of("eye")
    before = broker.client.dbsize(), broker.client.xinfo_stream("orders", full=True)
    broker.forget_calls()
    async with polling(valkey_url, url):
        first = await until(lambda: answers(valkey).get(without_options(url)))
        await until(lambda: answers(valkey)[without_options(url)].polled_s > first.polled_s + 0.3)
    assert broker.called() <= ALLOWED
    assert {"xinfo|stream", "xinfo|groups", "xinfo|consumers", "scan", "info"} <= broker.called()
    assert (broker.client.dbsize(), broker.client.xinfo_stream("orders", full=True)) == before
    stored: Any = valkey.hgetall(redis_keys.BROKERS)
    assert "c4n4ry" not in str(stored)
    assert first.status == ALIVE
    assert first.version.startswith("Valkey ")


async def test_what_goes_in_and_out_is_counted_over_the_window(
    broker: Broker, valkey: redis.Redis, valkey_url: str
) -> None:
    broker.fill("orders", 5)
    broker.client.xgroup_create("orders", "packers", id="0")
    url = broker.url_of("eye")

    def stream() -> BrokerStream | None:
        answer = answers(valkey).get(without_options(url))
        return answer.streams[0] if answer and answer.streams else None

    async with polling(valkey_url, url):
        first = await until(stream)
        broker.fill("orders", 20)
        broker.read("orders", "packers", 8)
        told = await until(lambda: (now := stream()) and now.added and now.groups[0].read == 8 and now)
    assert (first.added, first.window_s) == (None, 0)
    assert told.added == 20
    assert told.window_s > 0
    assert (told.groups[0].waiting, told.groups[0].position) == (17, 8)


async def test_drain_and_overflow_follow_from_real_traffic(broker: Broker) -> None:
    flows = StreamFlows()
    broker.client.xgroup_create("orders", "packers", id="0", mkstream=True)

    async def minute(number: int, *, written: int, read: int) -> tuple[BrokerGroup, BrokerStream]:
        broker.fill("orders", written)
        assert len(broker.read("orders", "packers", read)) == read
        (stream,) = flows.add([await look(broker)], at_s=60.0 * number)
        return stream.groups[0], stream

    await minute(0, written=101, read=1)
    group, stream = await minute(1, written=60, read=30)
    # 130 wait and 30 more each minute: 870 have room for 29 minutes.
    assert overflow_forecast(group, stream, most_messages=1000) == Forecast(IN, 29 * 60)
    assert drain_forecast(group, stream) == Forecast(NEVER)
    group, stream = await minute(2, written=30, read=95)
    assert drain_forecast(group, stream).seconds == pytest.approx(60)
    assert overflow_forecast(group, stream, most_messages=1000) == Forecast(NEVER)


async def test_a_consumer_that_sits_on_messages_is_stuck(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    # A minute is long for a test: what is asked here is that the broker's own idle time decides.
    monkeypatch.setattr(broker_stream, "STUCK_AFTER_S", 0.2)
    broker.fill("orders", 5)
    broker.client.xgroup_create("orders", "packers", id="0")
    broker.read("orders", "packers", 3, consumer="gone")
    held = broker.read("orders", "packers", 2, consumer="done")
    broker.client.xack("orders", "packers", *held)
    await until(lambda: broker.client.xinfo_consumers("orders", "packers")[0]["idle"] > 300)
    group = await look_at_group(broker)
    assert [(each.name, each.pending) for each in group.stuck] == [("gone", 3)]
    broker.client.xautoclaim("orders", "packers", "rescuer", 0)
    assert (await look_at_group(broker)).stuck_count == 0


async def test_new_and_gone_streams_are_news_and_our_own_are_not_told(
    broker: Broker, valkey: redis.Redis, valkey_url: str
) -> None:
    def names() -> list[str]:
        return [stream.name for answer in answers(valkey).values() for stream in answer.streams]

    broker.fill("{s00}:batches", 1)
    async with polling(valkey_url, broker.url):
        # It is kept first, and told then.
        version = await until(lambda: config_version(valkey))
        broker.fill("an answer", 1)
        broker.fill("orders", 1)
        broker.client.xgroup_create("orders", "packers")
        await until(lambda: names() == ["an answer", "orders"])
        # What was made a moment ago and has no readers may be gone in a moment.
        await until(lambda: config_version(valkey) == version + 1)
        assert [answer.lasting for answer in answers(valkey).values()] == [["orders"]]
        broker.client.delete("orders", "an answer")
        await until(lambda: answers(valkey) and not names())
        valkey.flushall()
        await until(lambda: answers(valkey))
    async with polling(valkey_url):
        await until(lambda: not answers(valkey))


async def test_each_way_to_fail_says_what_to_do_and_nothing_secret(broker: Broker) -> None:
    broker.fill("orders", 1)
    place = broker.url.rpartition("@")[2]
    reasons = {
        broker.url_of("eye", password="c4n4ry-2"): "wrong user or password",
        f"redis://{place}": "it asks for a user and a password, and the URL has none",
        broker.url_of("blind", rights="+info +scan"): f"no permission for XINFO STREAM: the user needs {ACL}",
        broker.url_of("deaf", rights="+xinfo +scan"): f"no permission for INFO: the user needs {ACL}",
        f"{broker.url_of('far').removesuffix('/0')}/3": f"no permission for SELECT: the user needs {ACL}; "
        "the URL names a database, so it needs +select, too",
        f"redis://u:c4n4ry@127.0.0.1:{own_port()}": "connection refused",
        "redis://u:c4n4ry@no-such-host.invalid": "host name not found",
        f"redis://u:c4n4ry@{place}?ssl_ca_certs=/none": "not a URL that can be asked",
    }
    broker.forget_calls()
    for url, reason in reasons.items():
        poll = await poll_broker(url, StreamSweep())
        assert (poll.reason, poll.streams) == (reason, ())
    assert broker.client.info("commandstats")["cmdstat_auth"]["failed_calls"] == 1


async def test_what_is_no_redis_and_what_never_answers_is_told_in_time(broker: Broker) -> None:
    async def say_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def say_unknown(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"-ERR unknown command 'AUTH', with args beginning with: 'eye' 'c4n4ry'\r\n")
        await writer.drain()
        writer.close()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Until the other side gives up.
        await reader.read()
        writer.close()

    for answer, deadline_s, reason in (
        (say_http, 60, "what answers there is no Redis"),
        (say_unknown, 60, "it answered: unknown command 'AUTH'"),
        (say_nothing, 1, "no answer within 1 s"),
    ):
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            told = await poll_broker(f"redis://eye:c4n4ry@127.0.0.1:{port}", StreamSweep(), deadline_s=deadline_s)
        assert told.reason == reason


async def test_streams_that_a_user_may_not_look_at_are_counted(broker: Broker) -> None:
    broker.fill("orders", 1)
    broker.fill("payments", 1)
    poll = await poll_broker(broker.url_of("half", keys="~orders*"), StreamSweep())
    assert ([reply.name for reply in poll.streams], poll.refused, poll.reason) == (["orders"], 1, "")


async def test_a_broker_that_goes_away_keeps_what_it_told_with_when_that_was(
    broker: Broker, valkey: redis.Redis, valkey_url: str
) -> None:
    broker.fill("orders", 7)
    url = broker.url_of("eye")
    async with polling(valkey_url, url):
        alive = await until(lambda: answers(valkey).get(without_options(url)))
        broker.client.execute_command("ACL", "DELUSER", "eye")
        down = await until(lambda: (state := answers(valkey)[without_options(url)]).status == ERROR and state)
        version = config_version(valkey)
        broker.url_of("eye")
        back = await until(lambda: (state := answers(valkey)[without_options(url)]).status == ALIVE and state)
    assert down.reason == "wrong user or password"
    assert [stream.length for stream in down.streams] == [7]
    assert alive.answered_s <= down.answered_s <= down.since_s <= back.since_s
    assert config_version(valkey) == version
