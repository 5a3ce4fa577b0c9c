"""Rows 73 to 76: browsers that do not read, that flood, and a web process that ends; by daphne and by uvicorn."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.drawn_world import PLACE_KEY, beat_in_redis, draw_in_redis, publish, ran
from tests.ports import own_port
from tests.world import World
from visualizer.interfaces.graph_socket import POLICY
from visualizer.io.web_server import MAX_FRAME_BYTES
from visualizer.repo.watch import read_viewers

STALLED = 30
HANDSHAKE = """\
GET /ws/graph?view=standard HTTP/1.1
Host: {host}
Origin: http://{host}
Cookie: {cookie}
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Version: 13
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

"""
SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("admin"))
print(next(iter(client.cookies.values())).OutputString().partition(";")[0])
"""


class Web:
    """A web process with a small graph."""

    def __init__(self, world: World, *, server: str) -> None:
        self.world, self.port = world, own_port()
        self.redis = world.start_valkey()
        world.env["PORT"] = str(self.port)
        self._cookie = world.manage("shell", "--verbosity", "0", "-c", SIGN_IN).stdout.split()[-1]
        draw_in_redis(self.redis)
        beat_in_redis(self.redis, now_s=time.time())
        world.start_web(self.port, server=server)
        self.process = world.processes["web"]

    def look(self) -> ClientConnection:
        """A browser."""
        return connect(
            f"ws://127.0.0.1:{self.port}/ws/graph?view=standard",
            origin=Origin(f"http://127.0.0.1:{self.port}"),
            additional_headers={"Cookie": self._cookie},
        )

    def stall(self) -> socket.socket:
        """One that asks and never reads, not even the answer to its handshake."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", self.port))
        host = f"127.0.0.1:{self.port}"
        line.sendall(HANDSHAKE.format(host=host, cookie=self._cookie).replace("\n", "\r\n").encode())
        return line

    def viewers(self) -> int:
        """How many look, as the process says."""
        return read_viewers(self.redis, now_s=time.time())

    def rss_mib(self) -> float:
        """Its memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


@pytest.fixture(params=["daphne", "uvicorn"])
def web(make_world: Callable[..., World], request: pytest.FixtureRequest) -> Iterator[Web]:
    """One of each kind."""
    web = Web(make_world(PYTHONWARNINGS="ignore"), server=request.param)
    yield web
    web.redis.close()


def test_73_readers_that_stall_are_closed_and_harm_nobody(web: Web) -> None:
    with web.look() as line:
        line.recv(timeout=60)
        before_mib, stalled = web.rss_mib(), [web.stall() for _ in range(STALLED)]
        began_s, seqs, most = time.monotonic(), list[int](), 0
        while (most < 1 + STALLED or web.viewers() > 1) and time.monotonic() - began_s < 120:
            seqs += tell(web, line)
            most = max(most, web.viewers())
        assert (most, web.viewers()) == (1 + STALLED, 1)
        assert len(seqs) > 5
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        assert web.rss_mib() - before_mib < 20
        for each in stalled:
            each.close()


@pytest.mark.parametrize("message", ["x" * (MAX_FRAME_BYTES - 100), json.dumps({"type": "ack", "seq": 0})])
def test_74_a_flood_ends_its_socket_and_costs_nothing(web: Web, message: str) -> None:
    with web.look() as line:
        line.recv(timeout=60)
        before_mib = web.rss_mib()
        with pytest.raises(ConnectionClosed) as closed:
            send_for_ever(line, message)
        assert closed.value.rcvd is None or closed.value.rcvd.code == POLICY
        assert web.rss_mib() - before_mib < 20


def test_76_a_process_that_is_told_to_stop_ends_soon_and_lets_its_pages_go(web: Web) -> None:
    with web.look() as line:
        line.recv(timeout=60)
        web.process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed):
            read_for_ever(line)
        web.process.wait(timeout=60)


def tell(web: Web, line: ClientConnection) -> list[int]:
    """Something happens; the seqs of the deltas that come within a while, acknowledged."""
    publish(web.redis, ran(PLACE_KEY, done=1, last_s=time.time()))
    seqs, until_s = list[int](), time.monotonic() + 0.3
    while (left_s := until_s - time.monotonic()) > 0:
        try:
            message = json.loads(line.recv(timeout=left_s))
        except TimeoutError:
            break
        if message["type"] == "delta":
            seqs.append(message["seq"])
            line.send(json.dumps({"type": "ack", "seq": message["seq"]}))
    return seqs


def send_for_ever(line: ClientConnection, message: str) -> None:
    """Until it is closed."""
    while True:
        line.send(message)


def read_for_ever(line: ClientConnection) -> None:
    """Until it is closed."""
    while True:
        line.recv(timeout=60)
