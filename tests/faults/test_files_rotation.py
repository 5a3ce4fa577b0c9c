"""Files are renamed, copied, truncated and replaced while processes read and die: rows 1–5, 7–9, 15 and 16."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.applications.sources.log_files.settling import COPY_FINISHED_S
from collector.models import redis_keys
from tests.faults.log_scene import LogScene
from tests.faults.log_writer import LogWriter, copy_and_truncate
from tests.faults.numbered_lines import cells_of
from tests.world import wait_until

MakeScene = Callable[..., LogScene]


def rotate(path: Path, *, keep: int = 4) -> None:
    """Rename as logrotate does; what has the highest number stays, so that nothing is ever deleted."""
    for place in range(keep, 0, -1):
        old = path.with_name(f"{path.name}.{place}")
        if old.exists():
            old.rename(path.with_name(f"{path.name}.{place + 1}"))
    path.rename(path.with_name(f"{path.name}.1"))


@pytest.mark.parametrize(("kills", "lines_per_s"), [(4, 5_000), pytest.param(50, 20_000, marks=pytest.mark.soak)])
def test_01_a_collector_is_killed_while_much_is_written(
    log_scene: LogScene, kills: int, lines_per_s: int, record_property: Callable[[str, object], None]
) -> None:
    chance, recoveries = random.Random(1), []
    with LogWriter(log_scene.log, log_scene.lines, lines_per_s=lines_per_s):
        for _ in range(kills):
            time.sleep(chance.uniform(0.1, 0.7))
            log_scene.world.kill("collect")
            before = log_scene.counted_bytes()
            log_scene.world.start("collect")
            began = time.monotonic()
            wait_until_counted(log_scene, beyond=before)
            recoveries.append(time.monotonic() - began)
    log_scene.assert_exact()
    recoveries.sort()
    record_property("recovery_s", (recoveries[len(recoveries) // 2], recoveries[-1]))
    record_property("collector_rss_mib", log_scene.rss_mib())


def wait_until_counted(scene: LogScene, *, beyond: int) -> None:
    """Wait until more is counted than that."""
    wait_until(lambda: scene.counted_bytes() > beyond)


@pytest.mark.parametrize(("seconds", "lines_per_s"), [(3, 2_000), pytest.param(120, 2_000, marks=pytest.mark.soak)])
def test_04_a_collector_is_frozen_and_another_one_takes_over(
    log_scene: LogScene, seconds: float, lines_per_s: int
) -> None:
    with LogWriter(log_scene.log, log_scene.lines, lines_per_s=lines_per_s):
        wait_until(lambda: log_scene.counted_bytes() > 0)
        log_scene.world.kill("collect", signal.SIGSTOP)
        before = log_scene.counted_bytes()
        log_scene.world.start("collect", name="other")
        wait_until(lambda: log_scene.counted_bytes() > before + 100_000)
        time.sleep(seconds)
        log_scene.world.kill("collect", signal.SIGCONT)
        time.sleep(1)
    log_scene.assert_exact()
    assert "Traceback" not in log_scene.world.output("collect")


@pytest.mark.parametrize(
    "now", ["missing", *(pytest.param(now, marks=pytest.mark.soak) for now in ("older", "from the future"))]
)
def test_05_a_record_in_redis_is_missing_older_or_from_the_future(log_scene: LogScene, now: str) -> None:
    log_scene.write(100)
    log_scene.drain()
    (key,) = (each for each in log_scene.client.scan_iter() if b":file:" in each)
    older: Any = log_scene.client.hgetall(key)
    log_scene.write(100)
    log_scene.drain()
    if now == "missing":
        log_scene.client.delete(key)
    elif now == "older":
        log_scene.client.hset(key, mapping=older)
    else:
        log_scene.client.hset(key, "offset", 1_000_000_000)
    log_scene.write(100)
    log_scene.assert_exact()


@pytest.mark.parametrize(("rotations", "pause_s"), [(12, 0.2), pytest.param(500, 0.2, marks=pytest.mark.soak)])
def test_07_a_file_is_renamed_again_and_again_and_the_old_one_still_written(
    log_scene: LogScene, rotations: int, pause_s: float
) -> None:
    with LogWriter(log_scene.log, log_scene.lines, lines_per_s=1_000) as writer:
        for number in range(rotations):
            time.sleep(pause_s)
            log_scene.log.rename(f"{log_scene.log}.{number}")
            # Still the old file that it has open: once for longer than a look takes.
            time.sleep(2.0 if number == rotations // 2 else pause_s / 4)
            writer.reopen()
    log_scene.assert_exact(timeout_s=120)


@pytest.mark.parametrize(("times", "pause_s"), [(6, 0.4), pytest.param(100, 1.0, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    ("copy_is_read", "copying_s"),
    [
        (True, 0.3),
        pytest.param(True, 0.0, marks=pytest.mark.soak),
        pytest.param(False, 0.0, marks=pytest.mark.soak),
    ],
)
def test_08_a_file_is_copied_and_truncated(
    log_scene: LogScene,
    times: int,
    pause_s: float,
    *,
    copy_is_read: bool,
    copying_s: float,
    record_property: Callable[[str, object], None],
) -> None:
    folder = log_scene.world.logs if copy_is_read else log_scene.world.folder
    log_scene.write(1)
    log_scene.drain()
    log_scene.log.unlink()
    with LogWriter(log_scene.log, log_scene.lines, lines_per_s=2_000) as writer:
        for number in range(times):
            time.sleep(pause_s)
            copy_and_truncate(writer, log_scene.log, folder / f"a.log.{number}", pause_s=copying_s)
    # A copy that is whole may be one that still grows, for as long as COPY_FINISHED_S.
    written_s = time.time() + COPY_FINISHED_S
    wait_until(lambda: is_quiet(log_scene, since_s=written_s))
    counted, written = log_scene.counted(), log_scene.lines.cells
    assert counted <= written, "counted twice"
    missing = written - counted
    if copy_is_read:
        assert missing <= cells_of(writer.at_risk), "lost what was in the copy"
    report = log_scene.report()
    record_property("lost", (missing.total(), len(writer.at_risk), report["lost"]))
    assert missing.total() == 0 or report["lost"].get("truncated", 0) <= 1000 * missing.total()
    assert "was truncated or rewritten" in log_scene.world.output("collect")


def is_quiet(scene: LogScene, *, since_s: float) -> bool:
    """Everything that was there at a time is counted."""
    caught_up = [beat["caught_up_s"] > since_s and not beat["backlog_bytes"] for beat in scene.beats()]
    return bool(caught_up) and all(caught_up) and scene.client.xlen(redis_keys.batches(0)) == 0


def test_09_a_file_is_truncated_and_written_beyond_where_it_was_read(log_scene: LogScene) -> None:
    for lines in (50, 51, 200):
        log_scene.write(lines)
        log_scene.drain()
        # One open() and one write, so that nobody sees it empty.
        data = log_scene.lines.take(lines + 10)
        log_scene.log.write_bytes(data)
        log_scene.drain()
    assert log_scene.assert_exact()["bytes"]["skipped"] == 0


def test_15_files_are_rotated_while_no_collector_is_there(log_scene: LogScene) -> None:
    log_scene.write(100)
    log_scene.drain()
    log_scene.world.kill("collect")
    for _ in range(3):
        log_scene.write(50)
        rotate(log_scene.log)
        log_scene.write(50)
    log_scene.world.start("collect")
    log_scene.assert_exact()


@pytest.mark.soak
def test_16_a_deleted_file_is_read_to_its_end_and_not_held_for_long(
    log_scene: LogScene, record_property: Callable[[str, object], None]
) -> None:
    with log_scene.log.open("ab") as writer:
        writer.write(log_scene.lines.take(50))
        writer.flush()
        log_scene.drain()
        log_scene.log.unlink()
        writer.write(log_scene.lines.take(20_000))
    began = time.monotonic()
    log_scene.drain()
    wait_until(lambda: not any("(deleted)" in each for each in log_scene.descriptors()))
    record_property("held_s", time.monotonic() - began)
    log_scene.assert_exact()


@pytest.mark.soak
def test_30_a_file_is_deleted_and_made_anew_at_once(log_scene: LogScene) -> None:
    """Case 30 of the peers: both within one wake-up."""
    for _ in range(5):
        log_scene.write(20)
        log_scene.drain()
        log_scene.log.unlink()
    log_scene.write(20)
    log_scene.assert_exact()


@pytest.mark.parametrize(
    "how", ["hard link", *(pytest.param(how, marks=pytest.mark.soak) for how in ("symbolic link", "bind mount"))]
)
def test_03_two_collectors_read_one_file_over_two_paths(
    make_scene: MakeScene, how: str, request: pytest.FixtureRequest
) -> None:
    scene = make_scene()
    other = scene.world.folder / "other"
    scene.log.touch()
    if how == "symbolic link":
        other.symlink_to(scene.world.logs)
    else:
        other.mkdir()
    if how == "hard link":
        os.link(scene.log, other / "b.log")
    elif how == "bind mount":
        mount(scene.world.logs, other, request)
    scene.world.start("collect", name="other", EVENTSCOPE_LOGS=str(other / "*.log"))
    wait_until(lambda: len(scene.beats()) == 2)
    with LogWriter(scene.log, scene.lines, lines_per_s=5_000):
        time.sleep(3)
    scene.assert_exact()
    shipped = [beat["lines_total"] for beat in wait_until(lambda: both_idle(scene))]
    assert sum(shipped) == scene.lines.made, "a batch of both was believed"


def both_idle(scene: LogScene) -> list[dict[str, int]]:
    """The beats of two collectors that have nothing to do."""
    beats = scene.beats()
    return beats if len(beats) == 2 and sum(beat["lines_total"] for beat in beats) >= scene.lines.made else []


def mount(source: Path, target: Path, request: pytest.FixtureRequest) -> None:
    """Bind a folder to another place; only root may."""
    subprocess.run(["mount", "--bind", str(source), str(target)], check=True)
    request.addfinalizer(lambda: subprocess.run(["umount", "--lazy", str(target)], check=True))
