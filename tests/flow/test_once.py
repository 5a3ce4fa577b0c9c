"""`manage.py collect --once`: what it prints is what history holds."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.ledger import Ledger
from tests.world import AS_ANYBODY, ROOT, World


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Without config_manager, with a Valkey."""
    world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store")
    world.start_valkey().close()
    return world


def test_the_summary_is_what_history_holds(world: World) -> None:
    ledger = Ledger(world.logs, seed=7, now_s=time.time())
    ledger.write(3_000)
    with (world.logs / "shop_orders.place_7.log").open("a") as file:
        file.write("nothing that anybody knows\n")
    world.start("rollup")
    done = world.manage("collect", "--once", "--quiet")
    for status in {status for _, _, status, _ in ledger.runs}:
        lines = sum(count for (_, _, each, _), count in ledger.runs.items() if each == status)
        assert re.search(rf"^  {status} +{lines:,}$", done.stdout, re.MULTILINE), done.stdout
    total = ledger.size_bytes + 27
    assert f"3,001 lines, {total:,} bytes of 6 files" in done.stdout
    assert f"Nothing is missing: parsed {ledger.size_bytes:,} + skipped 27 = read {total:,} bytes." in done.stdout
    assert done.stdout.rstrip().endswith("All of it is counted.")
    report = world.report()
    assert report["bytes"] == {"read": total, "parsed": ledger.size_bytes, "skipped": 27, "dropped": 0}
    again = world.manage("collect", "--once", "--quiet")
    assert "Nothing new: all that is there was read before." in again.stdout


def test_without_a_rollup_it_says_that_it_is_shipped_and_not_counted(world: World) -> None:
    Ledger(world.logs, seed=7, now_s=time.time()).write(100)
    world.start("rollup")
    world.manage("collect", "--once", "--quiet")
    world.kill("rollup")
    Ledger(world.logs, seed=8, now_s=time.time()).write(100)
    done = world.manage("collect", "--once", "--quiet")
    assert "100 lines" in done.stdout
    assert "No rollup runs: it is shipped and waits in Redis" in done.stdout


def test_a_file_that_cannot_be_read_is_a_failure(world: World) -> None:
    Ledger(world.logs, seed=7, now_s=time.time()).write(10)
    locked = world.logs / "locked.log"
    locked.write_text("no\n")
    locked.chmod(0)
    world.start("rollup")
    world.spawn("once", "-c", AS_ANYBODY, str(ROOT / "manage.py"), "collect", "--once", "--quiet").wait(timeout=120)
    assert world.processes["once"].returncode == 1
    assert "Problem: permission denied: " in world.output("once")


def test_a_terminal_sees_a_bar(world: World) -> None:
    Ledger(world.logs, seed=7, now_s=time.time()).write(2_000)
    world.start("rollup")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "collect", "--once"],
        cwd=world.folder,
        env=world.env,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    out, _ = process.communicate(timeout=120)
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 65536):
            seen += part
    except OSError:
        pass  # what a terminal says at its end
    finally:
        os.close(ours)
    assert process.returncode == 0
    assert re.search(rb"\r\[#{24}\] 100 %  \S+ kB of \S+ kB  \S+ lines/s  6 files\x1b\[K\r?\n", seen), seen
    assert b"2,000 lines" in out
