"""What stands still, where people look: tree, problems, news, wall and the canvas."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.pictures import PACK, PLACE, shop_snapshot, update
from tests.browser.still_page import StillPage

STUCK = {"state": "wait", "halt": "stuck", "halts": 3, "since": 1_000_000_000}


def test_a_stuck_node_is_a_problem_in_words_and_an_unknown_one_is_none(still: StillPage) -> None:
    still.open("?kiosk=1&every=60", hello=[shop_snapshot()])
    title = still.page.locator("#kiosk-title")
    expect(title).to_have_text("Nothing fails, is degraded or waits")
    still.say(update(2, {PACK: STUCK, PLACE: {"state": "unknown"}}))
    expect(title).to_have_text("pack is waiting: 3 stuck")
    still.page.keyboard.press("Escape")
    rows = still.page.locator("#tree .row.node")
    expect(rows.filter(has_text="place_order").get_by_role("img", name="unknown")).to_be_visible()
    expect(rows.filter(has_text="pack").get_by_role("img", name="waiting")).to_be_visible()
    still.say(update(3, {PACK: {"state": "unknown", "halt": "", "halts": 0}}))
    still.open("?kiosk=1&every=60", hello=[shop_snapshot(), update(2, {PLACE: {"state": "unknown"}})])
    expect(title).to_have_text("1 of 3 unknown: nobody reads their logs")


def test_the_phone_names_what_stands_still_and_since_when(still: StillPage) -> None:
    still.page.set_viewport_size({"width": 390, "height": 800})
    still.open(hello=[shop_snapshot()])
    for seq, (halt, said) in enumerate(
        (("stuck", "3 stuck"), ("unread", "3 not read"), ("stopped", "stopped"), ("gone", "host gone")), 2
    ):
        still.say(update(seq, {PACK: STUCK | {"halt": halt}}))
        card = still.page.locator(".pc").filter(has_text="pack")
        expect(card.locator("em")).to_have_text(said)
        expect(card).to_contain_text("since ")
