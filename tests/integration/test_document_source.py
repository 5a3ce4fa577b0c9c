"""asyncapi and openapi on the kernel: real files, a real server over sockets, states in a real Redis."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import redis
import svcs
from redis.asyncio import Redis

from collector.applications.document_source import DocumentSource
from collector.applications.sources.asyncapi import AsyncApi
from collector.applications.sources.openapi import OpenApi
from collector.io.document import MAX_DOCUMENT_BYTES
from collector.kernel.events import ConfigChanged
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.models.document import DocumentAddress
from collector.models.host import ALIVE, ERROR
from collector.models.options import Options
from tests.http_server import http_server
from tests.kept_hosts import states, until
from tests.ports import own_port
from tests.spec_documents import BILLING, ORDERS, document
from visualizer.repo.host_answers import read_host_answers


class Page:
    """What is behind a URL, with its ETag, as long as a test wants it so."""

    def __init__(self, body: bytes, *, status: str = "200 OK", headers: str = "", etag: str = '"1"') -> None:
        self.body = body
        self.etag = etag
        self.status = status
        self.headers = headers
        #: (asked with this ETag?, answered with a body?)
        self.answers: list[tuple[bool, bool]] = []

    async def answer(self, writer: asyncio.StreamWriter, asked: str) -> None:
        knows = f"if-none-match: {self.etag}" in asked
        status, body = ("304 Not Modified", b"") if knows else (self.status, self.body)
        self.answers.append((knows, bool(body)))
        writer.write(
            f"HTTP/1.1 {status}\r\nETag: {self.etag}\r\n{self.headers}Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )


@asynccontextmanager
async def serving(page: Page) -> AsyncIterator[str]:
    async def answer(_target: str, writer: asyncio.StreamWriter) -> None:
        await page.answer(writer, server.headers[-1])

    async with http_server(answer) as server:
        yield f"{server.url}/api.json"


@asynccontextmanager
async def reading(
    url: str, folder: Path, *addresses: str, source: type[DocumentSource] = AsyncApi
) -> AsyncIterator[list[object]]:
    """A booted kernel with one source alone, and what it tells of changes."""
    client = Redis.from_url(url, socket_timeout=20)
    registry = svcs.Registry()
    registry.register_value(Redis, client)
    documents = tuple(DocumentAddress(address) for address in addresses)
    made = Options(data_dir=folder, poll_interval_s=0.05, **{source.name: documents})  # type: ignore[arg-type]
    kernel = Kernel(
        [source()],
        options=made,
        status=Status(collector_id="c:1", host_id="c", started_s=0),
        registry=registry,
    )
    changes: list[object] = []

    async def hear(event: object) -> None:
        changes.append(event)

    kernel.bus.listen(ConfigChanged, hear)
    await kernel.boot()
    try:
        yield changes
    finally:
        await kernel.shutdown()
        await client.aclose()


def reason(valkey: redis.Redis, address: str) -> str:
    found = states(valkey).get(address)
    return found.reason if found else ""


async def test_a_file_is_read_again_when_it_changes(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_bytes(BILLING.read_bytes())
    async with reading(valkey_url, tmp_path, str(path)) as changes:
        before = await until(lambda: states(valkey).get(str(path)))
        assert (before.status, before.source, before.position) == (ALIVE, "asyncapi", 1_000_000)
        assert [list(one.standard["apps"]) for one in read_host_answers(valkey) if one.standard] == [["billing.1.2.0"]]
        told = document(BILLING)
        told["info"]["version"] = "1.3.0"
        (tmp_path / "new").write_text(json.dumps(told))
        (tmp_path / "new").replace(path)
        await until(lambda: states(valkey)[str(path)].content_hash != before.content_hash)
        path.write_text("{")
        after = await until(lambda: (one := states(valkey)[str(path)]).status == ERROR and one)
        # What it said last stays, so that nothing vanishes while somebody writes it.
        assert after.reason == "expected JSON, came something else"
        assert after.standard["info"]["version"] == "1.3.0"
        path.unlink()
        await until(lambda: reason(valkey, str(path)) == "No such file or directory")
        assert len(changes) == 2


async def test_a_page_that_is_the_same_is_not_sent_again(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    page = Page(ORDERS.read_bytes())
    async with serving(page) as url, reading(valkey_url, tmp_path, url, source=OpenApi) as changes:
        before = await until(lambda: states(valkey).get(url))
        await until(lambda: len(page.answers) > 4)
        assert page.answers[:5] == [(False, True), *[(True, False)] * 4]
        page.body, page.etag = ORDERS.read_bytes().replace(b"2.0.0", b"2.1.0"), '"2"'
        after = await until(lambda: (one := states(valkey)[url]).content_hash != before.content_hash and one)
        await until(lambda: len(changes) == 2)
    assert after.standard["info"]["version"] == "2.1.0"


async def test_an_etag_that_cannot_be_sent_back_does_no_harm(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    odd, endless = Page(BILLING.read_bytes(), etag='"é"'), Page(BILLING.read_bytes(), etag=f'"{"x" * 600}"')
    async with serving(odd) as one, serving(endless) as other, reading(valkey_url, tmp_path, one, other) as changes:
        await until(lambda: min(len(odd.answers), len(endless.answers)) > 3)
        assert [state.status for state in states(valkey).values()] == [ALIVE, ALIVE]
    assert len(changes) == 2


async def test_a_page_that_fails_is_asked_less_and_less_often(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    # Both are asked every 50 ms while all is well; twelve times in a minute and a half where each wait doubles.
    well, failing = Page(BILLING.read_bytes()), Page(b"", status="503 Service Unavailable")
    async with (
        serving(well) as url,
        serving(failing) as failing_url,
        reading(valkey_url, tmp_path, url, failing_url),
    ):
        await until(lambda: len(well.answers) > 20)
        assert len(failing.answers) < 12
        assert reason(valkey, failing_url) == "answered 503"
        failing.status, failing.body = "200 OK", BILLING.read_bytes()
        found = await until(lambda: (one := states(valkey)[failing_url]).status == ALIVE and one)
    assert (found.reason, found.standard["info"]["title"]) == ("", "billing")


async def test_what_is_behind_a_url_cannot_harm(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    elsewhere = Page(BILLING.read_bytes())
    async with serving(elsewhere) as other:
        moved = Page(b"", status="302 Found", headers=f"Location: {other}\r\n")
        large = Page(b'{"asyncapi": "3.0.0", "info": {"title": "' + b"x" * MAX_DOCUMENT_BYTES + b'"}}')
        async with serving(moved) as from_here, serving(large) as too_large:
            secret = from_here.replace("//", "//bob:c4n4ry@") + "?token=c4n4ry"
            gone = f"http://127.0.0.1:{own_port()}/c4n4ry.json"
            async with reading(valkey_url, tmp_path, secret, too_large, gone):
                await until(lambda: len(states(valkey)) == 3)
    assert {url: one.reason for url, one in states(valkey).items()} == {
        f"{from_here}?token=***": "answered 302, redirects are not followed",
        too_large: "answer larger than 8 MiB",
        gone: "connection refused",
    }
    assert elsewhere.answers == []


async def test_files_that_cannot_be_read_say_why(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    large, pipe, yaml = tmp_path / "large.json", tmp_path / "pipe", tmp_path / "d.yaml"
    with large.open("wb") as file:
        file.truncate(10 * 1024 * 1024)
    os.mkfifo(pipe)
    yaml.write_text("asyncapi: 3.0.0\n")
    other = str(ORDERS)
    async with reading(valkey_url, tmp_path, str(large), str(pipe), str(yaml), str(tmp_path), other):
        await until(lambda: len(states(valkey)) == 5)
    assert {path: one.reason for path, one in states(valkey).items()} == {
        str(large): "larger than 8 MiB",
        str(pipe): "expected a file, came a folder, pipe or device",
        str(yaml): "expected JSON, came YAML: convert it, for example with yq -o=json",
        str(tmp_path): "expected a file, came a folder, pipe or device",
        other: "#/openapi: expected asyncapi; this document belongs into EVENTSCOPE_OPENAPI",
    }


async def test_what_is_no_longer_configured_is_forgotten(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    async with reading(valkey_url, tmp_path, str(BILLING)):
        await until(lambda: states(valkey))
    async with reading(valkey_url, tmp_path, str(ORDERS), source=OpenApi):
        # Each source forgets its own only.
        await until(lambda: states(valkey).keys() == {str(BILLING), str(ORDERS)})
    async with reading(valkey_url, tmp_path):
        await until(lambda: states(valkey).keys() == {str(ORDERS)})
