"""What a log file may hold, and what may stand at its path: rows 14, 18, 19, 22–26 and 28–30."""

from __future__ import annotations

import gzip
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.core.hopeit_lines import HopeitLines
from collector.core.labels import MAX_LABEL_CHARS
from tests.faults.log_scene import LogScene
from tests.hopeit_line import APP, TRACK, hopeit_line
from tests.sql_copy import read_sql
from tests.world import wait_until

MakeScene = Callable[..., LogScene]
MIB = 1024 * 1024


def test_14_what_is_compressed_is_not_unpacked_under_whatever_name(log_scene: LogScene) -> None:
    bomb = gzip.compress(bytes(64 * MIB), 9)
    (log_scene.world.logs / "bomb.log.gz").write_bytes(bomb)
    (log_scene.world.logs / "bomb.log").write_bytes(bomb)
    log_scene.write(20)
    wait_until(lambda: log_scene.counted().total() == 20)
    assert log_scene.counted() == log_scene.lines.cells
    assert log_scene.rss_mib() < 192
    log_scene.report()


def test_18_what_is_no_file_is_skipped_with_the_reason_and_never_blocks(log_scene: LogScene) -> None:
    logs = log_scene.world.logs
    os.mkfifo(logs / "pipe.log")
    (logs / "folder.log").mkdir()
    (logs / "loop.log").symlink_to("loop.log")
    (logs / "null.log").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(logs / "socket.log"))
        if os.geteuid() == 0:
            os.mknod(logs / "device.log", 0o600 | 0o020000, os.makedev(1, 5))
        log_scene.write(20)
        log_scene.assert_exact()
        wanted = 5 if os.geteuid() == 0 else 4
        problems = wait_until(lambda: found if len(found := log_scene.problems()) == wanted else [])
    reasons = Counter(problem.split(":")[0] for problem in problems)
    assert reasons["not read, no regular file"] == wanted - 2
    assert reasons["not read, symbolic link in a loop"] == 1
    # A file that becomes a FIFO while it is followed, and a file again.
    log_scene.log.unlink()
    os.mkfifo(log_scene.log)
    wait_until(lambda: any(str(log_scene.log) in problem for problem in log_scene.problems()))
    log_scene.log.unlink()
    log_scene.write(20)
    log_scene.assert_exact()


def test_19_a_link_does_not_lead_out_of_the_log_folders(log_scene: LogScene, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(hopeit_line() * 10)
    for name, target in (("shadow.log", Path("/etc/shadow")), ("secret.log", secret)):
        (log_scene.world.logs / name).symlink_to(target)
    log_scene.write(20)
    log_scene.drain()
    problems = wait_until(lambda: found if len(found := log_scene.problems()) == 2 else [])
    assert all("EVENTSCOPE_LOG_ROOTS" in problem for problem in problems)
    # A file that was followed turns into a link, again and again, while it is read.
    kept = log_scene.world.folder / "kept.log"
    for _ in range(20):
        log_scene.write(1)
        log_scene.log.rename(kept)
        log_scene.log.symlink_to(secret)
        log_scene.log.unlink()
        kept.rename(log_scene.log)
    log_scene.assert_exact()
    assert str(secret) not in log_scene.descriptors()


@pytest.mark.parametrize(
    ("size_bytes", "filled"),
    [
        (64 * MIB, False),
        pytest.param(16 * MIB, True, marks=pytest.mark.soak),
        pytest.param(2048 * MIB, False, marks=pytest.mark.soak),
        pytest.param(300 * MIB, True, marks=pytest.mark.soak),
    ],
)
def test_22_a_line_that_does_not_end_takes_no_memory_and_what_follows_is_read(
    log_scene: LogScene, size_bytes: int, filled: bool, record_property: Callable[[str, object], None]
) -> None:
    log_scene.write(20)
    log_scene.drain()
    before_mib, began = log_scene.rss_mib(), time.monotonic()
    with log_scene.log.open("ab") as file:
        if filled:
            letters = bytes(97 + byte % 26 for byte in os.urandom(MIB))
            for _ in range(size_bytes // MIB):
                file.write(letters)
        else:
            file.truncate(file.tell() + size_bytes)
    log_scene.write_other(b"\n")
    log_scene.other_bytes += size_bytes
    log_scene.write(20)
    report = log_scene.assert_exact(timeout_s=300)
    assert report["skipped"] == {"oversize": 1}
    assert log_scene.rss_mib() < 192
    record_property("rss_mib", (before_mib, log_scene.rss_mib(), time.monotonic() - began))


HOSTILE = [
    b"\xff\xfe\xfa invalid \xc3\x28 \xed\xa0\x80 lone surrogate",
    b"\x00\x00\x00",
    b"\x1b]0;title\x07\x1b[2J\x1b[31mred",
    "line \u2028 and \u2029 and \x85 and \u202e separators".encode(),
    b"\r\r\r",
    b"\x0b\x0c\x1c\x1d\x1e",
    b"\xef\xbb\xbf in the middle",
    b" | " * 500,
    b"2026-11-22 18:27:15,378 | INFO | ",
]


@pytest.mark.parametrize("line_end", [b"\r\n", pytest.param(b"\n", marks=pytest.mark.soak)])
def test_23_any_bytes_are_read_to_the_byte(log_scene: LogScene, line_end: bytes) -> None:
    log_scene.write_other(b"\xef\xbb\xbf")
    for data in HOSTILE:
        line = (
            log_scene.lines.line("extra.note=" + data.decode("utf-8", "surrogateescape").replace("\r", ""), end="")
            if data.isascii() and b" | " not in data
            else log_scene.lines.line(end="")
        )
        log_scene.lines.size_bytes += len(line_end)
        with log_scene.log.open("ab") as file:
            file.write(line + line_end)
        log_scene.write_other(data + line_end)
    report = log_scene.assert_exact()
    assert sum(report["skipped"].values()) == len(HOSTILE)


def test_23_a_file_in_utf16_is_said_to_be_unreadable(log_scene: LogScene) -> None:
    path = log_scene.world.logs / "utf16.log"
    path.write_bytes(hopeit_line().decode().encode("utf-16") * 3)
    log_scene.write(20)
    wait_until(lambda: log_scene.counted() == log_scene.lines.cells)
    wait_until(lambda: any(b"UTF-16" in text for text in file_statuses(log_scene)))
    log_scene.report()


def file_statuses(scene: LogScene) -> list[bytes]:
    """What collectors say of each file."""
    statuses: Any = [scene.client.hvals(key) for key in scene.client.scan_iter("eventscope:files:*")]
    return [text for each in statuses for text in each]


def test_24_a_line_that_is_finished_an_hour_later_is_counted_once(make_scene: MakeScene) -> None:
    scene = make_scene(collect=False)
    scene.world.start("collect")
    scene.write(10)
    scene.drain()
    line = scene.lines.line()
    with scene.log.open("ab") as file:
        file.write(line[:80])
        file.flush()
        time.sleep(0.5)
        # The clock of a restarted collector shows an hour more.
        scene.world.kill("collect")
        scene.world.start("collect", EVENTSCOPE_CLOCK="+3600")
        wait_until(lambda: scene.beats())
        time.sleep(0.5)
        assert scene.counted().total() == 10
        file.write(line[80:])
    scene.assert_exact()


@pytest.mark.soak
def test_24_a_record_of_many_lines_is_read_over_a_restart(log_scene: LogScene) -> None:
    trace = [b"Traceback (most recent call last):\n", b'  File "a.py", line 1\n', b"ValueError: no stock\n"]
    for _ in range(3):
        log_scene.write(1)
        for line in trace:
            log_scene.write_other(line)
            log_scene.drain()
            log_scene.world.kill("collect")
            log_scene.world.start("collect")
    assert log_scene.assert_exact()["skipped"] == {"continuation": 9}


_PIECES = ["a", "a=", "password=", 'password="', "x:'", "a://", "a://a@", "a://a:b", "eyJaaaaaa.", "Bearer A1", "\\"]
_PIECES += [
    "cookie: a",
    "-----BEGIN PRIVATE KEY-----",
    " | ",
    " | track.",
    " | event.app=",
    " | trace=",
    "%",
    '[["',
    "\t:",
]


@pytest.mark.parametrize("piece", _PIECES)
def test_25_no_line_takes_long_whatever_it_holds(piece: str) -> None:
    body = (piece * 65536)[:32000]
    records = [
        hopeit_line(body),
        hopeit_line("START", TRACK, body, APP),
        hopeit_line(body, TRACK, APP, level="ERROR") + hopeit_line("FAILED", TRACK, APP),
        hopeit_line("x", TRACK, APP, f"trace=%5B{body}", level="ERROR") + hopeit_line("FAILED", TRACK, APP),
        hopeit_line("START", TRACK, APP, logger=body),
    ]
    for record in records:
        began = time.process_time()
        HopeitLines().parse(record, offset=0, received_s=0)
        # Anything square would take seconds; 5 ms is the goal, see docs/faults.md, and no test holds it to that.
        assert time.process_time() - began < 0.5


FORGED = [
    "x\\n2026-11-22 18:27:15,378 | INFO | admin 1.0 drop vm 1 | START | track.request_id=1 | event.app=admin.1x0",
    "\x1b[2K\r2026-11-22 18:27:15,378 | INFO | admin 1.0 drop vm 1 | DONE",
    '{"level": "INFO", "event": "START", "app": "admin"}',
    "x | event.app=admin.1x0 | event.plugin=evil",
    "x | track.request_id=forged | stream.name=admin",
    "x\u2028START | event.app=admin",
]


def test_26_what_a_field_holds_makes_no_other_event(log_scene: LogScene) -> None:
    with log_scene.log.open("ab") as file:
        for forged in FORGED:
            for place in ("extra.note", "track.user", "track.request_id"):
                file.write(log_scene.lines.line(f"{place}={forged}"))
    log_scene.assert_exact()
    seen: Any = read_sql(log_scene.world.sqlite, "SELECT DISTINCT app, plugin, event, stream FROM visualizer_activity")
    assert all((app, plugin, stream) == ("shop.1x0", "", "") for app, plugin, _, stream in seen)
    assert all(event.startswith("load.e") for _, _, event, _ in seen)


def test_28_a_name_of_a_megabyte_is_cut_and_counted(log_scene: LogScene) -> None:
    names = ["x" * 20_000, "x" * 20_001, "é" * 10_000, "\x1b" * 5_000]
    for name in names:
        log_scene.write_other(hopeit_line("START", TRACK, f"event.app={name}"))
    log_scene.write_other(hopeit_line("START", TRACK, f"event.app={'y' * MIB}"))
    log_scene.write(5)
    log_scene.drain()
    apps: Any = read_sql(log_scene.world.sqlite, "SELECT app FROM visualizer_activity WHERE app <> 'shop.1x0'")
    assert len(apps) == len({app for (app,) in apps}) == len(names)
    assert all(len(app) == MAX_LABEL_CHARS + 9 and app.isprintable() for (app,) in apps)
    assert log_scene.report()["skipped"] == {"oversize": 1}
    assert all(len(key) <= 256 for key in log_scene.client.scan_iter())


STAMPS = [
    ("2999-01-01 00:00:00,000", "skewed"),
    ("9999-12-31 23:59:59,999", "skewed"),
    ("1970-01-01 00:00:00,000", "too_old"),
    ("0001-01-01 00:00:00,000", "too_old"),
    ("0000-00-00 00:00:00,000", "unparsable"),
    ("2026-02-30 12:00:00,000", "unparsable"),
    ("2026-06-30 23:59:60,000", "unparsable"),
    ("2026-13-01 00:00:00,000", "unparsable"),
    ("٢٠٢٦-١١-٢٢ ١٨:٢٧:١٥,٣٧٨", "continuation"),
    ("2026-11-22T18:27:15.378Z", "unparsable"),
    ("yesterday", "continuation"),
]


def test_29_time_stamps_from_hell_have_a_fate_and_no_bucket_beyond_now(log_scene: LogScene) -> None:
    for stamp, _ in STAMPS:
        log_scene.write_other(hopeit_line("START", TRACK, APP, time=stamp))
    log_scene.write(5)
    log_scene.drain()
    newest, oldest = read_sql(log_scene.world.sqlite, "SELECT max(start_s), min(start_s) FROM visualizer_bucket")[0]
    assert time.time() - 3600 < oldest <= newest < time.time() + 300
    fates = Counter(fate for _, fate in STAMPS)
    skewed = read_sql(log_scene.world.sqlite, "SELECT sum(lines) FROM visualizer_sourcebytes WHERE fate = 'skewed'")
    assert skewed == [(fates.pop("skewed"),)]
    assert log_scene.report()["skipped"] == fates
    assert log_scene.counted().total() == 5 + skewed[0][0]


@pytest.mark.soak
@pytest.mark.parametrize("steps", [("+0", "-3600", "+86400"), ("-600", "+600", "+0")])
def test_30_the_clock_steps_and_every_line_is_counted_once(make_scene: MakeScene, steps: tuple[str, ...]) -> None:
    scene = make_scene(collect=False)
    for step in steps:
        for name in ("rollup", "collect"):
            if name in scene.world.processes:
                scene.world.kill(name)
            scene.world.start(name, EVENTSCOPE_CLOCK=step)
        scene.write(100)
        scene.drain()
    totals: Any = read_sql(scene.world.sqlite, "SELECT sum(started + done + ignored + failed) FROM visualizer_total")
    assert totals == [(300,)]
    assert read_sql(scene.world.sqlite, "SELECT count(*) FROM visualizer_total WHERE started < 0") == [(0,)]
    scene.report()
