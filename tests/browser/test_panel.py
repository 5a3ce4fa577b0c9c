"""The side panel in a browser: charts, lines, copying, width. What it shows is a recorded fragment."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from tests.browser.pictures import ORDERS, PACK, PLACE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.world import wait_until
from visualizer.core.chart_data import histogram

END_S = int(time.time()) // 10 * 10


#: The same a day before, in minutes, of which the first is not kept.
EARLIER = {
    "from_s": END_S - 900,
    "step_s": 60,
    "rate": [None, *[4.0] * 14],
    "failed": [None, *[1.0] * 14],
    "p95": [None, *[40.0] * 14],
    "words": ["Yesterday: not kept", *["1 min: 4/s\nYesterday: 4/s (+0 %)"] * 14],
    "whole": "15 min: 4/s\nYesterday: 3/s (+33 %)",
}


def charts(*, failed_at: int = 80, at_s: int = 0, **more: Any) -> str:
    """The charts of a node that ran once a second, with some failures and gaps."""
    rate: list[float] = [1 + i % 7 for i in range(90)]
    failed = [9 if i == failed_at else 0 for i in range(90)]
    p95 = [None if 30 <= i < 35 else 10.0 + i for i in range(90)]
    chart = {"end_s": END_S, "slot_s": 10, "rate": rate, "failed": failed, "p95": p95, "waits": False, "at_s": at_s}
    chart |= more
    shown = histogram({i: 200 - abs(60 - i) for i in range(20, 120)})
    return render_to_string("_panel_charts.html", {"chart": json.dumps(chart), "histogram": json.dumps(shown)})


#: All that the button says: it says that something is copied for a moment, and the panel is made anew now and then.
LISTEN = """() => {
  const hear = () => said.push(document.getElementById("copy-json")?.textContent);
  globalThis.said = [];
  new MutationObserver(hear).observe(document.getElementById("panel-content"), { childList: true, subtree: true });
}"""
#: Until htmx has finished with what came.
SETTLED = """() => new Promise((done) =>
  document.body.addEventListener("htmx:afterSettle", () => done(), { once: true }))"""
TOOLS = render_to_string("_panel_tools.html", {"link": "/?view=standard&node=x", "as_json": '{"a": "</b>\\""}'})


@pytest.fixture
def open_panel(still: StillPage) -> Page:
    """The page with a node selected."""
    still.panel = TOOLS + charts()
    still.open(f"?node={PLACE}", hello=[shop_snapshot()])
    expect(still.page.locator("#time-chart")).to_be_visible()
    return still.page


def pixels(page: Page, canvas: str) -> int:
    """How many pixels of a canvas are painted."""
    count: int = page.evaluate(
        """id => { const c = document.getElementById(id);
        const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }""", canvas,
    )  # fmt: skip
    return count


def test_the_charts_are_painted_and_the_keys_tell_the_value_at_a_time(open_panel: Page, still: StillPage) -> None:
    chart, value = open_panel.locator("#time-chart"), open_panel.locator("#time-chart-value")
    wait_until(lambda: pixels(open_panel, "time-chart") > 1000)
    wait_until(lambda: pixels(open_panel, "histogram") > 1000)
    chart.focus()
    for _ in range(9):
        chart.press("ArrowLeft")
    expect(value).to_contain_text("4/s · 9 failed · p95 90 ms")
    expect(chart).to_have_attribute("aria-valuenow", "80")
    chart.press("Home")
    expect(value).to_contain_text("1/s · 0 failed · p95 10 ms")
    expect(open_panel.locator("#histogram-value")).to_contain_text("p50 ")
    open_panel.locator("#histogram").press("End")
    expect(open_panel.locator("#histogram-value")).to_contain_text("%)")
    assert still.complaints == []


def test_what_was_yesterday_stands_behind_the_charts_and_is_said(open_panel: Page, still: StillPage) -> None:
    chart, value = open_panel.locator("#time-chart"), open_panel.locator("#time-chart-value")
    asked: list[str] = []
    open_panel.on("request", lambda request: asked.append(request.url) if "/nodes/" in request.url else None)
    before = pixels(open_panel, "time-chart")
    still.panel = TOOLS + charts(earlier=EARLIER)
    open_panel.locator("#stage").focus()
    open_panel.keyboard.press("y")
    expect(value).to_contain_text("15 min: 4/s\nYesterday: 3/s (+33 %)", use_inner_text=True)
    assert "against=1d" in asked[-1]
    assert pixels(open_panel, "time-chart") > before
    chart.press("End")
    expect(value).to_contain_text("1 min: 4/s\nYesterday: 4/s (+0 %)", use_inner_text=True)
    chart.press("Home")
    expect(chart).to_have_attribute("aria-valuetext", re.compile(r"1/s · 0 failed · p95 10 ms\nYesterday: not kept"))
    assert still.complaints == [each for each in still.complaints if "404" in each]


def test_the_charts_are_still_painted_when_new_numbers_have_come(open_panel: Page, still: StillPage) -> None:
    still.panel = TOOLS + charts(failed_at=89)
    expect(open_panel.locator("#time-chart-value")).to_contain_text("9 failed")
    # Attributes may be written once more, a moment after the numbers came.
    open_panel.evaluate(SETTLED)
    wait_until(lambda: pixels(open_panel, "time-chart") > 1000)
    wait_until(lambda: pixels(open_panel, "histogram") > 1000)


def test_the_pointer_tells_the_value_and_new_numbers_keep_the_place(open_panel: Page, still: StillPage) -> None:
    box = open_panel.locator("#time-chart").bounding_box()
    assert box
    open_panel.mouse.move(box["x"] + 2, box["y"] + 40)
    expect(open_panel.locator("#time-chart-value")).to_contain_text("1/s · 0 failed · p95 10 ms")
    still.panel = charts(failed_at=0)
    expect(open_panel.locator("#time-chart-value")).to_contain_text("1/s · 9 failed")


def test_a_click_on_a_line_selects_it_and_the_address_names_it(still: StillPage) -> None:
    asked: list[str] = []
    still.page.on("request", lambda request: asked.append(request.url) if "/edges/" in request.url else None)
    still.panel = "<h2>the line</h2>"
    still.open(hello=[shop_snapshot()])
    _, right = still.node_sides(ORDERS)
    left, _ = still.node_sides(PACK)
    box = still.page.locator("#stage").bounding_box()
    view = still.page.evaluate("eventscope.viewport()")
    assert box
    still.page.mouse.click((left + right) / 2, box["y"] + view["y"] + 64 * view["scale"])
    expect(still.page.locator("#panel h2")).to_have_text("the line")
    wait_until(lambda: f"edge=%3Eorders%3E{PACK}" in still.address)
    assert "source=%3Eorders&target=" in asked[0]
    wait_until(lambda: still.node_sides(PACK)[1] < 1440 - 360)
    still.reload()
    expect(still.page.locator("#panel h2")).to_have_text("the line")
    still.page.keyboard.press("Escape")
    expect(still.page.locator("#panel")).to_be_hidden()
    wait_until(lambda: "edge=" not in still.address)
    assert still.complaints == []


def test_a_row_of_the_panel_selects_its_node_or_its_line(still: StillPage) -> None:
    still.panel = (
        f'<a id="n" href="/" data-node="{PACK}">pack</a>'
        f'<a id="l" href="/" data-edge-source="{PLACE}" data-edge-target="{ORDERS}">line</a>'
    )
    still.open(f"?node={PLACE}", hello=[shop_snapshot()])
    still.page.locator("#l").click()
    wait_until(lambda: "edge=" in still.address and "node=" not in still.address)
    still.page.locator("#n").click()
    wait_until(lambda: still.address.endswith(f"node={PACK}"))


def test_an_answer_that_takes_longer_than_the_pace_is_waited_for(still: StillPage) -> None:
    held: list[Route] = []
    still.panel = "<h2>late</h2>"
    still.page.route("**/nodes/**", lambda route: held.append(route))
    page = still.open(hello=[shop_snapshot()]).page
    page.evaluate("htmx.config.timeout = 0")
    page.get_by_role("treeitem", name="pack").click()
    wait_until(lambda: still.address and held)
    # The panel is asked for every 2 s.
    page.wait_for_timeout(2500)
    held[0].continue_()
    expect(page.locator("#panel h2")).to_have_text("late")


def test_link_and_json_are_copied(open_panel: Page) -> None:
    copied: list[Any] = []
    open_panel.evaluate(LISTEN)
    open_panel.expose_function("tellCopied", lambda text: copied.append(text))
    open_panel.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => tellCopied(text) } })"
    )
    open_panel.locator("#copy-json").click()
    wait_until(lambda: "Copied" in open_panel.evaluate("said"))
    open_panel.locator("#copy-link").click()
    wait_until(lambda: len(copied) == 2)
    assert json.loads(copied[0]) == {"a": '</b>"'}
    assert copied[1].endswith("/?view=standard&node=x")
    assert copied[1].startswith("http")


def test_a_page_without_a_clipboard_copies_nevertheless(open_panel: Page) -> None:
    open_panel.evaluate(LISTEN)
    open_panel.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_panel.evaluate(
        "document.addEventListener('copy', () => { globalThis.was = String(document.activeElement.value); })"
    )
    open_panel.locator("#copy-json").click()
    wait_until(lambda: "Copied" in open_panel.evaluate("said"))
    assert json.loads(open_panel.evaluate("was")) == {"a": '</b>"'}


def test_the_panel_is_resized_by_keys_and_pointer_and_stays_so(open_panel: Page, still: StillPage) -> None:
    handle, panel = open_panel.locator("#panel-handle"), open_panel.locator("#panel")

    def width() -> int:
        return round((panel.bounding_box() or {"width": 0.0})["width"])

    wait_until(lambda: width() == 360)
    handle.press("ArrowLeft")
    handle.press("ArrowLeft")
    wait_until(lambda: width() == 392)
    expect(handle).to_have_attribute("aria-valuenow", "392")
    box = handle.bounding_box()
    assert box
    open_panel.mouse.move(box["x"] + 4, 400)
    open_panel.mouse.down()
    open_panel.mouse.move(box["x"] - 96, 400, steps=4)
    open_panel.mouse.up()
    wait_until(lambda: width() == 492)
    wait_until(lambda: still.node_sides(PLACE)[1] < 1440 - 492)
    still.reload()
    expect(panel).to_be_visible()
    wait_until(lambda: width() == 492)
    handle.press("End")
    wait_until(lambda: width() == 320)
    wait_until(lambda: open_panel.evaluate("document.getElementById('time-chart')?.width") == 287)


def test_round_numbers_and_clock_ticks(still: StillPage) -> None:
    still.open_modules()
    got = still.page.evaluate(
        """async () => { const { roundUp, logTicks, clockTicks } = await import("/static/js/chart_scale.js");
        return [[0, 0.3, 1, 2, 2.1, 7, 100, 101].map(roundUp),
        logTicks(0.5, 2000, 6), logTicks(15, 250, 6), logTicks(1, 1e8, 3), clockTicks(1000, 1900, 300)]; }"""
    )
    assert got == [
        [1, 0.5, 1, 2, 5, 10, 100, 200],
        [1, 10, 100, 1000],
        [20, 50, 100, 200],
        [1, 1000, 1000000],
        [1200, 1500, 1800],
    ]
