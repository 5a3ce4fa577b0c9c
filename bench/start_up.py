"""
From `make up` to the first moving graph of the demo fleet, seconds: on a fresh clone (its own .venv, wheels from
the package index) and again when everything is installed. Moving: a node on the page has just done something.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.page import sign_in
from bench.running import ROOT, Running
from collector.lib.valkey_server import free_port
from tests.tools.ensure_browser import CHROMIUM_ARGS, chromium_path

MOVING = "Object.values(eventscope.snapshot().nodes).some(node => node.stats.rate > 0)"
ROUNDS = ("fresh clone", "installed", "installed, again")


def main() -> None:
    """Print the times of each round, and how long Ctrl-C took."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        clone = Path(folder) / "eventscope"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        for what in ROUNDS:
            print(f"{what:<18}{one_round(clone, browser.new_page())}", flush=True)


def one_round(clone: Path, page: Page) -> str:
    """One `make up`, watched from outside."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("EVENTSCOPE_", "REDIS_", "DATABASE_", "MAKE"))}
    env = {**clean, "PORT": str(free_port())}
    started_s = time.monotonic()
    process = subprocess.Popen(
        ["make", "up"], cwd=clone, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    link = next(match[1] for line in process.stdout if (match := re.search(r"Sign in: (http://\S+)", line)))
    said_s = time.monotonic() - started_s
    sign_in(page, Running(process, link, started_s, clone / ".eventscope"))
    page.wait_for_function(MOVING, timeout=60_000, polling=50)
    moving_s = time.monotonic() - started_s
    stopped_s = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=30)
    return f"sign-in line {said_s:5.1f} s   moving {moving_s:5.1f} s   Ctrl-C {time.monotonic() - stopped_s:4.1f} s"
