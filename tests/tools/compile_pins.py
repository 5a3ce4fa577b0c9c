"""`make pins`: requirements*.txt from pyproject.toml, universal, hashed, without host names."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: File → what it holds beyond the core dependencies.
PINS = {"requirements.txt": [], "requirements-dev.txt": ["--all-extras", "--group", "dev"]}
FLAGS = [
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]


def compile_pins(name: str, *, check: bool) -> str:
    """
    The text a pin file should have.

    Args:
        check: keep the versions that stand in the file now, so that a newer release is no difference.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / name
        if check:
            shutil.copy(ROOT / name, out)
        command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", *FLAGS, *PINS[name], "pyproject.toml"]
        subprocess.run([*command, "-o", str(out)], cwd=ROOT, check=True)
        return out.read_text()


if __name__ == "__main__":
    for pin_file in PINS:
        (ROOT / pin_file).write_text(compile_pins(pin_file, check=False))
