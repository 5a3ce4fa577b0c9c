"""A cancellation that gets lost, as asyncio.wait_for of Python 3.11 does at times, does not keep a loop alive."""

from __future__ import annotations

import asyncio

import pytest

from collector.kernel.bus import Bus
from collector.kernel.status import Status
from collector.kernel.supervisor import Supervisor


async def test_a_loop_that_loses_a_cancellation_is_ended_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    lost: list[str] = []

    async def loop() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append("one")

    supervisor = Supervisor(bus=Bus(), status=Status(collector_id="c:1", host_id="c", started_s=0))
    supervisor.start("app", loop)
    await asyncio.sleep(0)
    (task,) = (task for task in asyncio.all_tasks() if task.get_name() == "app.loop")
    await supervisor.end("app")
    assert lost == ["one"]
    assert task.cancelled()
    assert "does not end" not in caplog.text
