"""Log files on one side, a real browser on the other, every process of ours between them."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.live_page import NOTIFY, ORDERS, LiveEventscope, live_eventscope, stats, wait_for_graph
from tests.browser.still_page import click_node, node_on_page
from tests.sql_copy import read_sql
from tests.world import wait_until

#: What runs once, in one test only: numbers are of the last minute, in which other tests ran, too.
TICKER, QUERY = f"{ORDERS}.ticker", "simple_example.0x30.query_something"
COUNTED = (
    "SELECT 1 FROM visualizer_total t JOIN visualizer_activity a ON a.id = t.activity_id WHERE a.event = ? AND done > 0"
)


@pytest.fixture(scope="module")
def eventscope(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[LiveEventscope]:
    """One for all tests here: each counts from what it finds."""
    with live_eventscope(tmp_path_factory.mktemp("live") / "world", migrated) as running:
        # The first line: before it the page says that it waits for one.
        running.append("place_order", "START", "DONE")
        yield running


@pytest.fixture(scope="module")
def cookies(eventscope: LiveEventscope, browser: Browser) -> list[object]:
    """The session of the administrator, who signs in once."""
    context = browser.new_context()
    eventscope.sign_in(context.new_page())
    found: list[object] = list(context.cookies())
    context.close()
    return found


@pytest.fixture
def live(eventscope: LiveEventscope, cookies: list[object], page: Page) -> Iterator[Page]:
    """The graph page, signed in, live. It must have complained of nothing in the end."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(eventscope.url)
    wait_for_graph(page)
    yield page
    # A browser reports a refused connection as an error of the page: while a server is away it may.
    # Tests stop the server, and htmx may just be asking it; what is not answered for 2 s the panel itself takes back.
    lost = re.compile(r"WebSocket connection|ERR_|htmx:(afterRequest|sendError|sendAbort|timeout)")
    assert [text for text in complaints if not lost.search(text)] == []


def test_a_line_appended_is_a_visible_change(eventscope: LiveEventscope, live: Page) -> None:
    live.goto(f"{eventscope.url}/?app={ORDERS}")  # near enough for the rate to be written
    wait_for_graph(live)
    before, done, began_s = _pixels(live, NOTIFY), stats(live, NOTIFY)["done"], int(time.time())
    appended = 0

    def pulses() -> str:
        # Again and again: a pulse is over before a busy machine has looked twice.
        nonlocal appended
        appended += 1
        eventscope.append("notify", "START", "DONE")
        return _pixels(live, NOTIFY, canvas="pulses").strip("0,")

    wait_until(pulses, step_s=0.1)
    wait_until(lambda: stats(live, NOTIFY)["last"] >= began_s)
    assert 1 <= stats(live, NOTIFY)["done"] <= done + appended
    wait_until(lambda: _pixels(live, NOTIFY) != before)


def test_failures_turn_a_node_into_a_failing_one(eventscope: LiveEventscope, live: Page) -> None:
    failing = live.get_by_role("treeitem", name="audit").get_by_role("img", name="failing")

    def is_failing() -> bool:
        return stats(live, f"{ORDERS}.audit")["state"] == "fail" and failing.is_visible()

    eventscope.append_until(is_failing, "audit", *("START", "FAILED") * 4)


def test_axe_finds_nothing_serious_on_any_page(eventscope: LiveEventscope, live: Page) -> None:
    found: dict[str, list[str]] = {}
    for theme in ("light", "dark"):
        live.emulate_media(color_scheme=theme)
        for path in ("apps", "hosts", "sources", "worker", "changes", "lint", f"?node={ORDERS}.fulfil"):
            live.goto(f"{eventscope.url}/{path}")
            if "node" in path:
                live.locator("#declared-head").click()
                expect(live.locator("#declared-facts dt").first).to_be_visible()
            found[f"{path} {theme}"] = findings(live)
    live.context.clear_cookies()
    live.goto(f"{eventscope.url}/sign-in")
    found["sign-in"] = findings(live)
    assert found == {name: [] for name in found}


def test_a_click_opens_the_numbers_of_the_node(eventscope: LiveEventscope, live: Page) -> None:
    eventscope.append("fulfil", "START", "DONE")
    wait_until(lambda: stats(live, f"{ORDERS}.fulfil")["last"])
    click_node(live, f"{ORDERS}.fulfil")
    panel = live.locator("#panel")
    expect(panel.locator("h2")).to_have_text("fulfil")
    started = panel.locator(".kpi div").filter(has_text="Started").locator("dd")
    # The panel follows the graph, from which older runs go after a minute.
    eventscope.append_until(lambda: int(started.inner_text()) >= 3, "fulfil", "START", "DONE")
    wait_until(lambda: started.inner_text() == str(stats(live, f"{ORDERS}.fulfil")["started"]))


def test_filters_view_and_selection_survive_a_reload(live: Page) -> None:
    live.get_by_role("radio", name="Queues").click()
    wait_until(lambda: live.evaluate("eventscope.snapshot().view") == "expanded")
    live.locator("#app-filter").select_option(ORDERS)
    live.locator("#tree").get_by_role("treeitem", name="notify").click()
    wait_until(lambda: "node=" in live.evaluate("location.href"))
    before = live.evaluate("location.href")
    live.reload()
    wait_for_graph(live)
    assert live.evaluate("location.href") == before
    expect(live.locator("#app-filter")).to_have_value(ORDERS)
    expect(live.locator("#panel h2")).to_have_text("notify")
    expect(live.locator("#tree").get_by_role("treeitem", name="count_and_save")).to_have_count(0)
    assert live.evaluate("eventscope.snapshot().view") == "expanded"


def test_an_undeclared_call_is_on_the_list_in_time_and_is_accepted_there(
    eventscope: LiveEventscope, live: Page
) -> None:
    live.goto(f"{eventscope.url}/?show=drift")
    expect(live.locator("#panel-content")).to_contain_text("Nothing differs.")
    eventscope.append("audit", "START", "DONE", called_by=("nightly.2x0", "export"))
    row = live.locator("article.drift-row")
    expect(row).to_contain_text("Undeclared")
    expect(live.locator("#drift-count")).to_have_text("1")
    expect(row).to_contain_text("track.client_app_key=nightly.2x0")
    row.locator("summary").click()
    assert findings(live) == []
    row.locator("input[name=note]").fill("it counts for the books")
    row.get_by_role("button", name="Accept").click()
    expect(live.locator("#drift-count")).to_have_text("")
    live.locator(".drift-more summary").first.click()
    expect(live.locator(".drift-more").first).to_contain_text("it counts for the books · admin")
    live.locator(".drift-more").first.get_by_role("button", name="Undo").click()
    expect(live.locator("#drift-count")).to_have_text("1")


def test_a_frozen_server_is_said_and_the_counts_are_right_after(eventscope: LiveEventscope, live: Page) -> None:
    eventscope.world.processes["web"].send_signal(signal.SIGSTOP)
    try:
        expect(live.locator("#chip")).to_contain_text("Reconnecting")
        appended_s = int(time.time())
        eventscope.append("ticker", "START", "DONE")
        wait_until(lambda: read_sql(eventscope.world.sqlite, COUNTED, "ticker"))
        assert stats(live, TICKER).get("done", 0) == 0
    finally:
        eventscope.world.processes["web"].send_signal(signal.SIGCONT)
    wait_until(lambda: stats(live, TICKER).get("last", 0) >= appended_s)
    # Only once, and no more where all this took longer than the minute it is counted in.
    assert stats(live, TICKER)["done"] <= 1
    expect(live.locator("#chip")).to_contain_text(re.compile("^live"))


def test_a_killed_server_is_said_and_the_counts_are_right_after(eventscope: LiveEventscope, live: Page) -> None:
    eventscope.world.kill("web")
    expect(live.locator("#chip")).to_contain_text("Reconnecting")
    expect(live.locator("body")).to_have_class(re.compile("lost"))
    appended_s = int(time.time())
    eventscope.append("query_something", "START", "DONE", app="simple-example 0.30")
    eventscope.world.start_web(eventscope.port)
    wait_until(lambda: stats(live, QUERY).get("last", 0) >= appended_s)
    assert stats(live, QUERY)["done"] <= 1
    expect(live.locator("#chip")).to_contain_text(re.compile("^live"))


def test_a_dead_collector_is_not_shown_as_live(eventscope: LiveEventscope, live: Page) -> None:
    eventscope.world.processes["collect"].send_signal(signal.SIGSTOP)
    try:
        expect(live.locator("#chip")).to_contain_text("has not reported")
        expect(live.locator("body")).to_have_class(re.compile("lost"))
    finally:
        eventscope.world.processes["collect"].send_signal(signal.SIGCONT)
    expect(live.locator("#chip")).to_contain_text(re.compile("^live"))


def test_a_session_that_ends_leads_to_the_sign_in_page(eventscope: LiveEventscope, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    eventscope.sign_in(page)
    wait_for_graph(page)
    context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def _pixels(page: Page, node: str, *, canvas: str = "graph") -> str:
    """The picture of a node and a little around it, as text."""
    left, top, width, height = node_on_page(page, node)
    stage = page.locator("#stage").bounding_box()
    assert stage
    pixels: str = page.evaluate(
        """([canvas, x, y, w, h]) => {
          const { data } = document.getElementById(canvas).getContext("2d").getImageData(x, y, w, h);
          return data.join();
        }""",
        [canvas, left - stage["x"] - 8, top - stage["y"] - 8, width + 16, height + 16],
    )
    return pixels
