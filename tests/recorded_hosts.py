"""The hosts of the recorded session, answering again: a small server per process, with what it had answered then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from tests.world import FIXTURES

CONFIGS = FIXTURES / "hopeit" / "config"
PATH = "/api/config-manager/0x30/runtime-apps-config"
#: Recorded process → the pids it ran under; simple was there twice. In the order of the recording's configuration.
PROCESSES = (
    ("simple", "29066"),
    ("simple", "29067"),
    ("client", ""),
    ("orders", ""),
    ("visualizer", ""),
    ("streamer", ""),
)


@contextmanager
def recorded_hosts() -> Iterator[list[str]]:
    """Serve until the block ends; yields the base URLs, in order."""
    servers = [_serve(name, pid) for name, pid in PROCESSES]
    try:
        yield [f"http://127.0.0.1:{server.server_port}" for server in servers]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def recorded_answer(name: str, *, pid: str, url: str, expanded: bool) -> bytes:
    """What a process answers when it is asked under this url."""
    text = (CONFIGS / f"runtime_apps_config.{name}{'.expanded' if expanded else ''}.json").read_text("utf-8")
    answer = json.loads(text)
    for app in answer["apps"].values():
        for server in app["servers"]:
            server |= {"url": url, "pid": pid or server["pid"]}
    answer["server_status"] = {url: "ALIVE"}
    return json.dumps(answer).encode()


def _serve(name: str, pid: str) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = urlsplit(self.path)
            query = parse_qs(target.query)
            if target.path != PATH:
                self.send_error(404)
                return
            expanded = query.get("expand_events") == ["true"]
            body = recorded_answer(name, pid=pid, url=query.get("url", [""])[0], expanded=expanded)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: a test says what it has to say itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
