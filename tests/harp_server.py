"""A small HTTP server that answers as the dashboard of a HARP proxy does, from recordings; HARP cannot run here."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.http_server import HttpServer, http_server, respond
from tests.world import FIXTURES

API = FIXTURES / "harp" / "api"
PER_PAGE = 40
PASSWORD = "pass-of-the-dashboard"


def recorded(name: str) -> Any:
    """A recorded answer."""
    return json.loads((API / name).read_text())


def recorded_transactions() -> list[dict[str, Any]]:
    """Every transaction of the recordings once, in the order in which they began."""
    found = {
        each["id"]: each
        for part in ("", ".search", ".legacy.err", ".tpdex", ".5xx")
        for each in recorded(f"transactions{part}.json")["items"]
    }
    return sorted(found.values(), key=lambda each: each["started_at"])


class HarpStorage:
    """What the proxy has stored: its transactions, and numbers for their messages."""

    def __init__(self, *, per_page: int = PER_PAGE) -> None:
        self.transactions: list[dict[str, Any]] = []
        self.proxy = recorded("system_proxy.json")
        self.per_page = per_page
        self.asks_for_sign_in = False
        self.numbers = 0
        self.server = HttpServer("")

    def begin(self, number: int, *, endpoint: str = "orders", second: int = 0) -> dict[str, Any]:
        """A request comes in."""
        at = f"2026-11-22T18:{30 + second // 60:02d}:{second % 60:02d}.000000+00:00"
        made: dict[str, Any] = {
            "id": f"3MTQ{number:023d}", "type": "http", "endpoint": endpoint, "started_at": at, "finished_at": None,
            "elapsed": None, "tpdex": None, "messages": [], "tags": {"tenant": "secret-tenant"},
            "extras": {"method": "GET", "status_class": None, "cached": False, "no_cache": False, "flags": []},
        }  # fmt: skip
        self._message(made, "request", "GET /items?token=secret-query HTTP/1.1", at)
        self.transactions.append(made)
        return made

    def end(self, transaction: dict[str, Any], *, status_class: str = "2xx") -> None:
        """It is answered."""
        words = {"2xx": "HTTP/1.1 200 OK", "5xx": "HTTP/1.1 500 Internal Server Error", "ERR": "Unavailable"}
        kind = "error" if status_class == "ERR" else "response"
        self._message(transaction, kind, words[status_class], transaction["started_at"])
        transaction["extras"]["status_class"] = status_class
        transaction["finished_at"], transaction["elapsed"] = transaction["started_at"], 12.5

    def serve(self, number: int, *, endpoint: str = "orders", status_class: str = "2xx") -> None:
        """A request comes in and is answered."""
        self.end(self.begin(number, endpoint=endpoint, second=number), status_class=status_class)

    async def answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        """As the dashboard answers."""
        signed = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        if self.asks_for_sign_in and signed.lower() not in self.server.headers[-1]:
            await respond(b"{}", status="401 Unauthorized")(target, writer)
            return
        body = self._body(urlsplit(target).path, parse_qs(urlsplit(target).query))
        status = "404 Not Found" if body is None else "200 OK"
        await respond(json.dumps(body).encode(), status=status)(target, writer)

    def _body(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/api/system":
            return recorded("system.json")
        if path == "/api/system/proxy":
            return self.proxy
        newest = self.transactions[::-1]
        if path == "/api/transactions/":
            at = (int(query["page"][0]) - 1) * self.per_page
            pages = -(-len(newest) // self.per_page)
            items = newest[at : at + self.per_page]
            return {"items": items, "pages": pages, "total": len(newest), "perPage": self.per_page}
        return next((each for each in newest if path == f"/api/transactions/{each['id']}"), None)

    def _message(self, transaction: dict[str, Any], kind: str, summary: str, at: str) -> None:
        self.numbers += 1
        message = {"id": self.numbers, "transaction_id": transaction["id"], "kind": kind, "summary": summary}
        transaction["messages"].append({**message, "headers": "", "body": "", "created_at": at})


@asynccontextmanager
async def harp_server(storage: HarpStorage) -> AsyncIterator[HttpServer]:
    """Serve it until the block ends."""
    async with http_server(storage.answer) as server:
        storage.server = server
        yield server
