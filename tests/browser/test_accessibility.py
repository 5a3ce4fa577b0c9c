"""The graph page as axe sees it, in every dress it wears; and that its panel covers nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.pictures import ORDERS, PACK, PLACE, shop_snapshot, update
from tests.browser.still_page import StillPage

WIDE, PHONE, SMALL_PHONE = (1440, 900), (390, 844), (320, 568)
FAILING = {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail"}


@pytest.mark.parametrize(
    ("theme", "size"), [("light", WIDE), ("dark", WIDE), ("light", PHONE), ("dark", SMALL_PHONE)], ids=str
)
def test_axe_finds_nothing_serious(still: StillPage, theme: str, size: tuple[int, int]) -> None:
    page = still.page
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    still.open(hello=[shop_snapshot()])
    still.say(update(2, {PACK: FAILING, ORDERS: {"started": 60, "rate": 1.0, "wait": 3200.0, "state": "wait"}}))
    expect(page.get_by_role("treeitem", name="pack")).to_be_visible()
    found = {"the page": findings(page)}
    page.locator("#find-text").fill("err>1% and na")
    expect(page.locator("#find-list")).to_be_visible()
    found["find open"] = findings(page)
    page.locator("#find-text").fill("err>>")
    page.locator("#find-text").blur()
    found["a mistake"] = findings(page)
    assert found == {name: [] for name in found}


def test_the_panel_never_covers_the_selected_node(still: StillPage) -> None:
    still.panel = "<h2>pack</h2>"
    for width in (1440, 1100, 860):
        still.page.set_viewport_size({"width": width, "height": 900})
        for node in (PLACE, PACK):
            still.open(f"?node={node}", hello=[shop_snapshot()])
            expect(still.page.locator("#panel h2")).to_be_visible()
            panel = still.page.locator("#panel").bounding_box()
            stage = still.page.locator("#stage").bounding_box()
            assert panel
            assert stage
            left, right = still.node_sides(node)
            assert stage["x"] <= left < right <= panel["x"], (width, node)
