"""The tour: when it begins, what it says of what is there, that it needs no mouse and covers nothing it explains."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pictures import ORDERS, PACK, PLACE, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.browser.test_find_page import FAILING
from tests.tools.large_graph import large_snapshot
from tests.world import wait_until

#: A browser that a person drives.
BY_HAND = "Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false })"


@pytest.fixture
def visit(still: StillPage) -> StillPage:
    still.page.add_init_script(BY_HAND)
    return still


def card(still: StillPage) -> Locator:
    return still.page.locator("#tour")


def begun(still: StillPage, query: str = "", **snapshot: Any) -> StillPage:
    still.open(query, hello=[shop_snapshot(**snapshot)])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    still.page.get_by_role("button", name="More").press("Enter")
    still.page.get_by_role("button", name="Show me around").press("Enter")
    expect(card(still)).to_be_focused()
    return still


def covers(still: StillPage) -> bool:
    """Does the card lie on what it explains, or out of the window?"""
    expect(still.page.locator("#tour-ring")).to_be_visible()
    wait_until(lambda: still.page.evaluate("document.getAnimations().length") == 0)
    boxes = [still.page.locator(name).bounding_box() for name in ("#tour", "#tour-ring")]
    size = still.page.viewport_size
    assert all(boxes)
    assert size
    (x, y, w, h), (rx, ry, rw, rh) = ((box["x"], box["y"], box["width"], box["height"]) for box in boxes if box)
    inside = x >= 0 and y >= 0 and x + w <= size["width"] and y + h <= size["height"]
    return not inside or (x < rx + rw and rx < x + w and y < ry + rh and ry < y + h)


def test_it_begins_on_a_first_visit_and_every_task_is_done_with_keys_alone(visit: StillPage) -> None:
    visit.panel = "<h2>numbers</h2>"
    snapshot = shop_snapshot()
    snapshot["add"]["nodes"][3]["stats"] = FAILING
    visit.open(hello=[snapshot])
    page, title = visit.page, visit.page.locator("#tour-title")
    expect(card(visit)).to_be_focused()
    expect(title).to_have_text("place_order is a node")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#tour-act")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    wait_until(lambda: not covers(visit))
    page.keyboard.press("Enter")
    expect(title).to_have_text("orders is a stream")
    expect(page.locator("#tour-text")).to_contain_text("waited 6 ms or less")
    wait_until(lambda: not covers(visit))
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("pack is failing")
    expect(page.locator("#tour-text")).to_contain_text("33.3 % failed; store")
    page.keyboard.press("n")
    wait_until(lambda: f"node={PACK}" in visit.address)
    page.keyboard.press("Enter")
    expect(title).to_have_text("Find")
    wait_until(lambda: not covers(visit))
    page.keyboard.press("/")
    page.keyboard.type("pack")
    page.keyboard.press("Enter")
    expect(page.locator("#find-count")).to_have_text("1/1")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(card(visit)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("How fresh it is")
    wait_until(lambda: not covers(visit))
    page.keyboard.press("Space")
    expect(page.locator("#chip")).to_contain_text("paused")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(card(visit)).to_be_hidden()
    expect(page.locator("#stage")).to_be_focused()
    page.goto(visit.address.split("?")[0])
    expect(page.locator("#chip")).to_contain_text("live")
    page.wait_for_timeout(600)
    expect(card(visit)).to_be_hidden()


@pytest.mark.parametrize("query", [f"?node={PLACE}", "?kiosk=1"])
def test_a_saved_link_and_a_wall_screen_are_left_alone(visit: StillPage, query: str) -> None:
    visit.open(query, hello=[shop_snapshot()])
    expect(visit.page.locator("#chip-kiosk" if "kiosk" in query else "#chip")).to_contain_text("live")
    visit.page.wait_for_timeout(600)
    expect(card(visit)).to_be_hidden()
    assert visit.page.evaluate("localStorage.getItem('eventscope.tour')") is None


def test_it_is_skipped_and_gives_the_focus_back(still: StillPage) -> None:
    begun(still)
    still.page.keyboard.press("Escape")
    expect(card(still)).to_be_hidden()
    expect(still.page.get_by_role("button", name="More")).to_be_focused()
    begun(still)
    still.page.get_by_role("button", name="Skip the tour").click()
    expect(card(still)).to_be_hidden()


def test_with_nothing_wrong_it_says_so_and_points_at_where_it_would_stand(still: StillPage) -> None:
    begun(still, names={ORDERS: "<b>orders</b>\u202e"})
    still.page.keyboard.press("ArrowRight")
    expect(still.page.locator("#tour-title")).to_have_text("<b>orders</b>\ufffd is a stream")
    still.page.keyboard.press("ArrowRight")
    expect(still.page.locator("#tour-title")).to_have_text("Nothing is wrong")
    wait_until(lambda: not covers(still))
    still.say(update(2, {PACK: FAILING}))
    still.page.keyboard.press("ArrowLeft")
    expect(still.page.locator("#tour-place")).to_have_text("2 of 5")
    assert still.complaints == []


@pytest.mark.parametrize("size", [(390, 844), (720, 450), (320, 640)])
def test_on_no_screen_it_covers_what_it_explains(still: StillPage, size: tuple[int, int]) -> None:
    still.page.set_viewport_size({"width": size[0], "height": size[1]})
    still.open(hello=[large_snapshot(4)])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    still.page.locator("#more").click()
    still.page.locator("#menu-tour").click()
    for place in range(1, 6):
        expect(still.page.locator("#tour-place")).to_have_text(f"{place} of 5")
        wait_until(lambda: not covers(still))
        still.page.keyboard.press("Enter")
    expect(card(still)).to_be_hidden()
