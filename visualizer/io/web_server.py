"""The command that serves the page."""

from __future__ import annotations

#: A browser sends acknowledgements; no frame of them is larger.
MAX_FRAME_BYTES = 16 * 1024
#: Autobahn holds us to this, too: a snapshot of 10,000 nodes is 5 MiB and goes as one message. What browsers send in
#: many frames is measured again by graph_socket.py.
MAX_MESSAGE_BYTES = 64 * 1024 * 1024
PING_S = 20


def web_server_arguments(port: int) -> list[str]:
    """What stands behind `python`: daphne on loopback, without a line for each request."""
    listen = ["-v", "0", "-b", "127.0.0.1", "-p", str(port), "--no-server-name"]
    pings = ["--ping-interval", str(PING_S), "--ping-timeout", str(PING_S)]
    sizes = [f"--websocket-max-message-size={MAX_MESSAGE_BYTES}", f"--websocket-max-frame-size={MAX_FRAME_BYTES}"]
    return ["-m", "daphne", *listen, *pings, *sizes, "visualizer.asgi:application"]
