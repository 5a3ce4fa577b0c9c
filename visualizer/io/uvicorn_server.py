"""`python -m visualizer.io.uvicorn_server PORT`: the page on loopback by uvicorn, held to what daphne is held to."""

from __future__ import annotations

import socket
import sys

import uvicorn

from visualizer.io.web_server import APPLICATION, GRACE_S, MAX_FRAME_BYTES, PING_S

#: uvicorn waits for ever for a browser that does not read its last bytes; the kernel ends the connection then.
UNREAD_FOR_MS = 10_000
BACKLOG = 2048


def main(port: int) -> None:
    """Serve until SIGTERM: open pages are told to come back (1012), what is being answered may end."""
    listener = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; what is accepted inherits it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_FOR_MS)
    config = uvicorn.Config(
        APPLICATION,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        # Who asks is who connects: X-Forwarded-For would make a stranger this machine, or this machine a stranger.
        proxy_headers=False,
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME_BYTES,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        # A delta is small and made once for all; deflate would work for, and remember, each browser.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]))
