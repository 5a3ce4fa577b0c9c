"""`manage.py inspect_logs` on real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from collector.applications.formats.hopeit import Hopeit
from collector.applications.formats.json_lines import JsonLines
from collector.interfaces.inspect_logs import inspect_logs
from collector.kernel.formats import Formats
from collector.models.inspection import Inspection
from tests.hopeit_line import hopeit_line
from tests.json_log_lines import encode, structlog
from tests.world import FIXTURES, ROOT

RECORDED = FIXTURES / "hopeit" / "logs"


def inspect(*patterns: Path | str) -> Inspection:
    return inspect_logs([str(pattern) for pattern in patterns], Formats([Hopeit()]))


def run(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("inspect_logs", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def command(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "EVENTSCOPE_DATA_DIR": str(folder / "data"), "REDIS_URL": "redis://127.0.0.1:1/0"}
    program = [sys.executable, str(ROOT / "manage.py"), "inspect_logs", *args]
    return subprocess.run(program, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


def totals(entries: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in entries:
        found[entry["status"]] += entry["count"]
    return found


def test_the_recorded_session_is_counted_exactly_by_a_real_process(tmp_path: Path) -> None:
    done = command(tmp_path, "--json", f"{RECORDED}/*.log")

    shown = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(shown) == {"files", "entries", "skipped", "lines_per_s"}
    assert totals(shown["entries"]) == {"START": 1832, "DONE": 1670, "FAILED": 102, "IGNORED": 60}
    assert shown["skipped"] == {"continuation": 512, "message": 3322, "stats": 484}
    assert len(shown["files"]) == 98
    assert sum(file["lines"] for file in shown["files"]) == 7982
    for file in shown["files"]:
        assert file["bytes"] == Path(file["path"]).stat().st_size


def test_every_recorded_file_that_has_lines_is_known_for_sure() -> None:
    files = inspect(RECORDED / "*.log").files

    assert sum(file.bytes == 0 for file in files) == 27
    assert all(file.format == "hopeit" and file.confidence == 1 for file in files if file.bytes)
    assert all(file.format is None for file in files if not file.bytes)


@pytest.mark.parametrize(
    ("name", "app", "event", "done"),
    [
        ("simple_example_0x30_login_vm_29066", "simple_example.0x30", "basic_auth.0x30.login", 29),
        ("simple_example_0x30_shufflexspawn_event_vm_29066", "simple_example.0x30", "shuffle.spawn_event", 15),
        ("simple_example_0x30_storagexsave_events_fs_vm_29066", "simple_example.0x30", "storage.save_events_fs", 70),
        ("redis_streams_0x30_setup_redis_pool_vm_28990", "redis_streams.0x30", "setup_redis_pool", 1),
        ("orders_example_1x2_ticker_vm_28992", "orders_example.1x2", "ticker", 291),
    ],
)
def test_requests_plugins_stages_setups_and_services_have_their_names(
    name: str, app: str, event: str, done: int
) -> None:
    entries = inspect(RECORDED / f"{name}.log").entries

    assert [e.count for e in entries if (e.app, e.event, e.status) == (app, event, "DONE")] == [done]


def test_the_table_shows_files_events_and_reasons() -> None:
    out, _ = run(f"{RECORDED}/simple_example_0x30_login_vm_*.log", f"{RECORDED}/hopeit*_29012.log")

    rows = [line.split() for line in out.splitlines()]
    assert ["App", "Event", "START", "DONE", "FAILED", "IGNORED"] in rows
    assert ["simple_example.0x30", "basic_auth.0x30.login", "40", "40", "·", "·"] in rows
    assert "No entries: message " in out
    assert " in 3 files, " in out


def test_more_files_than_fit_are_counted_in_the_table() -> None:
    assert "… and 78 more" in run(f"{RECORDED}/*.log")[0]


def test_no_match_ends_with_1_and_says_which_folder_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--json", str(tmp_path / "none" / "*.log"))

    assert ended.value.code == 1
    assert inspect(tmp_path / "none" / "*.log").problems == [
        f"{tmp_path}/none/*.log matches nothing: there is no folder {tmp_path}/none"
    ]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "real.log").write_bytes(hopeit_line())
    (tmp_path / "link.log").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe.log")

    inspection = inspect(tmp_path / "*.log", tmp_path)

    assert [file.path for file in inspection.files] == [str(tmp_path / "real.log")]
    assert (
        f"{tmp_path}/link.log is not read: symbolic link that leads out of the log folders, see EVENTSCOPE_LOG_ROOTS"
        in inspection.problems
    )
    assert f"{tmp_path}/pipe.log is not read: no regular file" in inspection.problems
    assert any(problem.startswith(f"{tmp_path} is a folder") for problem in inspection.problems)


def test_an_unknown_format_is_said_with_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text('{"event": "start"}\n' * 3)

    inspection = inspect(tmp_path / "app.log")

    assert (inspection.files[0].format, inspection.files[0].lines) == (None, 3)
    assert inspection.skipped == {"unparsable": 3}
    assert inspection.files[0].first_lines == ('{"event": "start"}',) * 3
    assert "app.log has no known format: line 1: no time stamp at its start" in inspection.problems[0]
    assert inspection.problems[0].endswith("; the nearest is hopeit")
    assert inspection.problems[1] == "3 lines were read, and none is START, DONE, FAILED or IGNORED"


def test_oversize_lines_and_a_last_line_without_newline_are_accounted_for(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(hopeit_line() + b"x" * 3_000_000 + b"\n" + hopeit_line() + hopeit_line(end=""))

    inspection = inspect(path)

    assert inspection.files[0].bytes == path.stat().st_size
    assert inspection.files[0].lines == 4
    assert inspection.skipped == {"oversize": 1}
    assert [entry.count for entry in inspection.entries] == [3]


def test_a_line_may_be_as_long_as_its_format_allows(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_bytes(encode(structlog(note="x" * 200_000), structlog(note="x" * 300_000), structlog()))

    inspection = inspect_logs([str(path)], Formats([Hopeit(), JsonLines()]))

    assert inspection.files[0].format == "json_lines"
    assert inspection.skipped == {"message": 2, "oversize": 1}


def test_a_file_larger_than_a_chunk_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(hopeit_line() * 20_000)

    inspection = inspect(path)

    assert path.stat().st_size > 2 * 1024 * 1024
    assert [(entry.status, entry.count) for entry in inspection.entries] == [("START", 20_000)]
    assert inspection.files[0].bytes == path.stat().st_size


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "app[1].log").write_bytes(hopeit_line())

    assert len(inspect(tmp_path / "app[1].log").files) == 1


def test_the_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("inspect_logs", "--help")

    assert "  manage.py inspect_logs '/var/log/apps/*.log'\n" in capsys.readouterr().out
