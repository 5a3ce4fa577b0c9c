"""The page with forced colours, and at 200 % on a screen of 1440 × 900."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pictures import PACK, shop_snapshot
from tests.browser.still_page import StillPage
from tests.tools.large_graph import large_snapshot
from tests.world import wait_until

#: Every mark, drawn with the palette of now, as a data URL; and the palette, with what the system calls its colours.
MARKS = """async () => {
  const { readPalette } = await import("/static/js/palette.js");
  const { paintMark } = await import("/static/js/mark_painter.js");
  const palette = readPalette(), system = (name) => {
    const probe = document.createElement("i");
    probe.style.setProperty("forced-color-adjust", "none");
    probe.style.color = name;
    document.body.append(probe);
    return getComputedStyle(probe).color;
  };
  const marks = ["ok", "warn", "fail", "wait", "idle"].map((state) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 20;
    paintMark(canvas.getContext("2d"), state, 10, 10, palette);
    return canvas.toDataURL();
  });
  return { palette, marks, canvas: system("Canvas"), text: system("CanvasText"), highlight: system("Highlight") };
}"""
#: What can be used and is cut off, or out of the window and cannot be scrolled to.
CUT_OFF = """() => {
  const scrolls = (element) => { for (let at = element.parentElement; at; at = at.parentElement)
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at; return null; };
  const how = { visibilityProperty: true, opacityProperty: true };
  const seen = (element) => element.checkVisibility(how) && !element.closest(".unseen");
  const all = document.querySelectorAll("button, a, input, select, summary, dialog, [role=treeitem], h1, h2");
  return [...all].filter(seen).filter((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect(), box = scrolls(element);
    const sideways = left < -0.5 || right > innerWidth + 0.5;
    return sideways || (!box && (top < -0.5 || bottom > innerHeight + 0.5));
  }).map((element) => element.outerHTML.slice(0, 120));
}"""


@pytest.fixture(params=["light", "dark"])
def forced(browser: Browser, request: pytest.FixtureRequest) -> Iterator[StillPage]:
    context = browser.new_context(forced_colors="active", color_scheme=request.param)
    yield StillPage(context.new_page())
    context.close()


def test_forced_colours_are_the_systems_and_marks_are_told_apart_by_shape(forced: StillPage) -> None:
    forced.open(f"?node={PACK}", hello=[shop_snapshot()])
    expect(forced.page.locator("#panel")).to_be_visible()
    drawn = forced.take("palette.js", "mark_painter.js").page.evaluate(MARKS)
    palette = drawn["palette"]
    assert palette["canvas"] == palette["card"] == palette["fail-tint"] == drawn["canvas"]
    assert palette["text"] == palette["ok"] == palette["fail"] == palette["wait"] == drawn["text"] != drawn["canvas"]
    assert palette["ink"] == drawn["highlight"]
    assert len(set(drawn["marks"])) == 5
    chosen = forced.page.get_by_role("radio", name="All", exact=True)
    assert chosen.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    forced.page.locator("#more").click()
    forced.page.locator("#menu-tour").click()
    button = forced.page.locator("#tour-next")
    assert button.evaluate("element => getComputedStyle(element).forcedColorAdjust") == "none"
    assert button.evaluate("element => getComputedStyle(element).backgroundColor") == drawn["highlight"]


def test_at_twice_the_size_nothing_is_cut_off(still: StillPage) -> None:
    page = still.page
    page.set_viewport_size({"width": 720, "height": 450})
    still.panel = "<h2>numbers</h2>" + "<p>line</p>" * 60
    still.open(hello=[large_snapshot(4)])
    wait_until(lambda: page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    assert page.evaluate(CUT_OFF) == []
    page.keyboard.press("n")
    expect(page.locator("#panel")).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    assert page.locator("#stage").evaluate("element => element.clientWidth") >= 320
    for opens in ("?", "/"):
        page.keyboard.press(opens)
        assert page.evaluate(CUT_OFF) == []
        page.keyboard.press("Escape")
        page.locator("#stage").focus()
    page.locator("#more").click()
    assert page.evaluate(CUT_OFF) == []
    page.locator("#menu button.item[type=submit]").scroll_into_view_if_needed()
    expect(page.locator("#menu button.item[type=submit]")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
