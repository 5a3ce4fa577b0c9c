"""The demo's log files are hopeit's, line for line, and do not grow without end."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from collector.core.hopeit_lines import HopeitLines
from collector.models.activity import Status
from collector.models.batch import LogBatch
from visualizer.interfaces.demo.demo_app import BadRequest, DemoApp, DemoEvent, Payload, Run
from visualizer.interfaces.demo.engine import Engine
from visualizer.interfaces.demo.fleet_file import (
    FleetRuns,
    demo_dir,
    forget_demo,
    locked,
    prepare_logs,
    write_fleet_file,
)
from visualizer.interfaces.demo.hopeit_log import HopeitLog
from visualizer.interfaces.demo.tiny_http import Request


def parsed(path: Path) -> LogBatch:
    return HopeitLines().parse(path.read_bytes(), offset=0, received_s=0).batch


def answer_of(handler: Any, folder: Path) -> tuple[int, Any]:
    """One request to an app whose only event does this; its log lands in the folder."""
    app = DemoApp(name="little-app", version="1.0", events=(DemoEvent(name="try_it", type="GET", handler=handler),))
    log = HopeitLog(folder, host_name="my-host", pid=7)
    streams: Any = None
    engine = Engine(app, log=log, streams=streams, urls={}, host_name="my-host", pid=7)
    answer = asyncio.run(engine.respond(Request("GET", "/api/little-app/1x0/try-it", {}, {}, b"")))
    log.close()
    return answer


async def fine(run: Run, _payload: Payload) -> Payload:
    run.log("a note", note="a=b | c=d\nnext line")
    return {"ok": True}


async def bad_request(_run: Run, _payload: Payload) -> Payload:
    raise BadRequest("amount: expected more")


async def broken(_run: Run, _payload: Payload) -> Payload:
    raise RuntimeError("no stock | row=3\nsecond line")


@pytest.mark.parametrize(
    ("handler", "status", "end"),
    [(fine, 200, Status.DONE), (bad_request, 400, Status.IGNORED), (broken, 500, Status.FAILED)],
)
def test_every_run_has_a_start_and_an_end(handler: Any, status: int, end: Status, tmp_path: Path) -> None:
    assert answer_of(handler, tmp_path)[0] == status
    batch = parsed(tmp_path / "little_app_1x0_try_it_my_host_7.log")
    assert [(batch.keys[count.key].event, count.status, count.count) for count in batch.counts] == [
        ("try_it", Status.START, 1),
        ("try_it", end, 1),
    ]
    assert (batch.keys[0].app, batch.keys[0].kind) == ("little_app.1x0", "request")
    assert set(batch.skipped) <= {"message", "continuation"}


def test_a_failure_carries_its_cause_and_traceback(tmp_path: Path) -> None:
    answer_of(broken, tmp_path)
    (failure,) = parsed(tmp_path / "little_app_1x0_try_it_my_host_7.log").failures
    assert "no stock | row=3" in failure.cause
    assert "in broken" in failure.traceback


def test_a_file_is_renamed_when_it_is_full_and_one_older_is_kept(tmp_path: Path) -> None:
    log = HopeitLog(tmp_path, host_name="h", pid=1, rotate_at_bytes=1000)
    for number in range(100):
        log.write("INFO", app="a 1.0", event="e", message=f"line {number}", extras=[])
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_1x0_e_h_1.log", "a_1x0_e_h_1.log.1"]
    assert all(path.stat().st_size < 1100 for path in tmp_path.iterdir())
    assert "line 99" in (tmp_path / "a_1x0_e_h_1.log").read_text()


def test_logs_of_the_last_run_stay_and_older_ones_go(tmp_path: Path) -> None:
    logs = prepare_logs(tmp_path)
    (logs / "old.log").write_text("x")
    os.utime(logs / "old.log", (1, 1))
    (logs / "last.log").write_text("x")
    prepare_logs(tmp_path)
    assert [path.name for path in logs.iterdir()] == ["last.log"]


def test_the_demo_is_forgotten_unless_it_runs(tmp_path: Path) -> None:
    folder = demo_dir(tmp_path)
    assert forget_demo(tmp_path)
    with locked(folder):
        write_fleet_file(folder, hosts=["http://h"])
        assert not forget_demo(tmp_path)
        with pytest.raises(FleetRuns), locked(folder):
            pass
    assert forget_demo(tmp_path)
    assert not folder.exists()
