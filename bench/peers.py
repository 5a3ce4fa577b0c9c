"""
The same million lines through what others use, and through ours, one after the other in one run: CPU seconds a million
lines, and how many times ours that is. A peer that is not on this machine is left out, by name.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.generated_lines import write_json_lines, write_lines
from bench.process_tree import cpu_s
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "bench" / "reference"
HOPEIT_PYTHON = ROOT / ".venv-hopeit" / "bin" / "python"
LINES = 1_000_000
#: hopeit's own code is slow enough that fewer tell as much.
FEWER = 100_000
ROUNDS = 3
#: A daemon has read everything when what it writes has not grown for so long.
QUIET_S = 2.0

_RSYSLOG = """
global(workDirectory="{folder}")
module(load="imfile")
template(name="fields" type="string" string="%msg:F,124:2%|%msg:F,124:3%|%msg:F,124:4%\\n")
input(type="imfile" File="{log}" Tag="x" reopenOnTruncate="off")
{action}
"""
_SYSLOG_NG = """@version: 3.35
options {{ stats-freq(0); flush-lines(1000); }};
source s {{ file("{log}" flags(no-parse) log-fetch-limit(1000) log-iw-size(10000)); }};
parser p {{ csv-parser(columns("TS", "LEVEL", "LOGGER", "STATUS", "REST")
  delimiters(strings(" | ")) flags(greedy, escape-none)); }};
destination d {{ file("{out}" template("$LEVEL|$LOGGER|$STATUS\\n")); }};
log {{ source(s); parser(p); destination(d); }};
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to go through the lines."""

    title: str
    #: CPU seconds a million lines; None when it is not on this machine.
    measure: Callable[[], float | None]
    #: Slow ones are run once.
    rounds: int = ROUNDS


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, _redis_url(Path(folder)) as redis_url:
        logs = Path(folder) / "logs"
        written = write_lines(logs, lines=LINES, end_s=time.time() - 3600)
        write_json_lines(logs / "json", lines=LINES, end_s=time.time() - 3600)
        log = logs / "all.log"
        few = logs / "few.txt"
        with log.open("rb") as lines:
            few.write_bytes(b"".join(line for line, _ in zip(lines, range(FEWER), strict=False)))
        print(f"{LINES:,} lines of {written.size_bytes / LINES:.0f} bytes; least of {ROUNDS}, in turns")
        peers = [
            Peer("ours: parse to counts and buckets", lambda: _ours(log)),
            Peer("ours: the same, JSON (ECS)", lambda: _ours(logs / "json" / "all.json")),
            Peer("C reference", lambda: _reference(Path(folder), log)),
            Peer("mawk", lambda: _awk("mawk", log)),
            Peer("hopeit: its parser", lambda: _hopeit_parser(few), 1),
            Peer("hopeit: log_streamer to Redis", lambda: _hopeit_streamer(few, redis_url), 1),
            Peer("syslog-ng: csv-parser to file", lambda: _syslog_ng(Path(folder), log), 1),
            Peer("rsyslog: imfile, 3 fields to file", lambda: _rsyslog_to_file(Path(folder), log), 1),
            Peer("rsyslog: imfile to Redis", lambda: _rsyslog_to_redis(Path(folder), log, redis_url), 1),
        ]
        least: dict[str, float] = {}
        for turn in range(ROUNDS):
            for peer in peers:
                if turn < peer.rounds and (measured := peer.measure()) is not None:
                    least[peer.title] = min(measured, least.get(peer.title, measured))
        ours = least[peers[0].title]
        for peer in peers:
            if peer.title in least:
                per_million = least[peer.title]
                print(f"{peer.title:<36}{per_million:8.2f} CPU s a million, {per_million / ours:7.2f} × ours")
            else:
                print(f"{peer.title:<36} not on this machine")


def _ours(log: Path) -> float:
    """A process of its own, its start left out: that is measured where whole processes are (`bench pipeline`)."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.parse_file", str(log)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    measured = json.loads(done.stdout)
    assert measured["lines"] == LINES
    return float(measured["cpu_s"]) / LINES * 1e6


def _reference(folder: Path, log: Path) -> float | None:
    program = folder / "count"
    if not program.exists():
        compiler = shutil.which("cc")
        if compiler is None:
            return None
        subprocess.run([compiler, "-O2", "-o", program, str(REFERENCE / "count.c"), "-lm"], check=True)
    return _cpu_of([str(program), str(log)])


def _awk(name: str, log: Path) -> float | None:
    return _cpu_of([name, "-f", str(REFERENCE / "count.awk"), str(log)]) if shutil.which(name) else None


def _cpu_of(command: list[str]) -> float:
    """CPU seconds of a process from its start to its end; it must have seen every line."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        seen = int(process.stdout.read().split()[0])
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert seen == LINES, f"it saw {seen} lines"
    return (used.ru_utime + used.ru_stime) / LINES * 1e6


def _hopeit_parser(log: Path) -> float | None:
    measured = _hopeit("hopeit_reader.py", str(log))
    return measured["cpu_s"] / measured["lines"] * 1e6 if measured else None


def _hopeit_streamer(log: Path, redis_url: str) -> float | None:
    measured = _hopeit("hopeit_streamer.py", str(log), redis_url)
    return measured["cpu_s"] / measured["lines"] * 1e6 if measured else None


def _hopeit(script: str, *args: str) -> dict[str, float] | None:
    if not HOPEIT_PYTHON.exists():
        return None
    command = [str(HOPEIT_PYTHON), str(ROOT / "bench" / script), *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _syslog_ng(folder: Path, log: Path) -> float | None:
    program = shutil.which("syslog-ng", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        return None
    out, config = folder / "syslog-ng.out", folder / "syslog-ng.conf"
    config.write_text(_SYSLOG_NG.format(log=log, out=out))
    files = [f"--{name}={folder / f'syslog-ng.{name[:3]}'}" for name in ("persist-file", "pidfile", "control")]
    return _cpu_until_quiet([program, "-F", f"--cfgfile={config}", *files], lambda: _size(out))


def _rsyslog_to_file(folder: Path, log: Path) -> float | None:
    out = folder / "rsyslog.out"
    return _rsyslog(folder, log, f'action(type="omfile" file="{out}" template="fields")', lambda: _size(out))


def _rsyslog_to_redis(folder: Path, log: Path, redis_url: str) -> float | None:
    if not list(Path("/usr/lib").glob("*/rsyslog/omhiredis.so")):
        return None
    found = re.fullmatch(r"redis://:(.+)@(.+):(\d+)/0", redis_url)
    assert found
    password, host, port = found.groups()
    import redis

    with redis.Redis.from_url(redis_url) as client:
        action = (
            f'module(load="omhiredis")\naction(type="omhiredis" server="{host}" serverport="{port}" '
            f'serverpassword="{password}" mode="queue" key="bench:rsyslog" template="fields")'
        )
        try:
            return _rsyslog(folder, log, action, lambda: int(str(client.llen("bench:rsyslog"))))
        finally:
            client.delete("bench:rsyslog")


def _rsyslog(folder: Path, log: Path, action: str, written: Callable[[], int]) -> float | None:
    program = shutil.which("rsyslogd", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        return None
    state = folder / f"rsyslog-{time.monotonic_ns()}"
    state.mkdir()
    config = state / "rsyslog.conf"
    config.write_text(_RSYSLOG.format(folder=state, log=log, action=action))
    return _cpu_until_quiet([program, "-n", "-f", str(config), "-i", str(state / "pid")], written)


def _cpu_until_quiet(command: list[str], written: Callable[[], int]) -> float:
    """CPU seconds of a daemon until what it writes has not grown for a while."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        size, since_s, used_s = 0, time.monotonic(), 0.0
        while not size or time.monotonic() - since_s < QUIET_S:
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            assert size or time.monotonic() - since_s < 60, f"{command[0]} writes nothing"
            time.sleep(0.1)
            if (now := written()) != size:
                size, since_s, used_s = now, time.monotonic(), cpu_s(process.pid)
        process.send_signal(signal.SIGKILL)
    return used_s / LINES * 1e6


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def _redis_url(folder: Path) -> Iterator[str]:
    world = World(folder / "world")
    try:
        world.start_valkey().close()
        yield world.redis_url
    finally:
        world.close()
