"""A followed request: from hop to hop, and held against another."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.pictures import AUDIT, ORDERS, PACK, PLACE, STORE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.browser.test_lens import GONE, lens_of, lit
from tests.world import wait_until

FOLLOW, BESIDE = "/follow/standard", "/follow/standard/beside"
HOP = {"app": STORE, "stream": "", "server": "", "href": "/"}
PATH: dict[str, Any] = {
    "id": "r-1",
    "words": "2 runs",
    "sampling": "",
    "others": [],
    "took_ms": 100,
    "hops": [
        {**HOP, "id": PLACE, "name": "place_order", "after": None, "status": "done", "words": "ran 20 ms"}
        | {"began_ms": 0, "ran_ms": 20, "waited_ms": None},
        {**HOP, "id": PACK, "name": GONE, "after": 0, "status": "failed", "words": "failed: no stock"}
        | {"began_ms": 60, "ran_ms": 40, "waited_ms": 40},
    ],
    "lines": [[PLACE, ORDERS, "done"], [ORDERS, PACK, "failed"]],
}
DONE = {"status": "done", "ran_ms": 20, "waited_ms": None, "words": "ran 20 ms"}
FAILED = {"status": "failed", "ran_ms": 220, "waited_ms": 3100, "words": "waited 3.1 s, failed: no stock"}
NONE = {"ran_more_ms": None, "waited_more_ms": None, "of_ran_ms": 0, "of_waited_ms": 0}
COMPARED: dict[str, Any] = {
    "a": {"id": "r-1", "words": "2 runs", "took_ms": 100},
    "b": {"id": "r-2", "words": "3 runs", "took_ms": 3340},
    "words": "B took 3.24 s more.",
    "partings": [f"At {GONE} A is done, and B failed (no stock)."],
    "unknowns": ["What clocks differ by is not known."],
    "more_ms": 3240,
    "pairs": [
        {**HOP, **NONE, "id": PLACE, "name": "place_order", "depth": 0, "in": "both", "a": DONE, "b": DONE}
        | {"ran_more_ms": 0, "words": "the same"},
        {**HOP, "id": PACK, "name": GONE, "depth": 1, "in": "both", "b": FAILED, "words": "longer"}
        | {"a": {**DONE, "waited_ms": 40}, "ran_more_ms": 200, "waited_more_ms": 3060}
        | {"of_ran_ms": 200, "of_waited_ms": 3060},
        {
            **HOP,
            **NONE,
            "id": AUDIT,
            "name": "audit",
            "depth": 1,
            "in": "b",
            "a": None,
            "b": DONE,
            "words": "only in B",
        },
    ],
    "lines": [[PLACE, ORDERS, "both"], [ORDERS, PACK, "a"], [ORDERS, AUDIT, "b"]],
}


def test_arrows_and_buttons_go_from_hop_to_hop_on_the_graph_and_in_the_list(still: StillPage) -> None:
    still.told[FOLLOW] = (200, PATH)
    still.panel = '<a href="?follow=r-1" data-follow="r-1">the failed request</a>'
    still.open(f"?node={PACK}", hello=[shop_snapshot()])
    still.page.get_by_role("link", name="the failed request").click()
    chip = still.page.get_by_role("group", name="Follow")
    expect(chip).to_contain_text("0 / 2")
    chip.locator("summary").first.click()
    still.page.locator("#stage").press("ArrowRight")
    expect(chip.get_by_role("status")).to_have_text("1 of 2: place_order, ran 20 ms")
    expect(chip.locator("[aria-current=step]")).to_contain_text("1 done")
    chip.get_by_role("button", name="The next hop").click()
    expect(chip.locator("[aria-current=step]")).to_contain_text("2 failed")
    wait_until(lambda: dict(lens_of(still)["badges"])[PACK]["text"] == "▸ 2 · 40 ms")
    still.page.keyboard.press("ArrowRight")
    still.page.keyboard.press("ArrowLeft")
    expect(chip).to_contain_text("1 / 2")
    chip.get_by_role("button", name="Play").click()
    expect(chip).to_contain_text("2 / 2")
    expect(chip.get_by_role("button", name="Play")).to_be_visible()
    field = chip.get_by_placeholder("id of another request")
    chip.get_by_text("Compare with another").click()
    field.press("ArrowLeft")
    expect(chip).to_contain_text("2 / 2")
    # The arrows were the request's: what is selected stays.
    wait_until(lambda: f"node={PACK}" in still.address)
    assert [complaint for complaint in still.complaints if "404" not in complaint] == []


def test_a_request_beside_another_shows_what_both_did_and_what_only_one(still: StillPage) -> None:
    still.told[FOLLOW] = (200, PATH)
    still.told[BESIDE] = (200, {"offers": [{"kind": "failed", "id": "r-2", "at": "12:00"}]})
    picture = shop_snapshot()
    picture["add"]["nodes"].append({**picture["add"]["nodes"][-1], "id": AUDIT, "n": 5, "name": "audit"})
    still.open("?follow=r-1", hello=[picture])
    chip = still.page.get_by_role("group", name="Follow")
    chip.locator("summary").first.click()
    chip.get_by_text("Compare with another").click()
    offer = chip.get_by_role("link", name="The newest that failed on it")
    expect(offer).to_have_attribute("href", "?follow=r-1&follow_beside=r-2")
    still.told[BESIDE] = (200, COMPARED)
    offer.click()
    expect(chip).to_contain_text("A r-1, B r-2 B took 3.24 s more.")
    assert "follow_beside=r-2" in still.address
    lens: Any = wait_until(lambda: (found := lens_of(still)) and len(found["lines"]) == 3 and found)
    assert [(line["text"], line["dash"]) for line in lens["lines"]] == [("A B", []), ("A", [10, 5]), ("B", [2, 5])]
    assert dict(lens["badges"])[PACK]["text"] == "2 · A B +3.3 s"
    assert dict(lens["badges"])[AUDIT]["text"] == "3 · B"
    wait_until(lambda: {PLACE, PACK, ORDERS, AUDIT} <= lit(still))
    expect(chip.locator(".lens-legend > span")).to_have_text(["A B both", "A only A", "B only B"])
    cells = chip.locator("tbody").nth(1).locator("tr").nth(1).locator("th, td")
    expect(cells).to_have_text(["waited", "40 ms", "3.1 s", "+3.1 s", "94.4 %"])
    expect(chip.locator("tbody").nth(1)).to_contain_text("A done, B failed")
    expect(chip.get_by_role("list", name="Where they part")).to_contain_text("and B failed (no stock)")
    expect(chip).to_contain_text("What clocks differ by is not known.")
    assert findings(still.page) == []
    still.page.locator("#stage").press("ArrowRight")
    expect(chip.locator("tbody[aria-current=step]")).to_contain_text("place_order")
    still.page.keyboard.press("Escape")
    expect(chip).to_contain_text("r-1 2 runs")
    wait_until(lambda: "follow_beside" not in still.address)
    still.told[BESIDE] = (404, {"why": "It is gone by now."})
    chip.get_by_text("Compare with another").click()
    expect(chip.locator(".beside-ask")).to_contain_text("It is gone by now.")
    still.told[BESIDE] = (404, {"why": "Nothing was kept of it."})
    chip.get_by_placeholder("id of another request").fill(" nobody ")
    still.page.keyboard.press("Enter")
    expect(chip).to_contain_text("Nothing was kept of it.")
    assert "follow_beside=nobody" in still.address
    assert [complaint for complaint in still.complaints if "404" not in complaint] == []
