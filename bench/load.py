"""
How long the graph page takes to its first picture over a slow line: round trips of 0, 50 and 150 ms at 10 Mbit/s, with
an empty cache and with a full one, from a whole Eventscope with its demo fleet. Chromium holds each answer back for a
round trip; it does not slow the opening of a connection. Then what Chromium works for a page, on a fast line.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.page import sign_in
from bench.process_tree import command_of, cpu_s, descendants
from bench.running import Running, running
from tests.tools.ensure_browser import CHROMIUM_ARGS, chromium_path

ROUND_TRIPS_MS = (0, 50, 150)
BYTES_PER_S = 10_000_000 // 8
RUNS = 5
#: When the socket was made, and when the first picture was drawn, milliseconds since the page was asked for.
WATCH = """
globalThis.WebSocket = class extends WebSocket {
  constructor(url) { super(url); globalThis.socketAt ??= performance.now(); }
};
const look = () => {
  if (globalThis.eventscope?.shown().length) requestAnimationFrame(() => { globalThis.drawnAt ??= performance.now(); });
  else requestAnimationFrame(look);
};
look();
"""
SHOWN = """async () => {
  while (!eventscope.shown().length) await new Promise((done) => setTimeout(done, 100));
}"""
#: Once every part of the page has begun.
TOLD = """async () => {
  while (!globalThis.drawnAt || !eventscope.isWhole()) await new Promise((done) => setTimeout(done, 100));
  return {
  socket_ms: socketAt, drawn_ms: drawnAt,
  files: performance.getEntriesByType("resource").filter(({ name }) => name.includes("/static/")).length,
  bytes: performance.getEntriesByType("resource").reduce((sum, { transferSize }) => sum + transferSize, 0),
  };
}"""


@dataclass(frozen=True, slots=True)
class Load:
    """One time that the page was opened."""

    #: From the page's address to the socket's, milliseconds.
    socket_ms: float
    #: From there to the first picture, milliseconds.
    drawn_ms: float
    #: Files of ours until every part had begun.
    files: int
    #: What went over the line for them.
    bytes: int
    #: What all processes of Chromium worked for it, seconds.
    cpu_s: float


def main() -> None:
    """Print a table: line, cache, times."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data") as eventscope,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        signed_in = _signed_in(browser, eventscope)
        print(f"{'round trip':<12}{'cache':<8}{'socket ms':>10}{'drawn ms':>10}{'files':>7}{'kB':>7}{'CPU s':>7}")
        for round_trip_ms in ROUND_TRIPS_MS:
            runs = [_cold_and_warm(browser, eventscope, signed_in, round_trip_ms) for _ in range(RUNS)]
            for cache, loads in zip(("empty", "full"), zip(*runs, strict=True), strict=True):
                print(f"{f'{round_trip_ms} ms':<12}{cache:<8}{_row(loads)}", flush=True)
        browser.close()


def _row(loads: tuple[Load, ...]) -> str:
    def middle(figure: Callable[[Load], float]) -> float:
        return median(map(figure, loads))

    return (
        f"{middle(lambda load: load.socket_ms):>10.0f}{middle(lambda load: load.drawn_ms):>10.0f}"
        f"{middle(lambda load: load.files):>7.0f}{middle(lambda load: load.bytes) / 1000:>7.0f}"
        f"{middle(lambda load: load.cpu_s):>7.2f}"
    )


def _signed_in(browser: Browser, eventscope: Running) -> Any:
    """Cookies of a session, once the graph has nodes."""
    with _context_page(browser) as page:
        sign_in(page, eventscope)
        page.evaluate(SHOWN)
        return page.context.storage_state()


def _cold_and_warm(browser: Browser, eventscope: Running, signed_in: Any, round_trip_ms: int) -> tuple[Load, Load]:
    with _context_page(browser, storage_state=signed_in) as page:
        page.add_init_script(WATCH)
        line = {"offline": False, "latency": round_trip_ms, "downloadThroughput": BYTES_PER_S, "uploadThroughput": -1}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", line)
        return _load(page, eventscope), _load(page, eventscope)


def _load(page: Page, eventscope: Running) -> Load:
    before_s = _chromium_cpu_s()
    page.goto(f"{eventscope.base_url}/")
    told = page.evaluate(TOLD)
    return Load(**told, cpu_s=_chromium_cpu_s() - before_s)


def _chromium_cpu_s() -> float:
    return sum(cpu_s(pid) for pid in descendants(os.getpid()) if "chrom" in command_of(pid))


@contextmanager
def _context_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page with a cache and cookies of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main()
