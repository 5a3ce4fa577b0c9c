"""
What pages without a server are served by: one HTTP server a process, in which every page has a host name of its own.

Not Playwright's routes: those take each of our many small files through three processes and switch off the browser's
cache, which made them more than half of what a test of the page cost.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class StillAnswer:
    """A response."""

    #: What is in it.
    body: str | bytes = ""
    #: Its media type.
    content_type: str = "text/html; charset=utf-8"
    #: Its status.
    status: int = 200
    #: More headers, or others.
    headers: dict[str, str] = field(default_factory=dict)


class StillServer(ThreadingHTTPServer):
    """Asks, for each request, the page whose host it names."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        #: Host with port → what answers a path.
        self.answers: dict[str, Callable[[str], StillAnswer]] = {}
        self._numbers = count(1)
        Thread(target=self.serve_forever, name="still pages", daemon=True).start()

    def add(self, answer: Callable[[str], StillAnswer]) -> str:
        """The origin under which `answer` is asked from now on. Browsers take *.localhost for this machine."""
        host = f"page-{next(self._numbers)}.localhost:{self.server_port}"
        self.answers[host] = answer
        return f"http://{host}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was closed in the middle of an answer is no error; others are printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def do_GET(self) -> None:
        assert isinstance(self.server, StillServer)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.answers[self.headers["Host"]](self.path.partition("?")[0])
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        told = {"Content-Type": answer.content_type, "Content-Length": len(body), **answer.headers}
        for name, value in told.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@cache
def still_server() -> StillServer:
    """The one of this process, for as long as it lives."""
    return StillServer()
