"""
A consumer of messages as a process of its own: it answers the config endpoint, logs the START of one run as hopeit
does, and never ends it. Arguments: port, folder of its logs; "idle": it begins none.
"""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.runtime_apps import answer, app, event, read
from visualizer.interfaces.demo.hopeit_log import HopeitLog

#: As it declares it.
TIMEOUT_S = 2.0
OPERATION = "0f9a1c4e-0000-4000-8000-000000000001"
_PACK = {"pack": event("STREAM", read_stream=read("orders"))}
_SETTINGS = {"pack": {"stream": {"timeout": TIMEOUT_S}}}


class _Config(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        me = {"host_name": "vm", "pid": str(os.getpid()), "url": "http://store"}
        told: Any = app("store", _PACK, servers=[me], settings=_SETTINGS)
        body = json.dumps(answer(told)).encode()
        self.send_response(200 if self.path.startswith("/api/config-manager/") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    """Begin a run, and answer until somebody kills us."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    names = {"event_name": "pack", "name": "orders", "consumer_group": "group", "queue": "AUTO"}
    stream = {"app_key": "store.1x0", **names}
    extras: list[tuple[str, object]] = [(f"stream.{name}", value) for name, value in stream.items()]
    extras += [("track.operation_id", OPERATION), ("track.request_id", "r-1"), ("event.app", "store.1x0")]
    log = HopeitLog(folder, host_name="vm", pid=os.getpid())
    if len(sys.argv) == 3:
        log.write("INFO", app="store 1.0", event="pack", message="START", extras=extras)
    ThreadingHTTPServer(("127.0.0.1", port), _Config).serve_forever()


if __name__ == "__main__":
    main()
