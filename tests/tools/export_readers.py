"""
Make .venv-readers: what reads our exports in tests, from where people get it: graphviz' `dot`, Mermaid's own parser, a
reader of Structurizr workspaces, and a JSON schema validator.

`python -m tests.tools.export_readers`. They are none of our dependencies and share nothing with our pins: the reader of
workspaces wants another pydantic than anybody else, and Mermaid comes as the one file of a wheel that is made for
another Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

REQUIREMENTS = ("structurizr-python==0.6.0", "pydantic==1.10.26", "jsonschema==4.26.0")
MERMAID = "artoo-mermaid==11.16.0"
FOLDER = Path(__file__).resolve().parent.parent.parent / ".venv-readers"
PYTHON = FOLDER / "bin" / "python"
MERMAID_SCRIPT = FOLDER / "mermaid.min.js"
#: Says what the folder holds; written last, so a half-made folder is made again.
STAMP = FOLDER / ".installed"


def is_installed() -> bool:
    """Whether the environment is there, whole and of these versions."""
    return STAMP.is_file() and STAMP.read_text("utf-8") == " ".join([*REQUIREMENTS, MERMAID])


def install() -> None:
    """
    Make the environment, once.

    Raises:
        SystemExit: it cannot be made, with what to do about it.
    """
    try:
        if shutil.which("dot") is None:
            _install_graphviz()
        if not is_installed():
            _install_readers()
    except (subprocess.SubprocessError, OSError) as exc:
        sys.exit(
            f"the readers of exports could not be installed ({type(exc).__name__}). They come from apt (graphviz) and "
            "the package index; `make test-offline` leaves out the tests that need them by name."
        )


def _install_graphviz() -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*sudo, "apt-get", "update", "-q"], check=True)
    subprocess.run([*sudo, "apt-get", "install", "-q", "-y", "--no-install-recommends", "graphviz"], check=True)


def _install_readers() -> None:
    print(f"Installing {', '.join([*REQUIREMENTS, MERMAID])} into {FOLDER.name}, once …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True, timeout=120)
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    only_wheels = ["--only-binary", ":all:"]
    subprocess.run([*pip, "install", *only_wheels, *REQUIREMENTS], check=True, timeout=600)
    wheels = ["--no-deps", "--python-version", "3.12", "--dest", str(FOLDER)]
    subprocess.run([*pip, "download", *only_wheels, *wheels, MERMAID], check=True, timeout=600)
    with ZipFile(next(FOLDER.glob("artoo_mermaid-*.whl"))) as wheel:
        MERMAID_SCRIPT.write_bytes(wheel.read("artoo_mermaid/assets/mermaid.min.js"))
    STAMP.write_text(" ".join([*REQUIREMENTS, MERMAID]), "utf-8")


if __name__ == "__main__":
    install()
