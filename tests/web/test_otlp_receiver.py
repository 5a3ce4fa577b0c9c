"""POST /v1/traces and /v1/logs, asked as a sender asks."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from collector.lib.secret import Secret
from collector.models import redis_keys
from tests.otlp_line import SERVER, export, export_logs, span
from visualizer.core.freshness import judge_freshness
from visualizer.interfaces.otlp_receiver import ReceiverOptions, otlp_receiver, tell_people
from visualizer.io.otlp_spool import OtlpSpool, spool_files
from visualizer.repo.watch import read_watch

BODY = json.dumps(export("shop", span("e", SERVER, span_id="1"))).encode()
JSON = {"content-type": "application/json", "host": "localhost:8000"}
TOKEN = "t" * 32


class Receiver:
    """The receiver in front of an application that says 418."""

    def __init__(self, folder: Path, *, total_bytes: int = 10**8, **options: Any) -> None:
        self.folder = folder
        self.spool = OtlpSpool(folder, total_bytes=total_bytes)
        self.told: list[str] = []
        known: dict[str, Any] = {"is_on": True, "token": None, "allowed_hosts": ["localhost"], "trusted_origins": []}
        self._app = otlp_receiver(teapot, self.spool, ReceiverOptions(**known | options), tell=self.told.append)

    async def post(
        self,
        path: str = "/v1/traces",
        body: bytes = BODY,
        *,
        method: str = "POST",
        client: str = "127.0.0.1",
        **headers: str,
    ) -> tuple[int, dict[str, Any], dict[bytes, bytes]]:
        """Status, body and headers of the answer."""
        given = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "client": (client, 1),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        }
        pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for start in range(0, len(body), 65536):
            pieces.put_nowait({"type": "http.request", "body": body[start : start + 65536], "more_body": True})
        pieces.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, pieces.get, send)
        return sent[0]["status"], json.loads(sent[1]["body"] or b"{}"), dict(sent[0]["headers"])

    def lines(self) -> list[Any]:
        """What is kept, without the first line of each file."""
        return [json.loads(t) for path, _ in spool_files(self.folder) for t in path.read_bytes().splitlines()[1:]]


async def teapot(scope: Any, receive: Any, send: Any) -> None:
    """Everything else."""
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    made = Receiver(tmp_path / "otlp")
    yield made
    made.spool.close()


async def test_a_request_is_answered_once_it_is_a_line(receiver: Receiver) -> None:
    assert (await receiver.post())[:2] == (200, {})
    assert (await receiver.post(body=gzip.compress(BODY), content_encoding="gzip"))[0] == 200
    logs = json.dumps(export_logs("shop", {"traceId": "1"})).encode()
    assert (await receiver.post("/v1/logs", logs, content_type="application/json; charset=utf-8"))[0] == 200
    assert receiver.lines() == [json.loads(BODY), json.loads(BODY), json.loads(logs)]


async def test_an_empty_request_is_fine_and_kept_nowhere(receiver: Receiver) -> None:
    assert (await receiver.post(body=b"{}"))[:2] == (200, {})
    assert receiver.lines() == []


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ({"path": "/"}, 418, ""),
        ({"method": "GET"}, 405, "POST"),
        ({"method": "OPTIONS"}, 405, "POST"),
        ({"path": "/v1/metrics"}, 404, "metrics are not taken"),
        ({"content_type": "application/x-protobuf"}, 415, "not Protobuf"),
        ({"content_type": "text/plain"}, 415, "application/json"),
        ({"content_encoding": "zstd"}, 415, "gzip"),
        ({"host": "evil.example"}, 400, "ALLOWED_HOSTS"),
        ({"origin": "http://evil.example"}, 403, "origins"),
        ({"origin": "null"}, 403, "origins"),
        ({"origin": "http://localhost:8000"}, 200, ""),
        ({"client": "10.0.0.7"}, 403, "EVENTSCOPE_OTLP_TOKEN"),
        ({"x_forwarded_for": "10.0.0.7"}, 403, "EVENTSCOPE_OTLP_TOKEN"),
        ({"client": "10.0.0.7", "authorization": "Bearer "}, 403, "EVENTSCOPE_OTLP_TOKEN"),
        ({"body": b"not json, password=hunter2"}, 400, "no JSON"),
        ({"body": b" " * (4 * 1024 * 1024 + 1)}, 413, "4 MiB"),
        ({"content_length": "99999999"}, 413, "4 MiB"),
    ],
)
async def test_everything_else_is_refused_with_what_was_expected(
    receiver: Receiver, asked: dict[str, Any], status: int, says: str
) -> None:
    found, body, headers = await receiver.post(**asked)
    assert (found, says in body.get("message", "")) == (status, True), body
    assert "hunter2" not in str(body)
    assert not any(name.startswith(b"access-control") for name in headers)
    assert len(receiver.lines()) == (status == 200)


@pytest.mark.parametrize(
    ("client", "authorization", "status"),
    [
        ("10.0.0.7", f"Bearer {TOKEN}", 200),
        ("10.0.0.7", f"bearer {TOKEN}", 200),
        ("10.0.0.7", f"Bearer {TOKEN}x", 403),
        ("10.0.0.7", "Bearer ü", 403),
        ("127.0.0.1", "", 200),
    ],
)
async def test_a_token_opens_it_to_other_machines(tmp_path: Path, client: str, authorization: str, status: int) -> None:
    opened = Receiver(tmp_path, token=Secret(TOKEN))
    assert (await opened.post(client=client, authorization=authorization))[0] == status
    opened.spool.close()


async def test_nothing_is_received_that_nobody_would_read(tmp_path: Path) -> None:
    found, body, _ = await Receiver(tmp_path / "otlp", is_on=False).post()
    assert (found, "EVENTSCOPE_APPLICATIONS" in body["message"]) == (404, True)
    assert not (tmp_path / "otlp").exists()


async def test_a_full_spool_sends_senders_away_for_a_while_and_people_are_told(tmp_path: Path) -> None:
    full = Receiver(tmp_path / "otlp", total_bytes=100)
    found, body, headers = await full.post()
    assert (found, headers[b"retry-after"]) == (503, b"10")
    assert full.told == [f"OTLP is refused: {body['message']}"]


def test_what_people_are_told_stands_among_the_problems(live: redis.Redis) -> None:
    tell_people("OTLP is refused: no room")
    assert "OTLP is refused: no room" in judge_freshness(read_watch(live), 0).problems
    assert live.ttl(redis_keys.RECEIVER_PROBLEM) > 0


async def test_many_at_a_time_all_get_an_answer_and_each_200_is_a_line(receiver: Receiver) -> None:
    answers = await asyncio.gather(*(receiver.post() for _ in range(60)))
    taken = sum(status == 200 for status, _, _ in answers)
    assert {status for status, _, _ in answers} <= {200, 503}
    assert taken == len(receiver.lines()) >= 16
