"""A whole Eventscope with its page in a real browser: log lines on one side, what people see on the other."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.ports import own_port
from tests.recorded_hosts import recorded_hosts
from tests.world import World, wait_until

PASSWORD = "correct horse battery"
ORDERS = "orders_example.1x2"
NOTIFY = f"{ORDERS}.notify"


@contextmanager
def live_eventscope(folder: Path, migrated: Path) -> Iterator[LiveEventscope]:
    """All processes on the recorded hosts' answers, until the block ends."""
    with recorded_hosts() as hosts, running(World(folder, migrated=migrated, EVENTSCOPE_HOSTS=",".join(hosts))) as live:
        yield live


@contextmanager
def running(world: World, *, prepare: Callable[[World], None] = lambda _: None) -> Iterator[LiveEventscope]:
    """All processes of a World; `prepare` may change its environment when its Valkey runs."""
    port = own_port()
    try:
        world.env["PORT"] = str(port)
        world.start_valkey()
        prepare(world)
        world.start("rollup")
        world.start("collect")
        world.start_worker()
        world.start_web(port)
        yield LiveEventscope(world, port=port)
    finally:
        world.close()


class LiveEventscope:
    """A running World with a page, and log files that a test appends to."""

    def __init__(self, world: World, *, port: int) -> None:
        self.world = world
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._lines = 0

    def sign_in(self, page: Page) -> None:
        """By a fresh one-time link; the first one makes the administrator."""
        link = re.search(r"http://\S+", self.world.manage("sign_in_link").stdout)
        assert link
        page.goto(link[0])
        if page.locator("input[name=password1]").count():
            page.fill("input[name=password1]", PASSWORD)
            page.fill("input[name=password2]", PASSWORD)
            page.locator("main button[type=submit]").click()
        expect(page.locator("#stage")).to_be_visible()

    def append(
        self,
        event: str,
        *statuses: str,
        app: str = "orders-example 1.2",
        duration_ms: float = 12.5,
        called_by: tuple[str, str] | None = None,
    ) -> None:
        """Append lines to a log file of an event, all of one run; `called_by`: app key and event."""
        self._lines += 1
        key = ORDERS if app.startswith("orders") else "simple_example.0x30"
        names = zip(("app_key", "event_name"), called_by or (), strict=False)
        caller = "".join(f" | track.client_{name}={value}" for name, value in names)
        tail = f"track.operation_id=run-{self._lines}{caller} | event.app={key}"
        lines = []
        for status in statuses:
            stamp = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
            more = f"metrics.duration={duration_ms:.3f} | " if status == "DONE" else ""
            level = {"FAILED": "ERROR", "IGNORED": "WARNING"}.get(status, "INFO")
            lines.append(f"{stamp} | {level} | {app} {event} vm 28992 | {status} | {more}{tail}\n")
        with (self.world.logs / f"{event}.log").open("a", encoding="utf-8") as file:
            file.write("".join(lines))

    def append_until(self, condition: Callable[[], object], event: str, *statuses: str) -> None:
        """Append again and again: numbers are of the last minute, and a slow machine may look when that is over."""

        def is_true() -> object:
            self.append(event, *statuses)
            return condition()

        wait_until(is_true, step_s=1)


def stats(page: Page, node: str) -> dict[str, Any]:
    """A node's numbers as the page holds them."""
    found: dict[str, Any] = page.evaluate("id => globalThis.eventscope?.snapshot().nodes[id]?.stats ?? {}", node)
    return found


def wait_for_graph(page: Page, node: str = NOTIFY) -> None:
    """Until the node is drawn and the page says live."""
    wait_until(lambda: stats(page, node))
    expect(page.locator("#chip")).to_contain_text(re.compile("^live"))
