"""
Many browsers in one process, as far as the server can tell: raw websockets that acknowledge as static/js/feed.js does,
and come back as static/js/socket.js does. They parse no more than tells a gap, to be no slower than the server.

Speaks with bench/push.py over stdin and stdout, a line each way: "count" → how many are open; "begin"; "end" → a
Report, the samples as (at, received) doubles in the file of the first argument.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from array import array
from collections import Counter
from pathlib import Path
from random import Random
from typing import cast

import msgspec

# As in socket.js.
SILENCE_S, OPEN_TIMEOUT_S, LOOK_EVERY_S, FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.6, 3.0, 0.1, 0.4, 8.0
#: As in feed.js.
ACKNOWLEDGE_EVERY = 4
_DELTA = re.compile(rb'"type":"delta".*?"seq":(\d+).*?"at":([\d.]+)(,"reset":true)?', re.DOTALL)


class Order(msgspec.Struct):
    """Who is to look where."""

    port: int
    #: Name of the session cookie.
    cookie: str
    #: A viewer each.
    sessions: list[str]
    connect_per_s: float


class Report(msgspec.Struct):
    """What came between "begin" and "end"."""

    #: Deltas that were missing between two that came.
    lost: int = 0
    #: Whole pictures that came after the first.
    resets: int = 0
    deltas: int = 0
    beats: int = 0
    #: Of deltas, with their frame's head.
    delta_bytes: int = 0
    all_bytes: int = 0
    #: HTTP status of each answer to a handshake.
    statuses: dict[int, int] = {}
    #: Connections that ended or were given up.
    losses: int = 0


class Line(asyncio.Protocol):
    """One connection of a page."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._is_accepted = False
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._viewer.handshake())

    def data_received(self, data: bytes) -> None:
        now_s, self._buffer = time.time(), self._buffer + data
        if not self._is_accepted:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self._is_accepted, self._buffer = True, rest
            if not self._viewer.is_accepted(self, status=int(head.split(b" ", 2)[1])):
                return
        self._read_frames(now_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._viewer.lose(self)

    def drop(self) -> None:
        """Leave it, whatever still comes."""
        if self._transport:
            self._transport.abort()

    def send(self, kind: int, payload: bytes) -> None:
        """A frame; a mask of zeros is a mask."""
        if self._transport:
            self._transport.write(bytes((kind, 0x80 | len(payload))) + b"\0\0\0\0" + payload)

    def _read_frames(self, now_s: float) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) >= at + 2:
            size, head = buffer[at + 1], 2
            if size >= 126:
                head = 4 if size == 126 else 10
                if len(buffer) < at + head:
                    break
                size = int.from_bytes(buffer[at + 2 : at + head], "big")
            if len(buffer) < at + head + size:
                break
            self._viewer.take(
                self, buffer[at] & 15, buffer[at + head : at + head + size], size=head + size, now_s=now_s
            )
            at += head + size
        self._buffer = buffer[at:]


class Viewer:
    """One page."""

    def __init__(self, crowd: Crowd, session: str) -> None:
        self._crowd, self._session = crowd, session
        #: "new" | "opening" | "open" | "waiting".
        self.phase = "new"
        self.retry_at_s = self.opened_s = self.heard_s = 0.0
        self._failures = 0
        self._line: Line | None = None
        self._seq = self._acknowledged = -1

    async def open(self) -> None:
        """Begin an attempt."""
        self.phase, self.opened_s = "opening", time.monotonic()
        line = self._line = Line(self)
        try:
            await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", self._crowd.order.port)
        except OSError:
            self.lose(line)

    def handshake(self) -> bytes:
        """What it says first."""
        return self._crowd.handshake(self._session)

    def is_accepted(self, line: Line, *, status: int) -> bool:
        """The answer to the handshake."""
        self._crowd.statuses[status] += 1
        if status != 101:
            self.lose(line)
        return status == 101

    def lose(self, line: Line | None) -> None:
        """Drop the line, try again after a jittered, growing pause."""
        if line is None or line is not self._line:
            return
        self._line = None
        line.drop()
        self._crowd.report.losses += 1
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self._failures)
        self._failures += 1
        self.retry_at_s = time.monotonic() + longest * (0.5 + self._crowd.random.random() / 2)
        self.phase, self._seq = "waiting", -1

    def look(self, now_s: float) -> bool:
        """Give up what is silent; is it time for another attempt?"""
        silent = self.phase == "open" and now_s - self.heard_s > SILENCE_S
        if silent or (self.phase == "opening" and now_s - self.opened_s > OPEN_TIMEOUT_S):
            self.lose(self._line)
        return self.phase == "waiting" and now_s >= self.retry_at_s

    def take(self, line: Line, opcode: int, payload: bytes, *, size: int, now_s: float) -> None:
        """A frame came."""
        if line is not self._line:
            return
        self.phase, self.heard_s, self._failures = "open", time.monotonic(), 0
        report = self._crowd.report
        report.all_bytes += size
        if opcode == 9:
            line.send(0x8A, payload)
        elif opcode == 1 and (found := _DELTA.match(payload, 1)):
            seq, is_reset = int(found[1]), bool(found[3])
            report.resets += is_reset
            if not is_reset:
                report.lost += seq - self._seq - 1
                report.deltas += 1
                report.delta_bytes += size
                self._crowd.samples.extend((float(found[2]), now_s))
            self._seq = seq
            if is_reset or seq - self._acknowledged >= ACKNOWLEDGE_EVERY:
                self._acknowledge(line)
        elif opcode == 1:
            report.beats += 1
            if self._seq != self._acknowledged:
                self._acknowledge(line)

    def _acknowledge(self, line: Line) -> None:
        self._acknowledged = self._seq
        line.send(0x81, b'{"type":"ack","seq":%d}' % self._seq)


class Crowd:
    """All of them."""

    def __init__(self, order: Order, samples: Path) -> None:
        self.order, self._samples_file = order, samples
        self.random = Random(11)
        self.report, self.samples, self.statuses = Report(), array("d"), Counter[int]()
        self.viewers = [Viewer(self, session) for session in order.sessions]

    def handshake(self, session: str) -> bytes:
        """What a browser would send."""
        host = f"127.0.0.1:{self.order.port}"
        lines = (
            "GET /ws/graph?view=standard HTTP/1.1",
            f"Host: {host}",
            f"Origin: http://{host}",
            "Upgrade: websocket",
        )
        more = ("Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
        return "\r\n".join([*lines, *more, f"Cookie: {self.order.cookie}={session}", "", ""]).encode()

    async def look(self) -> None:
        """Open them at the pace of the order, then keep them open."""
        opening = set()
        for viewer in self.viewers:
            opening.add(asyncio.ensure_future(viewer.open()))
            await asyncio.sleep(1 / self.order.connect_per_s)
        while True:
            now_s = time.monotonic()
            for viewer in self.viewers:
                if viewer.look(now_s):
                    opening.add(asyncio.ensure_future(viewer.open()))
            opening = {one for one in opening if not one.done()}
            await asyncio.sleep(LOOK_EVERY_S)

    async def obey(self) -> None:
        """Until stdin ends."""
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            if line == "begin":
                self.report, self.samples, self.statuses = Report(), array("d"), Counter()
            if line == "end":
                self.report.statuses = dict(self.statuses)
                self._samples_file.write_bytes(self.samples.tobytes())
            answer = msgspec.json.encode(self.report) if line == "end" else b"%d" % self.open
            print(answer.decode(), flush=True)

    @property
    def open(self) -> int:
        """How many have a picture."""
        return sum(viewer.phase == "open" for viewer in self.viewers)


async def main(samples: Path) -> None:
    """The order is the first line."""
    crowd = Crowd(msgspec.json.decode(sys.stdin.readline(), type=Order), samples)
    looking = asyncio.ensure_future(crowd.look())
    await crowd.obey()
    looking.cancel()


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(main(Path(sys.argv[1])))
    except ImportError:
        asyncio.run(main(Path(sys.argv[1])))
