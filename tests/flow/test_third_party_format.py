"""A format from a package of somebody else: installed, found by its entry point, and counted exactly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sql_copy import counted_bytes
from tests.world import FIXTURES, ROOT, World, wait_until

PACKAGE = FIXTURES / "third_party_format"
GUIDE = ROOT / "docs" / "plug-ins.md"
LINES = b"1795372026 backup begin\n1795372031 backup end 4.75\n1795372031 report crash no space, token=hunter2\n?\n"


def install(package: Path, site: Path) -> None:
    """What a wheel of the package puts into a folder, done by hand: no build backend is needed, and no network."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    module = project["name"].replace("-", "_")
    shutil.copytree(package / module, site / module, ignore=shutil.ignore_patterns("__pycache__"))
    info = site / f"{module}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    parts = ["\n".join([f"[{group}]", *(f"{name} = {at}" for name, at in points.items())]) for group, points in groups]
    (info / "entry_points.txt").write_text("\n\n".join(parts) + "\n")


@pytest.fixture
def world(make_world: Callable[..., World], tmp_path: Path) -> World:
    """One whose Python has the package."""
    site = tmp_path / "site"
    install(PACKAGE, site)
    made = make_world(
        EVENTSCOPE_APPLICATIONS="log_files,hopeit,nightly,store", PYTHONPATH=os.pathsep.join((str(ROOT), str(site)))
    )
    (made.logs / "nightly.log").write_bytes(LINES * 100)
    return made


def test_its_lines_are_counted_to_the_end(world: World) -> None:
    world.start_valkey().close()
    world.start("rollup", PYTHONPATH=world.env["PYTHONPATH"])
    world.manage("collect", "--once")
    wait_until(lambda: counted_bytes(world.sqlite) == len(LINES) * 100)
    entries = {(e["app"], e["event"], e["status"]): e["count"] for e in world.report()["entries"]}
    assert entries == {
        ("nightly", "backup", "START"): 100,
        ("nightly", "backup", "DONE"): 100,
        ("nightly", "report", "FAILED"): 100,
    }


def test_inspect_logs_knows_it(world: World) -> None:
    shown = world.manage("inspect_logs", str(world.logs / "*.log")).stdout
    assert "nightly" in shown
    assert "No entries: unparsable 100" in shown


@pytest.mark.network
def test_pip_builds_and_installs_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    arguments = ["install", "--quiet", "--no-deps", "--target", str(site), str(PACKAGE)]
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, timeout=300)
    code = "from collector.kernel.discovery import load_applications as load; print(load(['nightly'])[0].name)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(site)))},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert found.stdout == "nightly\n"


@pytest.mark.parametrize("name", ["eventscope_nightly/nightly.py", "pyproject.toml"])
def test_the_guide_shows_the_package_as_it_is(name: str) -> None:
    assert (PACKAGE / name).read_text().strip() in GUIDE.read_text()
