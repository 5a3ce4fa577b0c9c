"""Real ends of channels: an HTTP server that takes webhooks, well or badly, and a mail server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.ports import own_port


@dataclass
class Webhook:
    """What was sent to it, and what it answers."""

    url: str = ""
    #: Status of each answer to come; the last one stays.
    answers: list[int] = field(default_factory=lambda: [204])
    #: CloudEvents in the order in which they came.
    events: list[dict[str, Any]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)


@contextmanager
def webhook() -> Iterator[Webhook]:
    """Takes POSTs on a free port of 127.0.0.1."""
    end = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            end.events.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            end.types.append(self.headers["Content-Type"])
            self.send_response(end.answers.pop(0) if len(end.answers) > 1 else end.answers[0])
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing: pytest would show it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    end.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=very-secret"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield end
    server.shutdown()
    thread.join()
    server.server_close()


class _Kept(Message):
    def __init__(self, mails: list[Any]) -> None:
        super().__init__(EmailMessage)
        self.mails = mails

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@contextmanager
def mail_server() -> Iterator[tuple[str, list[Any]]]:
    """(Apprise's address of it, the mails it took), on a free port of 127.0.0.1."""
    mails: list[Any] = []
    controller = Controller(_Kept(mails), hostname="127.0.0.1", port=own_port())
    controller.start()
    yield f"mailto://127.0.0.1:{controller.port}?from=eventscope@example.org&to=oncall@example.org&mode=insecure", mails
    controller.stop()
