"""`manage.py collect` has neither Django nor Celery nor an HTTP client in memory, and fails as every command does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.world import ROOT

LOADED = """
import sys, runpy
sys.argv = ["manage.py", "collect", "--once"]
try:
    runpy.run_path({manage!r}, run_name="__main__")
finally:
    loaded = {{name.partition(".")[0] for name in sys.modules}}
    print("loaded:", *sorted(loaded & {{"django", "httpx2", "celery", "kombu"}}))
"""


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("EVENTSCOPE_", "REDIS_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(ROOT), "EVENTSCOPE_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_neither_django_nor_celery_nor_an_http_client_is_loaded(tmp_path: Path) -> None:
    done = run(tmp_path, "-c", LOADED.format(manage=str(ROOT / "manage.py")))
    assert done.stdout.split() == ["loaded:"]


def test_what_is_wrong_is_said_as_by_every_command(tmp_path: Path) -> None:
    done = run(tmp_path, str(ROOT / "manage.py"), "collect", "--once")
    assert (done.returncode, done.stderr.split("\n")[-2]) == (
        1,
        "CommandError: no Redis: set REDIS_URL, or start `manage.py up`, which brings its own",
    )


def test_help_and_wrong_options_are_djangos(tmp_path: Path) -> None:
    assert (
        "ship what is there now, say exactly what, then end"
        in run(tmp_path, str(ROOT / "manage.py"), "collect", "--help").stdout
    )
    wrong = run(tmp_path, str(ROOT / "manage.py"), "collect", "--twice")
    assert (wrong.returncode, "unrecognized arguments: --twice" in wrong.stderr) == (2, True)
