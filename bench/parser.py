"""
Lines a second: `inspect_logs` against hopeit.engine's own log reader, in turns in one run, on the recorded lines.

hopeit's side is what its log_streamer does with a file: readline, the filter for executions, and the parser behind
it; it makes an entry of each. Ours reads the same files, counts every line, and keeps failures with their causes.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from collector.applications.formats.hopeit import Hopeit
from collector.interfaces.inspect_logs import inspect_logs
from collector.kernel.formats import Formats

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ROOT / "tests" / "fixtures" / "hopeit" / "logs"
HOPEIT_PYTHON = ROOT / ".venv-hopeit" / "bin" / "python"
LINES = 300_000
ROUNDS = 3


def main() -> None:
    """Print a table: input, both speeds, their ratio."""
    if not HOPEIT_PYTHON.exists():
        raise SystemExit("hopeit.engine is not installed yet: python -m tests.tools.hopeit_env")
    print(f"{'input':<22}{'lines':>9}{'hopeit /s':>12}{'ours /s':>12}{'ratio':>8}   median of {ROUNDS}, in turns")
    with tempfile.TemporaryDirectory() as folder:
        for title, keep in (("all recorded lines", _any), ("START and DONE only", _is_start_or_done)):
            logs = Path(folder) / title.replace(" ", "-")
            lines = _write_logs(logs, keep)
            rounds = [(_hopeit_lines_per_s(logs, lines), _our_lines_per_s(logs, lines)) for _ in range(ROUNDS)]
            theirs, ours = (median(speeds) for speeds in zip(*rounds, strict=True))
            print(f"{title:<22}{lines:>9,}{theirs:>12,.0f}{ours:>12,.0f}{ours / theirs:>8.1f}", flush=True)


def _write_logs(folder: Path, keep: Callable[[bytes], bool]) -> int:
    """Each recorded file with the kept lines, as often as it takes to have LINES in all."""
    folder.mkdir()
    files = {path.name: [line for line in path.open("rb") if keep(line)] for path in sorted(RECORDED.glob("*.log"))}
    kept = sum(map(len, files.values()))
    times = -(-LINES // kept)
    for name, lines in files.items():
        (folder / name).write_bytes(b"".join(lines) * times)
    return kept * times


def _any(_line: bytes) -> bool:
    return True


def _is_start_or_done(line: bytes) -> bool:
    return b" | START | " in line or b" | DONE | " in line


def _our_lines_per_s(logs: Path, lines: int) -> float:
    inspection = inspect_logs([f"{logs}/*.log"], Formats([Hopeit()]))
    assert sum(file.lines for file in inspection.files) == lines
    return inspection.lines_per_s


def _hopeit_lines_per_s(logs: Path, lines: int) -> float:
    done = subprocess.run(
        [str(HOPEIT_PYTHON), str(ROOT / "bench" / "hopeit_reader.py"), str(logs)],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    measured = json.loads(done.stdout)
    assert measured["lines"] == lines
    return lines / float(measured["elapsed_s"])


if __name__ == "__main__":
    main()
