"""
Takes OTLP over HTTP: POST /v1/traces and /v1/logs with JSON, for SDKs and the OpenTelemetry Collector.

A 200 means that the request is a line in the spool; the collector counts it like a line of any log. Senders are
machines: there is no session and no cookie, so there is nothing that another site's page could use, and a page of
another site is refused anyhow.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis
from django.http.request import split_domain_port, validate_host

from collector.lib.secret import Secret
from collector.models import redis_keys
from collector.models.errors import StoreUnavailable
from visualizer.core.otlp_body import MAX_BODY_BYTES, otlp_line
from visualizer.interfaces.body_limit import App, Message, Receive, Scope, Send
from visualizer.interfaces.machine_access import may_ask
from visualizer.interfaces.origin import may_connect
from visualizer.io.otlp_spool import OtlpSpool
from visualizer.models.errors import BadOtlpBody, SpoolRefuses
from visualizer.resources import shared_redis

log = logging.getLogger(__name__)
#: What each address takes.
SIGNALS = {"/v1/traces": "resourceSpans", "/v1/logs": "resourceLogs"}
_METRICS_PATH = "/v1/metrics"
#: Bodies that are decoded at a time, each up to 20 MiB of memory, and those that wait for it.
AT_ONCE = 2
MOST_WAITING = 16
#: When to come again, and how long people see that somebody was sent away.
RETRY_AFTER_S = 10
PROBLEM_S = 60


@dataclass(frozen=True, slots=True)
class ReceiverOptions:
    """What it needs of the settings."""

    #: Is there a collector's format to read what is taken?
    is_on: bool
    #: Opens it to other machines.
    token: Secret | None
    allowed_hosts: Sequence[str]
    trusted_origins: Sequence[str]


class _Refused(Exception):
    def __init__(self, status: int, message: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


def otlp_receiver(app: App, spool: OtlpSpool, options: ReceiverOptions, *, tell: Callable[[str], object]) -> App:
    """
    The ASGI application, with the receiver's addresses in front of it.

    Args:
        tell: shows people that something could not be taken.
    """
    waiting = 0
    turns = asyncio.Semaphore(AT_ONCE)

    async def receiver(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal waiting
        path = scope["path"]
        if path not in SIGNALS and path != _METRICS_PATH:
            await app(scope, receive, send)
            return
        try:
            _check(scope, options)
            if waiting >= MOST_WAITING:
                raise _Refused(503, "too many requests at a time", (b"retry-after", b"1"))
            waiting += 1
            try:
                body = await _read(scope, receive)
                async with turns:
                    await asyncio.to_thread(_keep, body, SIGNALS[path], _header(scope, b"content-encoding"), spool)
            finally:
                waiting -= 1
            await _answer(send, 200, {})
        except BadOtlpBody as exc:
            await _answer(send, exc.status, {"message": str(exc)})
        except SpoolRefuses as exc:
            await asyncio.to_thread(tell, f"OTLP is refused: {exc}")
            await _answer(send, 503, {"message": str(exc)}, (b"retry-after", b"%d" % RETRY_AFTER_S))
        except _Refused as exc:
            await _answer(send, exc.status, {"message": str(exc)}, *exc.headers)

    return receiver


def tell_people(text: str) -> None:
    """Show a problem on the page for a while."""
    log.warning("%s", text)
    with suppress(redis.RedisError, StoreUnavailable):
        shared_redis().set(redis_keys.RECEIVER_PROBLEM, text, ex=PROBLEM_S)


def _check(scope: Scope, options: ReceiverOptions) -> None:
    if scope["method"] != "POST":
        raise _Refused(405, "expected POST", (b"allow", b"POST"))
    host = _header(scope, b"host")
    if not validate_host(split_domain_port(host)[0], list(options.allowed_hosts)):
        raise _Refused(400, "this host name is not in ALLOWED_HOSTS")
    headers = scope["headers"]
    is_ours = may_connect(
        headers,
        is_tls=scope.get("scheme") == "https",
        allowed_hosts=options.allowed_hosts,
        trusted_origins=options.trusted_origins,
    )
    if _header(scope, b"origin") and not is_ours:
        raise _Refused(403, "pages of other origins may not send")
    names = {name.decode("latin-1").lower() for name, _ in headers}
    address = (scope.get("client") or ("",))[0]
    authorization = _header(scope, b"authorization")
    if not may_ask(token=options.token, authorization=authorization, header_names=names, address=address):
        raise _Refused(403, "expected Authorization: Bearer with EVENTSCOPE_OTLP_TOKEN, or a sender on this machine")
    if not options.is_on:
        raise _Refused(404, "nothing is received: otlp_json is not among EVENTSCOPE_APPLICATIONS")
    if scope["path"] == _METRICS_PATH:
        raise _Refused(404, "metrics are not taken: send traces and logs only")
    if _header(scope, b"content-type").partition(";")[0].strip().lower() != "application/json":
        raise _Refused(415, "expected Content-Type: application/json (otlphttp: `encoding: json`), not Protobuf")


async def _read(scope: Scope, receive: Receive) -> bytes:
    mib = MAX_BODY_BYTES // 1024 // 1024
    too_large = _Refused(413, f"the body is larger than {mib} MiB", (b"connection", b"close"))
    length = _header(scope, b"content-length")
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise too_large
    parts: list[bytes] = []
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Refused(400, "the sender went away")
        parts.append(message.get("body", b""))
        size_bytes += len(parts[-1])
        if size_bytes > MAX_BODY_BYTES:
            raise too_large
        if not message.get("more_body"):
            return b"".join(parts)


def _keep(body: bytes, signal: str, encoding: str, spool: OtlpSpool) -> None:
    line = otlp_line(body, signal=signal, encoding=encoding.strip().lower())
    if line:
        spool.append(line)


def _header(scope: Scope, name: bytes) -> str:
    """The header's value; "" when it is missing or stands twice."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


async def _answer(send: Send, status: int, content: Mapping[str, Any], *headers: tuple[bytes, bytes]) -> None:
    body = json.dumps(content).encode()
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
            *headers,
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
