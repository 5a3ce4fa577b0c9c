"""The command that serves the page: daphne, or uvicorn where it is installed and chosen."""

from __future__ import annotations

from importlib.util import find_spec

from visualizer.models.errors import CannotStart

DAPHNE, UVICORN = "daphne", "uvicorn"
#: A browser sends acknowledgements; no frame of them is larger.
MAX_FRAME_BYTES = 16 * 1024
#: Autobahn holds us to this, too: a snapshot of 10,000 nodes is 5 MiB and goes as one message. What browsers send in
#: many frames is measured again by graph_socket.py.
MAX_MESSAGE_BYTES = 64 * 1024 * 1024
PING_S = 20
#: What is being answered may end; `up` waits a little longer.
GRACE_S = 2
APPLICATION = "visualizer.asgi:application"


def web_server_arguments(port: int, *, server: str = DAPHNE) -> list[str]:
    """
    What stands behind `python`: a server on loopback, without a line for each request.

    Raises:
        CannotStart: uvicorn is asked for and not installed.
    """
    return _uvicorn(port) if server == UVICORN else _daphne(port)


def _daphne(port: int) -> list[str]:
    listen = ["-v", "0", "-b", "127.0.0.1", "-p", str(port), "--no-server-name"]
    pings = ["--ping-interval", str(PING_S), "--ping-timeout", str(PING_S)]
    sizes = [f"--websocket-max-message-size={MAX_MESSAGE_BYTES}", f"--websocket-max-frame-size={MAX_FRAME_BYTES}"]
    return ["-m", "daphne", *listen, *pings, *sizes, APPLICATION]


def _uvicorn(port: int) -> list[str]:
    if missing := [name for name in ("uvicorn", "websockets") if find_spec(name) is None]:
        raise CannotStart(
            f"EVENTSCOPE_WEB_SERVER=uvicorn, but {' and '.join(missing)} is not installed: "
            "pip install 'eventscope[uvicorn]', or leave the setting out and use daphne"
        )
    return ["-m", "visualizer.io.uvicorn_server", str(port)]
