"""The tree beside the canvas: everything the canvas shows and does, without a mouse and without eyes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pictures import AUDIT, NUMBERS, ORDERS, PACK, PLACE, SHOP, STORE, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.tools.large_graph import large_snapshot
from tests.world import wait_until

FAILING = {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail"}
TRACE = "<details><summary id='why'>Details</summary><pre tabindex='0' id='trace'>KeyError: 'sku'</pre></details>"


def picture(view: str = "standard") -> dict[str, object]:
    """The shop, with a second reader of its orders."""
    snapshot = shop_snapshot(view=view)
    add = snapshot["add"]
    pack = next(node for node in add["nodes"] if node["id"] == PACK)
    add["nodes"].append({**pack, "id": AUDIT, "n": NUMBERS[AUDIT], "name": "audit", "box": [560, 120, 160, 48]})
    add["edges"].append({"id": "read 2", "n": 4, "source": ORDERS, "target": AUDIT, "kind": "read", "rate": 2.0})
    return snapshot


@pytest.fixture
def opened(still: StillPage) -> StillPage:
    """The shop, live."""
    still.panel = TRACE
    still.open(hello=[picture()])
    expect(row(still, PACK)).to_be_visible()
    return still


def row(still: StillPage, line: str) -> Locator:
    return still.page.locator(f'#apps [data-row="{line}"]')


def press(still: StillPage, *keys: str) -> None:
    for key in keys:
        still.page.keyboard.press(key)


def query(still: StillPage) -> dict[str, list[str]]:
    return parse_qs(urlsplit(still.address).query)


def test_arrows_go_through_the_tree_fold_apps_and_follow_edges(opened: StillPage) -> None:
    row(opened, f"app {SHOP}").focus()
    press(opened, "ArrowDown")
    expect(row(opened, PLACE)).to_be_focused()
    press(opened, "ArrowRight")
    expect(row(opened, ORDERS)).to_be_focused()
    press(opened, "ArrowRight")
    ways = opened.page.get_by_role("menu", name="orders leads to")
    expect(ways.get_by_role("menuitem", name="pack")).to_be_focused()
    press(opened, "ArrowDown", "Enter")
    expect(row(opened, AUDIT)).to_be_focused()
    press(opened, "ArrowLeft", "ArrowRight", "Escape")
    expect(row(opened, ORDERS)).to_be_focused()
    press(opened, "ArrowLeft", "ArrowLeft", "ArrowLeft")
    expect(row(opened, f"app {SHOP}")).to_have_attribute("aria-expanded", "false")
    expect(row(opened, PLACE)).to_have_count(0)
    press(opened, "End")
    expect(row(opened, PACK)).to_be_focused()
    press(opened, "Home", "ArrowRight", "Shift+S")
    expect(row(opened, f"app {STORE}")).to_be_focused()
    press(opened, "Home", "Shift+P", "l")
    expect(row(opened, PLACE)).to_be_focused()
    assert opened.complaints == []


def test_a_row_says_where_it_stands_and_tab_passes_the_tree_in_one_step(opened: StillPage) -> None:
    pack = row(opened, PACK)
    expect(pack).to_have_accessible_name("stream consumer pack 1 healthy")
    said = {name: pack.get_attribute(f"aria-{name}") for name in ("level", "posinset", "setsize", "selected")}
    assert said == {"level": "2", "posinset": "2", "setsize": "2", "selected": "false"}
    assert opened.page.locator('#apps [tabindex="0"]').count() == 1
    pack.focus()
    press(opened, "Tab")
    expect(opened.page.locator("#stage")).to_be_focused()
    press(opened, "Shift+Tab")
    expect(pack).to_be_focused()


def test_tree_and_canvas_select_the_same(opened: StillPage) -> None:
    opened.click_node(PACK)
    expect(row(opened, PACK)).to_have_attribute("aria-selected", "true")
    row(opened, f"app {STORE}").click()
    expect(row(opened, PACK)).to_have_count(0)
    opened.click_node(AUDIT)
    expect(row(opened, AUDIT)).to_have_attribute("aria-selected", "true")
    row(opened, PLACE).click()
    wait_until(lambda: query(opened).get("node") == [PLACE])


def test_every_task_of_the_tour_is_done_without_a_mouse(opened: StillPage) -> None:
    page, panel = opened.page, opened.page.locator("#panel")
    opened.say(update(2, {PACK: FAILING}))
    # Find.
    press(opened, "/")
    page.keyboard.type("err>1%")
    press(opened, "Enter")
    wait_until(lambda: query(opened).get("node") == [PACK])
    press(opened, "Escape", "Escape")
    expect(page.locator("#stage")).to_be_focused()
    press(opened, "Escape")
    expect(panel).to_be_hidden()
    # The next problem, its panel, its failures, and back.
    row(opened, f"app {SHOP}").focus()
    press(opened, "n")
    expect(row(opened, PACK)).to_be_focused()
    press(opened, "Enter")
    expect(panel).to_be_focused()
    expect(page.locator("#why")).to_be_visible()
    page.locator("#why").focus()
    press(opened, "Enter", "Tab")
    expect(page.locator("#trace")).to_be_focused()
    press(opened, "Escape")
    expect(panel).to_be_hidden()
    expect(row(opened, PACK)).to_be_focused()
    # Focus on it, and leave it.
    press(opened, "Enter")
    expect(panel).to_be_focused()
    press(opened, "Shift+Tab", "f")
    wait_until(lambda: query(opened).get("focus") == [PACK])
    expect(row(opened, PLACE)).to_have_count(0)
    press(opened, "Escape", "Escape")
    expect(row(opened, PLACE)).to_be_visible()
    # Along an edge.
    row(opened, PLACE).focus()
    press(opened, "ArrowRight")
    expect(row(opened, ORDERS)).to_be_focused()
    press(opened, "Enter")
    wait_until(lambda: query(opened).get("node") == [ORDERS])
    expect(panel).to_be_focused()
    press(opened, "Escape")
    # One app, the other view, pause.
    page.locator("#app-filter").focus()
    page.keyboard.type("store")
    wait_until(lambda: query(opened).get("app") == [STORE])
    page.locator("#view [aria-checked=true]").focus()
    press(opened, "ArrowRight")
    wait_until(lambda: query(opened).get("view") == ["expanded"])
    page.locator("#stage").focus()
    press(opened, "Space")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    assert opened.complaints == []


def test_ten_thousand_rows_cost_no_more_than_a_screen_of_them(still: StillPage) -> None:
    snapshot = large_snapshot(400)
    key = snapshot["add"]["apps"][0]["key"]
    for node in snapshot["add"]["nodes"]:
        node["app"] = key
    still.open(hello=[snapshot])
    first = row(still, f"app {key}")
    first.focus()
    press(still, "ArrowRight")
    count = len([node for node in snapshot["add"]["nodes"] if node["kind"] != "request"])
    expect(still.page.locator('#apps [aria-posinset="1"][aria-level="2"]')).to_have_attribute(
        "aria-setsize", str(count)
    )
    assert still.page.locator("#apps [role=treeitem]").count() < 200
    press(still, "End")
    expect(still.page.locator("#apps :focus")).to_have_attribute("aria-posinset", str(count))
    assert still.page.locator("#apps [role=treeitem]").count() < 300
    press(still, "Home")
    expect(first).to_be_focused()
    expect(still.page.locator('#apps [aria-posinset="2"][aria-level="2"]')).to_be_in_viewport()


NEWS = """async ([snapshot, steps]) => {
  const { Graph } = await import("/static/js/graph.js"), { News } = await import("/static/js/news.js");
  const graph = new Graph(), news = new News(graph);
  graph.apply(snapshot);
  const shown = new Set(graph.nodes.keys());
  return steps.map(([now, delta]) => (delta && graph.apply(delta), news.look(shown, now)));
}"""


def test_a_problem_is_told_once_and_summed_up_and_not_too_often(still: StillPage) -> None:
    still.open_modules()
    well = {"started": 60, "done": 60, "rate": 1.0, "state": "ok"}
    waiting = {"started": 60, "rate": 1.0, "wait": 3200.0, "state": "wait"}
    steps = [
        (0, None),
        (1000, update(2, {PACK: {**FAILING, "done": 88, "failed": 12}})),
        (2000, update(3, {AUDIT: FAILING, PLACE: FAILING, ORDERS: waiting})),
        (6500, None),
        (7000, update(4, {PACK: well})),
        (8000, update(5, {PACK: FAILING})),
        (12_000, None),
        (13_000, update(6, {PACK: well})),
        (20_000, update(7, {AUDIT: well, PLACE: well, ORDERS: well})),
        (30_000, None),
    ]
    said = still.page.evaluate(NEWS, [picture(), steps])
    assert said == [
        "",
        "store.pack failing 12 %, was 0",
        "",
        "shop.place_order failing 33 %, was 0, 2 more problems",
        "",
        "",
        "",
        "store.pack is well again",
        "3 well again",
        "",
    ]


def test_news_are_said_while_live_only(opened: StillPage) -> None:
    news = opened.page.locator("#news")
    expect(opened.page.locator("#chip")).to_contain_text("live")
    opened.page.wait_for_function("eventscope.snapshot().seq === 1")
    # News are of what differs from what was looked at: that all is well has to be seen first.
    clock = opened.page.locator("#clock")
    expect(clock).not_to_have_text(clock.inner_text())
    opened.page.keyboard.press("Space")
    opened.say(update(2, {PACK: FAILING}))
    expect(opened.page.locator("#chip")).to_contain_text("paused")
    expect(news).to_be_empty()
    opened.page.keyboard.press("Space")
    opened.say(picture() | {"seq": 3})
    opened.say(update(4, {PACK: FAILING}))
    expect(news).to_have_text("store.pack failing 33 %, was 0")
