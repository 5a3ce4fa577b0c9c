"""Sends one CloudEvent to one address. Whatever is there, it ends in time, and nothing it says is believed."""

from __future__ import annotations

import httpx2

from visualizer.models.errors import ChannelFailed

#: From the first byte to the last.
TIMEOUT_S = 5.0


def send_webhook(url: str, body: bytes) -> None:
    """
    POST it as application/cloudevents+json. Redirects are not followed, no cookies, no proxies of the environment.

    Raises:
        ChannelFailed: it was not taken, with why; the address is not in it, which may hold a token.
    """
    headers = {"Content-Type": "application/cloudevents+json", "User-Agent": "eventscope"}
    try:
        with (
            httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            status = answer.status_code
    except httpx2.TimeoutException:
        raise ChannelFailed(f"expected an answer within {TIMEOUT_S:g} s, none came") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as exc:
        raise ChannelFailed(f"expected an answer, the connection failed ({type(exc).__name__})") from None
    if not 200 <= status < 300:
        raise ChannelFailed(f"expected an answer 2xx, {status} came")
