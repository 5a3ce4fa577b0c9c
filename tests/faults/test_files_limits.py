"""Many files, few descriptors, no permission, no space: rows 6, 17, 20 and 21."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from tests.faults.log_scene import LogScene
from tests.world import ROOT, wait_until

MakeScene = Callable[..., LogScene]
#: Sets the limit of descriptors, then becomes what it is asked to be.
_WITH_FEW_DESCRIPTORS = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.mark.soak  # mounts
def test_06_the_data_folder_is_full(make_scene: MakeScene, request: pytest.FixtureRequest) -> None:
    scene = make_scene(collect=False)
    full = scene.world.folder / "full"
    full.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(full)], check=True)
    request.addfinalizer(lambda: subprocess.run(["umount", "--lazy", str(full)], check=True))
    scene.world.start("collect", EVENTSCOPE_DATA_DIR=str(full))
    scene.write(100)
    scene.drain()
    with pytest.raises(OSError, match="No space"):
        (full / "everything").write_bytes(bytes(1024 * 1024))
    scene.write(100)
    scene.drain()
    # It needs the keys it has made there, and nothing else.
    scene.world.kill("collect")
    scene.world.start("collect", EVENTSCOPE_DATA_DIR=str(full))
    scene.write(100)
    scene.assert_exact()


@pytest.mark.parametrize("seconds", [3, pytest.param(130, marks=pytest.mark.soak)])
def test_17_permission_is_lost_and_regained(
    make_scene: MakeScene, seconds: float, record_property: Callable[[str, object], None]
) -> None:
    scene = make_scene(collect=False)
    for number in range(3):
        (scene.world.logs / f"{number}.log").touch()
    scene.collect_as_anybody()
    paths = [scene.world.logs / f"{number}.log" for number in range(3)]
    for path in paths:
        scene.write(10, path)
    scene.drain()
    for path in paths:
        path.chmod(0)
        scene.write(10, path)
    # A file that comes without it, too, and a restart, which closes what is open.
    new = scene.world.logs / "new.log"
    new.touch(0)
    scene.write(10, new)
    scene.world.kill("collect")
    scene.collect_as_anybody()
    wait_until(lambda: sum("permission denied" in problem for problem in scene.problems()) == 4)
    time.sleep(seconds)
    said = scene.world.output("collect").count("permission denied")
    record_property("warnings", (said, seconds))
    assert said <= 4 * (1 + int(seconds + 10) // 60)
    for path in [*paths, new]:
        path.chmod(0o644)
    scene.assert_exact()
    wait_until(lambda: not scene.problems())


@pytest.mark.parametrize("files", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_20_many_files_appear_at_once(
    log_scene: LogScene, files: int, record_property: Callable[[str, object], None]
) -> None:
    log_scene.write(1)
    log_scene.drain()
    for number in range(files):
        log_scene.write(1, log_scene.world.logs / f"{number}.log")
    began = time.monotonic()
    log_scene.drain(timeout_s=180)
    record_property("picked_up_s", time.monotonic() - began)
    assert len(log_scene.descriptors()) < 4200
    record_property("rss_mib", log_scene.rss_mib())
    log_scene.assert_exact()


@pytest.mark.parametrize(("files", "rounds"), [(200, 3), pytest.param(1_000, 10, marks=pytest.mark.soak)])
def test_21_there_are_fewer_descriptors_than_files(
    make_scene: MakeScene, files: int, rounds: int, record_property: Callable[[str, object], None]
) -> None:
    scene = make_scene(collect=False)
    scene.world.spawn("collect", "-c", _WITH_FEW_DESCRIPTORS, "64", str(ROOT / "manage.py"), "collect")
    wait_until(lambda: scene.beats())
    most = 0
    for number in range(rounds):
        for file in range(files):
            scene.write(2, scene.world.logs / f"{file}.log")
            most = max(most, len(scene.descriptors())) if file % 50 == 0 else most
        if number == 0:
            # One is deleted while it waits, perhaps without anybody having it open: no line of it was written yet.
            (scene.world.logs / "extra.log").touch()
            (scene.world.logs / "extra.log").unlink()
    took_s = scene.drain(timeout_s=180)
    record_property("descriptors", (most, took_s))
    assert most <= 64
    scene.assert_exact()
    assert scene.world.processes["collect"].poll() is None
