"""Sends one CloudEvent to one address. Whatever is there, it ends in time, and nothing it says is believed."""

from __future__ import annotations

import asyncio

import httpx2

from collector.lib.name_lookup import look_up
from visualizer.models.errors import ChannelFailed

#: For all of it: the name, the connection, every byte of the question and of the answer's head.
TIMEOUT_S = 5.0


def send_webhook(url: str, body: bytes, *, within_s: float = TIMEOUT_S) -> None:
    """
    POST it as application/cloudevents+json. Redirects are not followed, no cookies, no proxies of the environment.

    Raises:
        ChannelFailed: it was not taken, with why; the address is not in it, which may hold a token.
    """
    try:
        status = asyncio.run(_post(url, body, within_s))
    except (TimeoutError, httpx2.TimeoutException):
        raise ChannelFailed(f"expected an answer within {within_s:g} s, none came") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as exc:
        raise ChannelFailed(f"expected an answer, the connection failed ({type(exc).__name__})") from None
    if not 200 <= status < 300:
        raise ChannelFailed(f"expected an answer 2xx, {status} came")


async def _post(url: str, body: bytes, within_s: float) -> int:
    """The status; what comes behind the answer's head is not read."""
    headers = {"Content-Type": "application/cloudevents+json", "User-Agent": "eventscope"}
    # The client's own limits are of each step alone: who sends a byte now and then would never end.
    async with (
        asyncio.timeout(within_s),
        httpx2.AsyncClient(timeout=within_s, follow_redirects=False, trust_env=False) as client,
    ):
        target = httpx2.URL(url)
        await look_up(target.host, target.port or 443)
        async with client.stream("POST", target, content=body, headers=headers) as answer:
            return answer.status_code
