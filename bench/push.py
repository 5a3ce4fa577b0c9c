"""
Push: what a web process sends to many who look, how soon it arrives, and what slow ones and a restart do to it. A graph
of 99 nodes and 1,000 runs a second; browsers are raw sockets in a process of their own, each with a session of its own.

`python -m bench push` runs all of it; PUSH_ONLY=daphne_500 one part.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import numpy as np

from bench.process_tree import cpu_s, rss_mib
from bench.push_viewers import Crowd, Order, Report
from bench.push_world import Traffic, draw
from bench.running import ROOT
from collector.lib.valkey_server import free_port
from tests.world import World, wait_until
from visualizer.repo.watch import read_viewers

APPS = 9
RUN_S = 30.0
CONNECT_PER_S = 150.0
#: Sockets that never read: their kernel takes this and no more.
STALLED, STALLED_BUFFER_BYTES = 50, 4096


class Bench:
    """One web process, those who look at it, and what it is told."""

    def __init__(self, stack: ExitStack, *, server: str, viewers: int, spare: int = 0) -> None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.world = World(folder / "world")
        stack.callback(self.world.close)
        self.redis = self.world.start_valkey()
        self.port, self._server = free_port(), server
        self.world.env |= {"PORT": str(self.port), "PYTHONWARNINGS": "ignore"}
        self.world.manage("migrate")
        self.traffic = Traffic(self.redis, draw(self.redis, apps=APPS))
        stack.enter_context(self.traffic.flowing())
        self.start_web()
        sessions = self._sessions(viewers + spare)
        self.spare = sessions[viewers:]
        self._samples = folder / "samples"
        self._crowd = self._start_crowd(stack, sessions[:viewers])
        self.viewers = viewers
        self.wait_for_all()

    def start_web(self) -> None:
        """Start it, wait until it answers."""
        self.world.start_web(self.port, server=self._server)
        self.pid = self.world.processes["web"].pid

    def tell_crowd(self, line: str) -> bytes:
        """Say a line, get one."""
        stdin, stdout = self._crowd.stdin, self._crowd.stdout
        assert stdin
        assert stdout
        stdin.write(line.encode() + b"\n")
        stdin.flush()
        return stdout.readline()

    def wait_for_all(self, *, timeout_s: float = 120) -> None:
        """Until everybody has a picture."""
        wait_until(lambda: int(self.tell_crowd("count")) == self.viewers, timeout_s=timeout_s)

    def measure(self, what: str, *, for_s: float = RUN_S) -> Report:
        """Watch for a while, print a line."""
        self.tell_crowd("begin")
        spent_s, began_s = cpu_s(self.pid), time.monotonic()
        time.sleep(for_s)
        ran_s = time.monotonic() - began_s
        spent_s = cpu_s(self.pid) - spent_s
        report = msgspec.json.decode(self.tell_crowd("end"), type=Report)
        at_s, came_s = np.fromfile(self._samples).reshape(-1, 2).T
        told_s = np.array([self.traffic.told_before(moment) for moment in at_s])
        each, load = self.viewers * ran_s, os.getloadavg()[0]
        rows = (
            f"{what}: {report.deltas / each:.1f} deltas/s, {spent_s / ran_s * 100:.0f} % of a core, "
            f"RSS {rss_mib(self.pid):.0f} MiB; load of the machine {load:.1f}",
            f"{report.lost} of {report.deltas:,} lost, {report.losses} connections lost, {report.resets} resyncs",
            f"age from the hub {_ages(came_s - at_s)}, from the rollup {_ages(came_s - told_s)}",
            f"{report.delta_bytes / each:.0f} B/s of deltas a viewer, {report.all_bytes / each:.0f} B/s with beats",
        )
        print("\n  ".join(rows), flush=True)
        return report

    def handshake(self, session: str) -> bytes:
        """As the crowd's."""
        return Crowd(self._order([session]), self._samples).handshake(session)

    def open_viewers(self) -> int:
        """How many the web process has."""
        return read_viewers(self.redis, now_s=time.time())

    def _order(self, sessions: list[str]) -> Order:
        cookie = f"eventscope-{self.port}-session"
        return Order(port=self.port, cookie=cookie, sessions=sessions, connect_per_s=CONNECT_PER_S)

    def _sessions(self, count: int) -> list[str]:
        command = [sys.executable, "-m", "bench.push_sessions", str(count)]
        done = subprocess.run(command, cwd=ROOT, env=self.world.env, check=True, capture_output=True, text=True)
        return done.stdout.split()

    def _start_crowd(self, stack: ExitStack, sessions: list[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bench.push_viewers", str(self._samples)]
        crowd = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        stack.callback(crowd.wait)
        stack.callback(crowd.kill)
        assert crowd.stdin
        crowd.stdin.write(msgspec.json.encode(self._order(sessions)) + b"\n")
        return crowd


def daphne_500() -> None:
    """500 who look, and then 50 more who never read."""
    with _bench(server="daphne", viewers=500, spare=STALLED) as bench:
        bench.measure("daphne, 500 viewers")
        _stall(bench)


def uvicorn_2000() -> None:
    """2,000 who look."""
    with _bench(server="uvicorn", viewers=2000, spare=STALLED) as bench:
        bench.measure("uvicorn, 2,000 viewers")
        _stall(bench)


def daphne_restart() -> None:
    """1,000 who look, and the process is killed."""
    _restart("daphne")


def uvicorn_restart() -> None:
    """The same."""
    _restart("uvicorn")


PARTS = {part.__name__: part for part in (daphne_500, uvicorn_2000, daphne_restart, uvicorn_restart)}


def main() -> None:
    """Print them in turn."""
    for name in os.environ.get("PUSH_ONLY", ",".join(PARTS)).split(","):
        PARTS[name]()


def _stall(bench: Bench) -> None:
    before_mib, stalled = rss_mib(bench.pid), [_stalled(bench, session) for session in bench.spare]
    began_s = time.monotonic()
    bench.measure(f"  {len(stalled)} stalled beside them", for_s=8)
    most_mib = rss_mib(bench.pid)
    wait_until(lambda: bench.open_viewers() == bench.viewers, timeout_s=60)
    print(f"  RSS + {most_mib - before_mib:.1f} MiB; closed after {time.monotonic() - began_s:.0f} s", flush=True)
    for line in stalled:
        line.close()


def _stalled(bench: Bench, session: str) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STALLED_BUFFER_BYTES)
    line.connect(("127.0.0.1", bench.port))
    line.sendall(bench.handshake(session))
    return line


def _restart(server: str) -> None:
    with _bench(server=server, viewers=1000) as bench:
        bench.tell_crowd("begin")
        bench.world.kill("web")
        killed_s = time.monotonic()
        bench.start_web()
        answers_s = time.monotonic() - killed_s
        bench.wait_for_all(timeout_s=90)
        back_s = time.monotonic() - killed_s
        report = msgspec.json.decode(bench.tell_crowd("end"), type=Report)
    errors = sum(count for status, count in report.statuses.items() if status >= 500)
    print(
        f"{server}, 1,000 sockets, web process killed: answers after {answers_s:.1f} s, all back after {back_s:.1f} s, "
        f"{errors} answers of 5xx, {report.statuses}; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


@contextmanager
def _bench(*, server: str, viewers: int, spare: int = 0) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(stack, server=server, viewers=viewers, spare=spare)


def _ages(ages_s: np.ndarray) -> str:
    p50, p99, most = np.percentile(ages_s * 1000, (50, 99, 100))
    return f"p50 {p50:.0f} p99 {p99:.0f} most {most:.0f} ms"


if __name__ == "__main__":
    main()
