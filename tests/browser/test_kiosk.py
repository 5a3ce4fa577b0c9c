"""The wall screen: what it shows, in which order, and how one leaves it."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pictures import PACK, PLACE, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.browser.test_find_page import FAILING
from tests.world import wait_until

#: Digits of 20 minutes of arc at 3 m on 24 inches of 1080 lines; they are 0.72 of the font size. CSS pixels.
READABLE_PX = 3000 * 0.00582 / 0.2767 / 0.72


@pytest.fixture
def wall(still: StillPage) -> StillPage:
    still.page.set_viewport_size({"width": 1920, "height": 1080})
    return still


def title(wall: StillPage) -> Locator:
    return wall.page.locator("#kiosk-title")


def is_large(wall: StillPage, node: str) -> bool:
    left, right = wall.node_sides(node)
    return 0 <= left < right <= 1920 and right - left > 320


def address(wall: StillPage) -> dict[str, list[str]]:
    return parse_qs(wall.page.evaluate("location.search.slice(1)"))


def test_it_goes_from_problem_to_problem_and_escape_opens_the_one_that_is_shown(wall: StillPage) -> None:
    wall.open("?kiosk=1&every=1", hello=[shop_snapshot()])
    expect(title(wall)).to_have_text("Nothing fails, is degraded or waits")
    expect(wall.page.locator("#kiosk-text")).to_have_text("3 of 3 active · 2 runs/s")
    wall.say(update(2, {PACK: FAILING, PLACE: FAILING | {"state": "warn"}}))
    for name, said in (("pack", "failing"), ("place_order", "degraded"), ("pack", "failing")):
        expect(title(wall)).to_have_text(f"{name} is {said}: 33.3 % failed")
    wait_until(lambda: is_large(wall, PACK))
    for hidden in (".bar", "#tree", "#panel", ".time", ".zoom", ".legend"):
        expect(wall.page.locator(hidden)).to_be_hidden()
    wall.page.keyboard.press("Escape")
    expect(wall.page.locator("#kiosk-line")).to_be_hidden()
    expect(wall.page.locator("#panel")).to_be_visible()
    wait_until(lambda: "kiosk" not in address(wall))


def test_a_wall_is_not_calm_while_something_fails(wall: StillPage) -> None:
    wall.open("?kiosk=1&every=60", hello=[shop_snapshot()])
    expect(title(wall)).to_have_text("Nothing fails, is degraded or waits")
    wall.say(update(2, {PACK: FAILING}))
    expect(title(wall)).to_have_text("pack is failing: 33.3 % failed")


def test_with_nothing_wrong_all_of_it_is_seen_and_the_clock_is_read_from_three_metres(wall: StillPage) -> None:
    wall.open("?kiosk=1", hello=[shop_snapshot()])
    expect(title(wall)).to_have_text("Nothing fails, is degraded or waits")
    expect(wall.page.locator("#chip-kiosk")).to_contain_text("live")
    wait_until(lambda: wall.node_sides(PLACE)[0] >= 0 and wall.node_sides(PACK)[1] <= 1920)
    clocks = "['#clock', '#kiosk-clock'].map((id) => document.querySelector(id).textContent)"
    wait_until(lambda: len(set(wall.page.evaluate(clocks)) - {""}) == 1)
    size = wall.page.locator("#kiosk-clock").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= READABLE_PX


def test_a_picture_that_is_held_is_not_gone_through(wall: StillPage) -> None:
    wall.open("?kiosk=1&every=1", hello=[shop_snapshot()])
    wall.say(update(2, {PACK: FAILING, PLACE: FAILING}))
    expect(title(wall)).to_contain_text("failing")
    wall.page.evaluate("fake.frozen = true")
    expect(title(wall)).to_have_text("Not live")
    expect(wall.page.locator("#chip-kiosk")).to_contain_text("Reconnecting")
    shown = address(wall)["node"]
    wall.page.wait_for_timeout(1500)
    assert address(wall)["node"] == shown


def test_k_and_the_menu_begin_it_and_a_touch_ends_it(wall: StillPage) -> None:
    wall.open(hello=[shop_snapshot()])
    wait_until(lambda: wall.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    wall.page.keyboard.press("k")
    expect(title(wall)).to_be_visible()
    wait_until(lambda: address(wall).get("kiosk") == ["1"])
    wall.page.keyboard.press("k")
    expect(title(wall)).to_be_hidden()
    wall.page.get_by_role("button", name="More").click()
    wall.page.get_by_role("button", name="Wall screen").click()
    expect(title(wall)).to_be_visible()
    wall.page.locator("#kiosk-leave").click()
    expect(wall.page.locator("#stage")).to_be_focused()
    wait_until(lambda: "kiosk" not in address(wall))
    assert wall.complaints == []
