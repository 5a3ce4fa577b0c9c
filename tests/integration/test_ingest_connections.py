"""Answers of Redis that are none, on a server that says what the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from hiredis import Reader
from redis.asyncio import Redis

from collector.models.errors import StoreUnavailable
from collector.repo import ingest_connections
from collector.repo.ingest_connections import IngestConnections

#: Cuts the connection instead of an answer, or never gives one.
CUT, SILENCE = b"cut", b"silence"


class Told:
    """A server that gives these answers to scripts, one after the other, and +OK to everything else."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        #: EVALSHA or EVAL, as they came.
        self.asked: list[bytes] = []
        self.connections = 0
        self.serving: list[asyncio.Task[None]] = []

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.serving.append(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests = Reader()
        while data := await reader.read(65536):
            requests.feed(data)
            while (request := requests.gets()) is not False:
                answer = b"+OK\r\n"
                if request[0] in (b"EVALSHA", b"EVAL"):
                    self.asked.append(request[0])
                    answer = self.answers.pop(0)
                if answer == CUT:
                    writer.close()
                    return
                if answer != SILENCE:
                    writer.write(answer)
        writer.close()


@asynccontextmanager
async def connected(server: Told) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """A call of a script on that server."""
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    redis = Redis.from_url(f"redis://127.0.0.1:{port}?protocol=2")
    connections = IngestConnections(redis)
    try:
        yield lambda: connections.run("return 1", "sha", keys=["{s00}:k"], args=[1, b"\0\xff", "ü"])
    finally:
        await connections.close()
        await redis.aclose()
        await asyncio.gather(*server.serving)
        listening.close()
        await listening.wait_closed()


@pytest.mark.parametrize(
    "answer",
    [
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"-READONLY You can't write against a read only replica.\r\n",
        b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
        CUT,
    ],
)
async def test_a_refusal_is_told_and_the_next_try_begins_on_a_new_connection(answer: bytes) -> None:
    server = Told(answer, b"+done\r\n")
    async with connected(server) as call:
        with pytest.raises(StoreUnavailable):
            await call()
        assert await call() == b"done"
    assert server.connections == 2


async def test_a_server_that_does_not_know_the_script_is_sent_it() -> None:
    server = Told(b"-NOSCRIPT No matching script.\r\n", b":7\r\n")
    async with connected(server) as call:
        assert await call() == 7
    assert (server.asked, server.connections) == ([b"EVALSHA", b"EVAL"], 1)


async def test_a_connection_that_was_closed_while_it_rested_is_made_anew() -> None:
    server = Told(b"+first\r\n", CUT, b"+again\r\n")
    async with connected(server) as call:
        assert [await call(), await call()] == [b"first", b"again"]
    assert (len(server.asked), server.connections) == (3, 2)


async def test_a_frozen_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_connections, "CALL_TIMEOUT_S", 0.05)
    async with connected(Told(SILENCE)) as call:
        with pytest.raises(StoreUnavailable, match=r"no answer within 0\.05 s"):
            await call()
