"""The dialog of keys, and that its list is what the page listens to."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import PACK, PLACE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.browser.test_time_bar import moment_of
from tests.world import wait_until

SCRIPTS = Path(__file__).parents[2] / "static" / "js"
#: Where keys of their own are listened to: place in keys.js → file.
PLACES = {
    "graph": "keyboard.js",
    "tree": "tree_keys.js",
    "tour": "tour_view.js",
    "box": "find_box.js",
    "chart": "chart_view.js",
    "edge": "panel_width.js",
    "time": "time_slider.js",
    "follow": "hop_steps.js",
    "then": "replay_keys.js",
}
NAMED = re.compile(r"\b(Arrow(?:Left|Right|Up|Down)|Enter|Tab|Escape|Home|End|PageUp|PageDown|Shift)\b")


def opened(still: StillPage, query: str = "") -> StillPage:
    still.open(query, hello=[shop_snapshot()])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    return still


def listed(still: StillPage) -> dict[str, set[str]]:
    groups: list[dict[str, Any]] = still.take("keys.js").page.evaluate(
        "import('/static/js/keys.js').then(({ KEYS }) => KEYS)"
    )
    places: dict[str, set[str]] = {}
    for group in groups:
        places.setdefault(group["place"], set()).update(key for row in group["rows"] for key in row["keys"])
    return places


def test_the_list_is_what_the_page_listens_to(still: StillPage) -> None:
    assert listed(opened(still))["page"] == set(still.page.evaluate("eventscope.keys()"))


@pytest.mark.parametrize("place", PLACES)
def test_the_list_is_what_a_part_of_the_page_listens_to(modules: StillPage, place: str) -> None:
    written = set(NAMED.findall((SCRIPTS / PLACES[place]).read_text("utf-8")))
    if place == "graph":
        written.discard("Escape")
    assert {key.split()[-1] for key in listed(modules)[place]} == written


def test_a_question_mark_shows_all_of_them_and_hides_them_again(still: StillPage) -> None:
    opened(still)
    still.page.locator("#stage").focus()
    still.page.keyboard.press("?")
    dialog = still.page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert dialog.locator("dt").count() == still.take("keys.js").page.evaluate(
        "import('/static/js/keys.js').then(({ KEYS }) => KEYS.flatMap(({ rows }) => rows).length)"
    )
    expect(dialog.locator("dt").first).to_have_text("/CtrlK")
    still.page.keyboard.press("n")
    still.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(still.page.locator("#stage")).to_be_focused()
    still.page.get_by_role("button", name="More").click()
    still.page.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()
    still.page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_escape_closes_the_menu_and_keeps_what_is_selected(still: StillPage) -> None:
    opened(still, f"?node={PACK}")
    still.page.get_by_role("button", name="More").press("Enter")
    expect(still.page.locator("#menu")).to_be_visible()
    still.page.keyboard.press("Escape")
    expect(still.page.locator("#menu")).to_be_hidden()
    expect(still.page.locator("#panel")).to_be_visible()


def test_escape_leaves_what_was_done_last_first(still: StillPage) -> None:
    at_s = int(time.time()) - 900
    still.told["/time/moments/standard"] = (200, moment_of(at_s))
    still.panel = '<a href="?follow=r-1" data-follow="r-1">r-1</a>'
    still.open(f"?at_time={at_s}", hello=[shop_snapshot()])
    still.page.keyboard.press("y")
    still.click_node(PLACE)
    still.page.locator("#panel [data-follow]").click()
    still.page.locator("#stage").focus()
    still.page.keyboard.press("f")
    for name in ("focus", "follow", "node", "against", "at_time"):
        still.page.wait_for_function("name => location.search.includes(`${name}=`)", arg=name)
        still.page.keyboard.press("Escape")
        still.page.wait_for_function("name => !location.search.includes(`${name}=`)", arg=name)
    assert "=" not in still.address.replace("time=1h", "")


def test_l_writes_numbers_on_all_lines_and_the_address_keeps_it(still: StillPage) -> None:
    opened(still)
    texts = """async () => {
      const { edgeNumbers } = await import("/static/js/edge_numbers.js"), { nodes, edges } = eventscope.snapshot();
      return Object.values(edges).map((edge) => edgeNumbers({ edges: [edge], target: nodes[edge.target] }));
    }"""
    before = picture(still)
    still.page.keyboard.press("l")
    wait_until(lambda: picture(still) != before)
    assert still.address.endswith("?labels=1")
    assert still.take("edge_numbers.js").page.evaluate(texts) == [
        ["1/s · 0 % · p95 12 ms", "1/s"],
        None,
        ["1/s · wait p95 6 ms", "1/s"],
    ]
    still.reload()
    expect(still.page.locator("#menu-labels")).to_have_attribute("aria-pressed", "true")
    still.page.get_by_role("button", name="More").click()
    still.page.get_by_role("button", name="Numbers on all lines").click()
    wait_until(lambda: "labels" not in still.address)


def picture(still: StillPage) -> str:
    still.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    drawn: str = still.page.evaluate("document.getElementById('graph').toDataURL()")
    return drawn
