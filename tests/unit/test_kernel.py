"""The kernel: order of boot, failures half-way, bounded shutdown, supervised loops."""

from __future__ import annotations

import asyncio
import time
from typing import Any, ClassVar

import pytest
import svcs

from collector.kernel import kernel as kernel_module
from collector.kernel import supervisor as supervisor_module
from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.events import LoopFailed
from collector.kernel.kernel import Kernel, in_order
from collector.kernel.status import SourceStatus, Status
from collector.models.errors import ApplicationError
from collector.models.options import Options


class Told(Application):
    """Writes down what happens to it."""

    log: ClassVar[list[str]] = []

    async def on_bind(self, event: Bind) -> None:
        self.log.append(f"bind {self.name}")

    async def on_bound(self, event: Bound) -> None:
        self.log.append(f"bound {self.name}")

    async def on_ready(self, event: Ready) -> None:
        self.log.append(f"ready {self.name}")

    async def on_shutdown(self, event: Shutdown) -> None:
        self.log.append(f"shutdown {self.name}")


def told(name_: str, *needs_: str, **methods: Any) -> Told:
    """An application of this name."""
    made = type(name_, (Told,), {"name": name_, "needs": needs_, **methods})()
    assert isinstance(made, Told)
    return made


@pytest.fixture(autouse=True)
def log() -> list[str]:
    Told.log.clear()
    return Told.log


def kernel_of(*applications: Application) -> Kernel:
    status = Status(collector_id="h:1", host_id="h", started_s=0)
    return Kernel(applications, options=Options(), status=status)


async def test_needed_applications_come_first_and_go_last(log: list[str]) -> None:
    kernel = kernel_of(told("source", "sink"), told("sink"))
    await kernel.boot()
    await kernel.shutdown()
    assert log == [
        *("bind sink", "bind source", "bound sink", "bound source", "ready sink", "ready source"),
        *("shutdown source", "shutdown sink"),
    ]


def test_a_missing_need_names_both() -> None:
    with pytest.raises(ApplicationError, match="source needs sink, which is not switched on"):
        in_order([told("source", "sink")])


def test_a_circle_names_all_of_it() -> None:
    with pytest.raises(ApplicationError, match=r"in a circle: .*a.*b"):
        in_order([told("a", "b"), told("b", "a")])


def test_one_application_twice_is_refused() -> None:
    with pytest.raises(ApplicationError, match="twice: a"):
        in_order([told("a"), told("a")])


@pytest.mark.parametrize("step", ["on_bind", "on_bound", "on_ready"])
async def test_a_boot_that_fails_half_way_shuts_down_what_was_up(log: list[str], step: str) -> None:
    async def fail(self: Application, event: object) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await kernel_of(told("first"), told("broken", "first", **{step: fail})).boot()
    assert [each for each in log if each.startswith("shutdown")] == ["shutdown broken", "shutdown first"]


async def test_neither_an_error_nor_a_delay_keeps_shutdown_from_the_next(
    log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(self: Application, event: Shutdown) -> None:
        raise ValueError("broken")

    async def hang(self: Application, event: Shutdown) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(kernel_module, "SHUTDOWN_TIMEOUT_S", 0.05)
    kernel = kernel_of(told("last"), told("fails", "last", on_shutdown=fail), told("hangs", "fails", on_shutdown=hang))
    await kernel.boot()
    await asyncio.wait_for(kernel.shutdown(), 2)
    assert log[-1] == "shutdown last"


async def test_services_described_in_bind_resolve_in_bound_and_are_closed() -> None:
    closed: list[str] = []
    found: list[list[str]] = []

    async def describe(self: Application, event: Bind) -> None:
        event.registry.register_value(list, ["service"], on_registry_close=lambda: closed.append("closed"))

    async def take(self: Application, event: Bound) -> None:
        found.append(await event.services.aget(list))

    kernel = kernel_of(told("gives", on_bind=describe), told("takes", on_bound=take))
    await kernel.boot()
    await kernel.shutdown()
    assert found == [["service"]]
    assert closed == ["closed"]


async def test_a_loop_that_fails_is_told_and_begins_again_and_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor_module, "FIRST_PAUSE_S", 0.001)
    runs, others, failures = [], asyncio.Event(), []

    async def fragile() -> None:
        runs.append(1)
        if len(runs) < 3:
            raise ValueError("no luck")

    async def steady() -> None:
        while len(runs) < 3:
            await asyncio.sleep(0.001)
        others.set()

    async def start(self: Application, event: Ready) -> None:
        event.start(fragile)
        event.start(steady)

    async def failed(event: LoopFailed) -> None:
        failures.append((event.application, event.loop, event.error))

    kernel = kernel_of(told("app", on_ready=start))
    kernel.bus.listen(LoopFailed, failed)
    await kernel.boot()
    await asyncio.wait_for(others.wait(), 5)
    assert failures == [("app", "fragile", "ValueError: no luck")] * 2
    assert kernel.status.problems == []
    await kernel.shutdown()


async def test_a_loop_that_fails_while_it_is_ended_does_not_begin_again() -> None:
    runs = []

    async def clumsy() -> None:
        runs.append(1)
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("on the way out")

    async def start(self: Application, event: Ready) -> None:
        event.start(clumsy)

    kernel = kernel_of(told("app", on_ready=start))
    await kernel.boot()
    await asyncio.sleep(0.01)
    began = time.monotonic()
    await kernel.shutdown()
    assert runs == [1]
    assert time.monotonic() - began < kernel_module.TOTAL_SHUTDOWN_TIMEOUT_S


def test_problems_are_shown_once_and_at_most_twenty() -> None:
    status = Status(collector_id="h:1", host_id="h", started_s=0)
    assert status.set_problem("a", "same text")
    assert not status.set_problem("a", "same text")
    for number in range(30):
        status.set_problem(str(number), f"problem {number:02}")
    assert len(status.problems) == 20
    assert status.problems[-1] == "… and 12 more"
    assert status.clear_problem("a")
    assert not status.clear_problem("a")


def test_a_beat_of_a_collector_is_caught_up_as_far_as_its_slowest_source() -> None:
    status = Status(collector_id="h:1", host_id="h", started_s=1)
    assert status.beat(at_s=9).caught_up_s == 9
    status.add_source("a", lambda: SourceStatus(caught_up_s=5, files=2, backlog_bytes=10, patterns={"/a/*": 2}))
    status.add_source("b", lambda: SourceStatus(caught_up_s=3, files=1))
    beat = status.beat(at_s=9)
    assert (beat.caught_up_s, beat.files, beat.backlog_bytes, beat.patterns) == (3, 3, 10, {"/a/*": 2})


def test_the_registry_that_is_handed_in_is_the_one_that_is_used() -> None:
    registry = svcs.Registry()
    status = Status(collector_id="h:1", host_id="h", started_s=0)
    assert Kernel([], options=Options(), status=status, registry=registry).registry is registry
