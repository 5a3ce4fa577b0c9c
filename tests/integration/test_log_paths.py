"""Which files the globs mean, and hearing of changes in their folders."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from collector.io.file_watch import FileWatch
from collector.io.host_id import find_host_id
from collector.io.log_paths import Scan, is_sibling_name, scan


def names(found: Scan, *, siblings: bool = False) -> list[str]:
    return sorted(os.path.basename(f.path) for f in found.files.values() if f.sibling is siblings)


def write(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("line\n")


def test_rotated_siblings_of_matched_names_are_found_and_compressed_ones_are_not(tmp_path: Path) -> None:
    write(tmp_path, "a.log", "a.log.1", "a.log-20261122", "gone.log.2", "a.log.3.gz", "a.logs", "b.txt", ".hidden.log")
    found = scan([f"{tmp_path}/*.log"])
    assert names(found) == ["a.log"]
    assert names(found, siblings=True) == ["a.log-20261122", "a.log.1", "gone.log.2"]
    assert found.patterns == {f"{tmp_path}/*.log": 1}


def test_one_file_under_two_names_and_two_globs_is_one_file(tmp_path: Path) -> None:
    write(tmp_path, "a.log")
    os.link(tmp_path / "a.log", tmp_path / "a.log.1")
    found = scan([f"{tmp_path}/*.log", f"{tmp_path}/a*"])
    assert names(found) == ["a.log"]


def test_what_is_no_regular_file_is_left_out_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path, "real.log")
    os.mkfifo(tmp_path / "fifo.log")
    (tmp_path / "shadow.log").symlink_to("/etc/shadow")
    (tmp_path / "loop.log").symlink_to(tmp_path / "loop.log")
    (tmp_path / "nothing.log").symlink_to(tmp_path / "gone.log")
    (tmp_path / "pipe.log").symlink_to(tmp_path / "fifo.log")
    (tmp_path / "folder.log").mkdir()
    (tmp_path / "packed.log").with_suffix(".log.gz").write_text("")
    found = scan([f"{tmp_path}/*"])
    assert names(found) == ["real.log"]
    reasons = {os.path.basename(path): reason for path, reason in found.skipped.items()}
    assert reasons == {
        "fifo.log": "no regular file",
        "shadow.log": "symbolic link that leads out of the log folders, see EVENTSCOPE_LOG_ROOTS",
        "loop.log": "symbolic link in a loop",
        "nothing.log": "symbolic link to nothing",
        "pipe.log": "no regular file",
        "packed.log.gz": "compressed",
    }


def test_folders_are_found_by_globs_and_deep(tmp_path: Path) -> None:
    write(tmp_path / "x" / "y", "deep.log")
    write(tmp_path / "x", "flat.log")
    assert names(scan([f"{tmp_path}/*/*.log"])) == ["flat.log"]
    assert names(scan([f"{tmp_path}/**/*.log"])) == ["deep.log", "flat.log"]
    assert names(scan([f"{tmp_path}/nowhere/*.log"])) == []


def test_a_linked_folder_does_not_lead_out_of_the_patterns_folder(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "secret.log")
    write(tmp_path / "logs" / "app", "a.log")
    (tmp_path / "logs" / "evil").symlink_to(tmp_path / "elsewhere")
    found = scan([f"{tmp_path}/logs/*/*.log"])
    assert names(found) == ["a.log"]
    assert list(found.skipped.values()) == ["leads out of the log folders, see EVENTSCOPE_LOG_ROOTS"]


def test_a_link_is_followed_inside_the_folders_and_the_roots_and_known_by_its_real_path(tmp_path: Path) -> None:
    write(tmp_path / "logs", "a.log")
    write(tmp_path / "pods" / "one", "0.log", "0.log.1")
    (tmp_path / "logs" / "alias.log").symlink_to("a.log")
    (tmp_path / "logs" / "pod.log").symlink_to(tmp_path / "pods" / "one" / "0.log")
    pattern, elsewhere = f"{tmp_path}/logs/*.log", f"{tmp_path}/pods/one"
    outside = scan([pattern])
    assert names(outside) == ["a.log"]
    assert list(outside.skipped) == [f"{tmp_path}/logs/pod.log"]
    inside = scan([pattern], roots=[f"{tmp_path}/pods"])
    assert {file.path: file.sibling for file in inside.files.values()} == {
        f"{tmp_path}/logs/a.log": False,
        f"{elsewhere}/0.log": False,
        f"{elsewhere}/0.log.1": True,
    }
    assert (inside.patterns, inside.skipped) == ({pattern: 2}, {})
    assert inside.folders == {f"{tmp_path}/logs", elsewhere}


def test_a_folder_that_is_reached_on_many_ways_is_looked_into_once(tmp_path: Path) -> None:
    write(tmp_path / "x", "a.log")
    for name in ("round", "again"):
        (tmp_path / "x" / name).symlink_to(tmp_path)
    found = scan([f"{tmp_path}/**/*.log"])
    assert [file.path for file in found.files.values()] == [f"{tmp_path}/x/a.log"]
    assert found.folders == {str(tmp_path), f"{tmp_path}/x"}


def test_sibling_names() -> None:
    assert is_sibling_name("/l/a.log.1", "/l/a.log")
    assert is_sibling_name("/l/a.log-1", "/l/a.log")
    assert not is_sibling_name("/l/a.logs", "/l/a.log")
    assert not is_sibling_name("/l/a.log", "/l/a.log")


@pytest.mark.parametrize("use_inotify", [True, False])
async def test_a_change_is_heard_with_and_without_inotify(tmp_path: Path, use_inotify: bool) -> None:
    write(tmp_path, "a.log")
    watch = FileWatch(use_inotify=use_inotify)
    watch.watch([str(tmp_path)])
    waiting = asyncio.create_task(watch.changes(within_s=5))
    await asyncio.sleep(0.01)
    with (tmp_path / "a.log").open("a") as file:
        file.write("more\n")
    changes = await asyncio.wait_for(waiting, 60)
    assert str(tmp_path / "a.log") in changes.modified if use_inotify else changes.rescan
    watch.close()


async def test_a_new_name_asks_for_a_look_and_quiet_folders_for_nothing(tmp_path: Path) -> None:
    watch = FileWatch()
    watch.watch([str(tmp_path)])
    assert await watch.changes(within_s=0.01) == await watch.changes(within_s=0.01)
    write(tmp_path, "new.log")
    assert (await watch.changes(within_s=5)).rescan
    watch.close()


async def test_a_folder_that_cannot_be_watched_is_polled(tmp_path: Path) -> None:
    watch = FileWatch()
    watch.watch([str(tmp_path / "missing")])
    assert watch.polls
    assert (await watch.changes(within_s=5)).rescan
    watch.close()


def test_the_host_id_is_the_configured_one_the_machines_or_a_kept_one(tmp_path: Path) -> None:
    machine = tmp_path / "machine-id"
    machine.write_text("0123abcd\n")
    assert find_host_id("mine", data_dir=tmp_path, machine_id=machine) == "mine"
    assert find_host_id("", data_dir=tmp_path, machine_id=machine) == "0123abcd"
    machine.write_text("\n")
    kept = find_host_id("", data_dir=tmp_path, machine_id=machine)
    assert kept
    assert find_host_id("", data_dir=tmp_path, machine_id=machine) == kept


async def test_a_folder_is_new_to_the_watch_once(tmp_path: Path) -> None:
    watch = FileWatch()
    assert watch.watch([str(tmp_path)])
    assert not watch.watch([str(tmp_path)])
    assert not watch.polls
    watch.close()


async def test_changes_that_follow_each_other_are_told_together(tmp_path: Path) -> None:
    watch = FileWatch()
    watch.watch([str(tmp_path)])
    with (tmp_path / "a.log").open("a") as first, (tmp_path / "b.log").open("a") as second:
        await watch.changes(within_s=5)
        for file in (first, second):
            file.write("more\n")
            file.flush()
            await asyncio.sleep(0)
        changes = await watch.changes(within_s=5)
    assert changes.modified == {str(tmp_path / "a.log"), str(tmp_path / "b.log")}
    watch.close()
