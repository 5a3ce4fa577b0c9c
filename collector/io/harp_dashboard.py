"""Questions to the dashboard of a HARP proxy. Its settings, headers and bodies are never asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import httpx2
import msgspec

from collector.io.polite_get import ask, polite_get
from collector.models.errors import HostProblem
from collector.models.harp_answer import HarpPage, HarpProxy, HarpSystem, HarpTransaction

#: After this no further page is asked for in one round; a page has 40 transactions.
PAGES_S = 5.0
#: A proxy with more than this since the last look is looked at more often, or loses some (docs/harp.md).
MAX_PAGES = 100
_WHAT = "the dashboard"
T = TypeVar("T")
_system = msgspec.json.Decoder(HarpSystem).decode
_proxy = msgspec.json.Decoder(HarpProxy).decode
_page = msgspec.json.Decoder(HarpPage).decode
_transaction = msgspec.json.Decoder(HarpTransaction).decode
#: Whether these pages, the newest first, are enough.
Enough = Callable[[list[HarpPage]], bool]


async def ask_proxy(client: httpx2.AsyncClient, url: str) -> tuple[HarpSystem, HarpProxy]:
    """
    Its version, and its endpoints with their remotes.

    Raises:
        HostProblem: in words that hold nothing it sent.
    """

    async def both() -> tuple[HarpSystem, HarpProxy]:
        system = await _get(client, f"{url}/api/system", _system)
        proxy = await _get(client, f"{url}/api/system/proxy", _proxy)
        if system is None or proxy is None:
            raise HostProblem("answered 404, no dashboard of HARP: expected its base URL, such as http://host:4080")
        return system, proxy

    return await ask(url, both)


async def ask_transactions(client: httpx2.AsyncClient, url: str, *, enough: Enough) -> list[HarpPage]:
    """
    Pages of transactions, the newest first, at least one.

    Raises:
        HostProblem.
    """

    async def pages() -> list[HarpPage]:
        found: list[HarpPage] = []
        until_s = time.monotonic() + PAGES_S
        while len(found) < MAX_PAGES and time.monotonic() < until_s:
            page = await _get(client, f"{url}/api/transactions/?page={len(found) + 1}", _page)
            if page is None:
                raise HostProblem("answered 404 to transactions: HARP's storage is switched off")
            found.append(page)
            if not page.items or len(found) >= page.pages or enough(found):
                break
        return found

    return await ask(url, pages, deadline_s=2 * PAGES_S)


async def ask_transaction(client: httpx2.AsyncClient, url: str, number: str) -> HarpTransaction | None:
    """
    One transaction; None when HARP has it no longer.

    Raises:
        HostProblem.
    """
    return await ask(url, lambda: _get(client, f"{url}/api/transactions/{number}", _transaction))


async def _get(client: httpx2.AsyncClient, url: str, decode: Callable[[bytes], T]) -> T | None:
    body = await polite_get(client, url, what=_WHAT)
    if body is None:
        return None
    try:
        return decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # What it sent is not quoted.
        raise HostProblem("no answer of HARP's dashboard: expected its JSON") from None
