"""One host, asked over a real socket: it answers well, badly, slowly, endlessly or not at all."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from collector.io.config_host import poll_host
from collector.io.polite_get import open_client
from collector.models.host import HostPoll
from tests.http_server import Answer, http_server, respond
from tests.ports import own_port

CONFIGS = Path(__file__).parent.parent / "fixtures" / "hopeit" / "config"
STANDARD = (CONFIGS / "runtime_apps_config.simple.json").read_bytes()
EXPANDED = (CONFIGS / "runtime_apps_config.simple.expanded.json").read_bytes()
SMALL = b'{"apps": {}}'


async def poll(url: str, *, versions: Sequence[str] = ("0x30",), deadline_s: float = 60) -> HostPoll:
    async with open_client() as client:
        return await poll_host(client, url, versions=versions, deadline_s=deadline_s)


async def reason_for(answer: Answer, *, deadline_s: float = 60) -> str:
    async with http_server(answer) as server:
        return (await poll(server.url, deadline_s=deadline_s)).reason


async def recorded(target: str, writer: asyncio.StreamWriter) -> None:
    await respond(EXPANDED if "expand_events=true" in target else STANDARD)(target, writer)


async def test_both_values_of_expand_events_are_asked_for() -> None:
    async with http_server(recorded) as server:
        answer = await poll(server.url)
    assert answer.reason == ""
    assert (answer.standard, answer.expanded) == (json.loads(STANDARD), json.loads(EXPANDED))
    assert answer.api_version == "0x30"
    assert answer.latency_ms is not None
    assert answer.latency_ms > 0
    assert [urlsplit(target).path for target in server.targets] == ["/api/config-manager/0x30/runtime-apps-config"] * 2
    assert [parse_qs(urlsplit(target).query)["url"] for target in server.targets] == [[server.url]] * 2
    assert all("accept-encoding: identity\r\n" in headers for headers in server.headers)


async def test_the_next_version_is_tried_after_404() -> None:
    async def only_0x29(target: str, writer: asyncio.StreamWriter) -> None:
        await respond(SMALL, status="200 OK" if "/0x29/" in target else "404 Not Found")(target, writer)

    async with http_server(only_0x29) as server:
        assert (await poll(server.url, versions=["0x31", "0x29", "0x28"])).api_version == "0x29"
        assert (await poll(server.url, versions=["0x31", "0x30"])).reason == "404 from every known version (0x31, 0x30)"


async def test_a_name_and_password_in_the_url_are_sent_as_authentication_only() -> None:
    async with http_server(respond(SMALL)) as server:
        assert (await poll(server.url.replace("//", "//bob:hunter2@"))).reason == ""
    assert "hunter2" not in str(server.targets)
    assert "authorization: basic " in server.headers[0]


async def test_the_environment_names_no_proxy_and_cookies_are_not_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with http_server(respond(SMALL, headers="Set-Cookie: a=b\r\n")) as server:
        assert (await poll(server.url)).reason == ""
    assert "cookie" not in server.headers[1]


async def test_nobody_listens() -> None:
    assert (await poll(f"http://127.0.0.1:{own_port()}")).reason == "connection refused"


async def test_a_name_that_does_not_exist() -> None:
    assert (await poll("http://no-such-host.invalid")).reason == "host name not found"


def test_a_name_server_that_never_answers_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, asked = threading.Event(), threading.Event()

    def never(*_args: object, **_more: object) -> NoReturn:
        asked.set()
        answered.wait()
        raise socket.gaierror("too late")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    # asyncio.run waits for its own threads: it would not return while a lookup in one of them is stuck.
    reasons = [asyncio.run(poll("http://slow.example", deadline_s=0.2)).reason for _ in range(10)]
    assert asked.is_set()
    assert reasons == ["no answer within 0.2 s"] * 10
    answered.set()


async def test_tls_where_there_is_none() -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail at your service\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await poll(f"https://127.0.0.1:{port}")).reason == "TLS failed"


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    async with http_server(respond(SMALL), tls=self_signed(tmp_path)) as server:
        assert (await poll(server.url)).reason == "certificate not trusted: self-signed certificate"


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate made on the spot."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1)).sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(private + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("302 Found", "answered 302, redirects are not followed"),
        ("304 Not Modified", "answered 304, redirects are not followed"),
        ("401 Unauthorized", "answered 401, the config endpoint asks for a sign-in"),
        ("500 Internal Server Error", "answered 500"),
        ("204 No Content", "answered 204"),
    ],
)
async def test_other_statuses_are_said(status: str, reason: str) -> None:
    assert await reason_for(respond(b"", status=status, headers="Location: http://127.0.0.1:1/\r\n")) == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"<html>", "no JSON"),
        (b'{"apps": {', "no JSON"),
        (b'{"apps": {"a": NaN}}', "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"apps": "\\ud800"}', "no JSON"),
        (b"[" * 900_000, "JSON nested deeper than 32"),
        (b'{"apps":' * 40 + b"1" + b"}" * 40, "JSON nested deeper than 32"),
        (b'{"apps": {"a": [' + b"0," * 50_000 + b"0]}}", "JSON with more than 50000 values"),
        (b'{"apps": {}, "n": %d}' % 10**40, "JSON with a number out of range"),
        (b"[]", "JSON, but no runtime config: expected an object with apps"),
        (
            b'{"apps": {"a.1x0": {}}}',
            "no runtime config: expected servers, app_config and effective_events in each app",
        ),
        (b'{"apps": {}, "server_status": []}', "no runtime config: expected an object server_status"),
    ],
)
async def test_answers_that_are_no_config_are_said(body: bytes, reason: str) -> None:
    assert await reason_for(respond(body)) == reason


async def test_a_body_that_never_ends_is_left_at_the_limit() -> None:
    async def endless(_target: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" " * 65536)
            await writer.drain()

    assert await reason_for(endless) == "answer larger than 1 MiB"


async def test_a_body_just_within_the_limit_is_read() -> None:
    assert await reason_for(respond(SMALL.ljust(1024 * 1024))) == ""
    assert await reason_for(respond(SMALL.ljust(1024 * 1024 + 1))) == "answer larger than 1 MiB"


async def test_a_byte_now_and_then_ends_at_the_deadline() -> None:
    async def drip(_target: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    assert await reason_for(drip, deadline_s=0.3) == "no answer within 0.3 s"


async def test_headers_that_never_end_are_left() -> None:
    async def headers(_target: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-More: " + b"x" * 4096 + b"\r\n")
            await writer.drain()

    assert await reason_for(headers) == "the answer broke off or is no HTTP"


async def test_silence_ends_at_the_deadline() -> None:
    async def silent(_target: str, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    assert await reason_for(silent, deadline_s=0.3) == "no answer within 0.3 s"


async def test_the_deadline_is_for_both_questions_together() -> None:
    async def slow(target: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await respond(SMALL)(target, writer)

    assert await reason_for(slow, deadline_s=0.5) == "no answer within 0.5 s"


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate, gzip", "unheard-of"])
async def test_a_compressed_answer_is_not_unpacked(encoding: str) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    answer = respond(bomb, headers=f"Content-Encoding: {encoding}\r\n")
    assert await reason_for(answer) == "answered compressed, though it was asked not to"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (respond(SMALL, length=len(SMALL) + 5), "the answer broke off or is no HTTP"),
        (respond(SMALL, length=3), "no JSON"),
        (respond(SMALL, headers="Content-Length: 3\r\n"), "the answer broke off or is no HTTP"),
        (respond(SMALL, headers="Transfer-Encoding: chunked\r\n", length=0), "the answer broke off or is no HTTP"),
        (respond(b"", status="999999"), "the answer broke off or is no HTTP"),
    ],
)
async def test_wrong_lengths_and_broken_framing_are_said(answer: Answer, reason: str) -> None:
    assert await reason_for(answer) == reason


async def test_something_else_than_http_is_said() -> None:
    async def ssh(_target: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2p1\r\n")

    assert await reason_for(ssh) == "the answer broke off or is no HTTP"
