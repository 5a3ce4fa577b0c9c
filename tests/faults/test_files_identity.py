"""Which file is which: rows 10–13, and cases 12, 18–20, 22–25, 31 and 35 of the peers."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.log_scene import LogScene
from tests.sql_copy import read_sql
from tests.world import wait_until

MakeScene = Callable[..., LogScene]


@pytest.mark.parametrize(
    ("lines", "banner"),
    [
        (300, b"the same banner\n"),
        *(pytest.param(*each, marks=pytest.mark.soak) for each in ((5, b""), (300, b""), (5, b"the same banner\n"))),
    ],
)
def test_10_another_file_gets_the_inode_of_a_deleted_one(log_scene: LogScene, lines: int, banner: bytes) -> None:
    log_scene.write_other(banner)
    log_scene.write(100)
    log_scene.drain()
    # While it runs it holds the deleted file, and with it the inode.
    log_scene.world.kill("collect")
    inode = log_scene.log.stat().st_ino
    log_scene.log.unlink()
    again = file_with_inode(inode, log_scene.world.logs)
    log_scene.write_other(banner, again)
    log_scene.write(lines, again)
    log_scene.world.start("collect")
    log_scene.assert_exact()


def file_with_inode(inode: int, folder: Path) -> Path:
    """A new file that has this inode."""
    for number in range(500):
        path = folder / f"next{number}.log"
        path.touch()
        if path.stat().st_ino == inode:
            break
    else:
        pytest.skip("this file system does not use an inode again")
    return path


@pytest.mark.soak
def test_11_many_files_begin_with_the_same_four_kilobytes(make_scene: MakeScene) -> None:
    scene = make_scene(collect=False)
    banner = b"".join(b"# banner, line %03d, the same in all files %s\n" % (n, b"-" * 24) for n in range(64))
    assert len(banner) >= 4096
    for number in range(500):
        path = scene.world.logs / f"{number:03}.log"
        scene.write_other(banner, path)
        scene.write(2, path)
    scene.world.start("collect")
    scene.assert_exact(timeout_s=120)
    assert sources(scene) == 500


def test_12_files_grow_byte_by_byte(log_scene: LogScene) -> None:
    paths = [log_scene.world.logs / f"{number}.log" for number in range(5)]
    contents = {path: log_scene.lines.take(2) for path in paths}
    for place in range(max(map(len, contents.values()))):
        for path, content in contents.items():
            with path.open("ab") as file:
                file.write(content[place : place + 1])
    report = log_scene.assert_exact()
    assert sources(log_scene) == len(paths)
    assert report["skipped"] == {}


def sources(scene: LogScene) -> int:
    """How many sources SQL knows."""
    return int(read_sql(scene.world.sqlite, "SELECT count(*) FROM visualizer_source")[0][0])


def test_13_a_compressed_copy_beside_the_file_is_not_counted_again(log_scene: LogScene) -> None:
    log_scene.write(50)
    log_scene.drain()
    packed = gzip.compress(log_scene.log.read_bytes())
    for name in ("a.log.1.gz", "b.log.gz", "a.log-20261122.zst"):
        (log_scene.world.logs / name).write_bytes(packed)
    log_scene.write(50)
    log_scene.assert_exact()


@pytest.mark.soak
def test_case_12_a_writer_that_does_not_append_leaves_nuls_after_a_truncation(log_scene: LogScene) -> None:
    with log_scene.log.open("wb", buffering=0) as writer:
        writer.write(log_scene.lines.take(100))
        log_scene.drain()
        os.truncate(log_scene.log, 0)
        nuls = writer.tell()
        writer.write(log_scene.lines.take(100))
        log_scene.other_bytes += nuls
        log_scene.assert_exact()


@pytest.mark.soak
def test_case_22_one_file_under_many_names_is_counted_once(make_scene: MakeScene) -> None:
    scene = make_scene(collect=False)
    logs = scene.world.logs
    scene.write(20)
    os.link(scene.log, logs / "b.log")
    (logs / "c.log").symlink_to("a.log")
    (logs / "d").symlink_to(logs)
    scene.world.start("collect", EVENTSCOPE_LOGS=f"{logs}/*.log,{logs}/a*,{logs}/**/*.log,{logs.parent}/*/b.log")
    scene.drain()
    scene.log.unlink()
    scene.write(20, logs / "b.log")
    scene.assert_exact()


@pytest.mark.soak
def test_case_23_a_link_is_switched_to_another_file_as_kubelet_does(make_scene: MakeScene) -> None:
    scene = make_scene(collect=False)
    pods = scene.world.folder / "pods"
    pods.mkdir()
    link = scene.world.logs / "pod.log"
    scene.world.start("collect", EVENTSCOPE_LOG_ROOTS=str(pods))
    for number in range(4):
        target = pods / f"{number}.log"
        scene.write(20, target)
        (pods / "new").symlink_to(target)
        (pods / "new").rename(link)
        # A few more lines into the one before, which nobody points at any more.
        if number:
            scene.write(5, pods / f"{number - 1}.log")
        scene.drain()
    # And kubelet's own rotation, behind the link.
    target.rename(pods / "3.log.20261122-183000")
    scene.write(20, target)
    scene.assert_exact()


def test_case_24_links_to_nothing_and_in_a_loop_are_said_and_hold_up_nothing(log_scene: LogScene) -> None:
    logs = log_scene.world.logs
    (logs / "loop.log").symlink_to("loop.log")
    (logs / "nothing.log").symlink_to("not there.log")
    log_scene.write(20)
    log_scene.assert_exact()
    problems = wait_until(lambda: problems if len(problems := log_scene.problems()) == 2 else [])
    assert sorted(problem.split(":")[0] for problem in problems) == [
        "not read, symbolic link in a loop",
        "not read, symbolic link to nothing",
    ]
    (logs / "not there.log").write_bytes(b"")
    log_scene.write(20, logs / "not there.log")
    log_scene.assert_exact()
    wait_until(lambda: len(log_scene.problems()) == 1)


@pytest.mark.soak
def test_case_31_a_file_is_replaced_by_one_that_holds_more(log_scene: LogScene) -> None:
    log_scene.write(20)
    log_scene.drain()
    for _ in range(5):
        new = log_scene.world.logs / "new"
        new.write_bytes(log_scene.log.read_bytes() + log_scene.lines.take(10))
        new.rename(log_scene.log)
        log_scene.drain()
    log_scene.assert_exact()


def test_case_35_a_line_that_was_cut_by_a_death_is_glued_to_the_next(log_scene: LogScene) -> None:
    log_scene.write(10)
    cut = log_scene.lines.line()[:-60]
    event = sorted(log_scene.lines.cells)[-1]
    log_scene.lines.cells[event] -= 1
    log_scene.lines.size_bytes -= 60
    with log_scene.log.open("ab") as file:
        file.write(cut)
    log_scene.write(10)
    report_lines = log_scene.lines.made
    log_scene.drain()
    counted = log_scene.counted()
    # Two lines in one: whatever it counts as, it is one, and no byte is without a fate.
    assert report_lines - 2 <= counted.total() <= report_lines - 1
    assert log_scene.report()["bytes"]["read"] == log_scene.lines.size_bytes
