"""The command that serves the page."""

from __future__ import annotations

#: A browser sends acknowledgements; nothing of them is larger.
MAX_MESSAGE_BYTES = 16 * 1024
PING_S = 20


def web_server_arguments(port: int) -> list[str]:
    """What stands behind `python`: daphne on loopback, without a line for each request."""
    listen = ["-v", "0", "-b", "127.0.0.1", "-p", str(port), "--no-server-name"]
    pings = ["--ping-interval", str(PING_S), "--ping-timeout", str(PING_S)]
    sizes = [f"--websocket-max-{what}-size={MAX_MESSAGE_BYTES}" for what in ("message", "frame")]
    return ["-m", "daphne", *listen, *pings, *sizes, "visualizer.asgi:application"]
