"""
Make .venv-hopeit: hopeit.engine from the package index in an environment of its own, for tests that need the real one.

`python -m tests.tools.hopeit_env`. Its packages are none of our dependencies and share nothing with our pins.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

VERSION = "0.30.1"
EXTRAS = "web,cli,config-manager,redis-streams,log-streamer,apps-visualizer,apps-client,fs-storage"
REQUIREMENT = f"hopeit.engine[{EXTRAS}]=={VERSION}"
FOLDER = Path(__file__).resolve().parent.parent.parent / ".venv-hopeit"
#: Says which requirement the folder holds; written last, so a half-made folder is made again.
STAMP = FOLDER / ".installed"


def is_installed() -> bool:
    """Whether the environment is there, whole and of this version."""
    return STAMP.is_file() and STAMP.read_text("utf-8") == REQUIREMENT


def install() -> None:
    """
    Make the environment, once.

    Raises:
        SystemExit: it cannot be made, with what to do about it.
    """
    if is_installed():
        return
    print(f"Installing {REQUIREMENT} into {FOLDER.name}, once …", flush=True)
    pip = [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True, timeout=120)
        subprocess.run([*pip, "--only-binary", ":all:", REQUIREMENT], check=True, timeout=600)
    except (subprocess.SubprocessError, OSError) as exc:
        sys.exit(
            f"{REQUIREMENT} could not be installed ({type(exc).__name__}). The tests against the real hopeit.engine "
            "need it and the package index; `make test-offline` leaves them out by name."
        )
    STAMP.write_text(REQUIREMENT, "utf-8")


def ask(tool: str, cases: Any) -> list[Any]:
    """
    What a program of tests/tools answers that runs in the environment: JSON to its stdin, JSON from its stdout.

    Raises:
        AssertionError: it fails, with what it says.
    """
    install()
    program = [str(FOLDER / "bin" / "python"), str(Path(__file__).parent / tool)]
    text = json.dumps(cases)
    done = subprocess.run(program, input=text, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


if __name__ == "__main__":
    install()
