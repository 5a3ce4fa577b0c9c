"""
Asking a configured host politely: in time, for few bytes, without redirects, cookies or credentials of somebody else.
What goes wrong is told in words that hold nothing the host sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2

from collector.io.connection_reason import connection_reason
from collector.lib.name_lookup import look_up
from collector.models.errors import HostProblem

T = TypeVar("T")
#: For the whole round: both questions, all versions, names, connections, every byte.
DEADLINE_S = 5.0
#: An answer of 100 apps has some 600 kB.
MAX_ANSWER_BYTES = 1024 * 1024


def open_client() -> httpx2.AsyncClient:
    """
    A client for `polite_get`: no redirects, no cookies, no proxies or credentials from the environment, and a new
    connection each time, for one that was kept says nothing of who answers now.
    """
    return httpx2.AsyncClient(
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "eventscope"},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
        timeout=DEADLINE_S,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
    )


async def ask(url: str, questions: Callable[[], Awaitable[T]], *, deadline_s: float = DEADLINE_S) -> T:
    """
    A round of questions to one host, all of them within the deadline.

    Raises:
        HostProblem: whatever the host did, in words.
    """
    try:
        async with asyncio.timeout(deadline_s):
            await _look_up(url)
            return await questions()
    except (TimeoutError, httpx2.TimeoutException):
        raise HostProblem(f"no answer within {deadline_s:g} s") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as exc:
        raise HostProblem(_reason(exc)) from None


async def polite_get(
    client: httpx2.AsyncClient, url: str, *, params: Mapping[str, str] | None = None, what: str
) -> bytes | None:
    """
    The body of an answer; None for 404. To be called within `ask`.

    Args:
        what: who answers, for people: "the config endpoint".

    Raises:
        HostProblem: it answered something else.
    """
    async with client.stream("GET", url, params=params) as answer:
        return None if answer.status_code == 404 else await read_body(answer, what=what)


async def read_body(answer: httpx2.Response, *, what: str, most_bytes: int = MAX_ANSWER_BYTES) -> bytes:
    """
    The body of a good answer.

    Raises:
        HostProblem: it is none, or too large.
    """
    if answer.is_redirect or 300 <= answer.status_code < 400:
        raise HostProblem(f"answered {answer.status_code}, redirects are not followed")
    if answer.status_code in (401, 403):
        raise HostProblem(f"answered {answer.status_code}, {what} asks for a sign-in")
    if answer.status_code != 200:
        raise HostProblem(f"answered {answer.status_code}")
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise HostProblem("answered compressed, though it was asked not to")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > most_bytes:
            raise HostProblem(f"answer larger than {most_bytes // 1024 // 1024} MiB")
    return bytes(body)


async def _look_up(url: str) -> None:
    """Before the client does, which could not be stopped in it."""
    parts = urlsplit(url)
    if parts.hostname:
        await look_up(parts.hostname, parts.port or 80)


def _reason(exc: BaseException) -> str:
    """Why, in words that hold nothing the host sent."""
    if known := connection_reason(exc):
        return known
    if isinstance(exc, httpx2.ConnectError | OSError):
        return "cannot connect"
    if isinstance(exc, httpx2.RemoteProtocolError | httpx2.ReadError):
        return "the answer broke off or is no HTTP"
    return "not a URL that can be asked"
