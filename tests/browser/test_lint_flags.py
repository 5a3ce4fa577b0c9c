"""The linter's flags on the canvas."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.pictures import ORDERS, PACK, PLACE, SHOP, STORE, shop_snapshot
from tests.browser.still_page import StillPage, node_on_page
from tests.world import wait_until


def corner(still: StillPage, node: str) -> bytes:
    """A picture of where a node's flag stands, without the node's own numbers."""
    x, y, _, _ = node_on_page(still.page, node)
    return still.page.screenshot(clip={"x": x + 8, "y": y - 16, "width": 24, "height": 15})


def test_nodes_with_findings_carry_a_flag_for_each_severity_and_the_count_stands_above(still: StillPage) -> None:
    nodes = (PLACE, ORDERS, PACK)
    still.open(hello=[shop_snapshot()])
    bare = {node: corner(still, node) for node in nodes}
    assert still.page.locator("#lint-count").inner_text() == ""
    still.flags = {
        "open": 3,
        "worst": "error",
        "nodes": {PLACE: "error", ORDERS: "warning", PACK: "info", "gone": "error"},
    }
    still.reload()
    wait_until(lambda: still.page.locator("#lint-count").inner_text() == "3")
    wait_until(lambda: all(corner(still, node) != bare[node] for node in nodes))
    rows = still.page.get_by_role("treeitem")
    wait_until(lambda: rows.get_by_role("img", name="lint: error").count() == 1)
    expect(rows.filter(has_text="pack").get_by_role("img", name="lint: info")).to_have_count(1)
    # Told apart by more than where they stand: the three flags are three pictures.
    wait_until(lambda: len({corner(still, node) for node in nodes}) == 3)
    assert still.complaints == []


def test_a_folded_app_carries_the_gravest_flag_of_its_nodes(still: StillPage) -> None:
    still.open(f"?shut={SHOP}", hello=[shop_snapshot()])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.folded()") == [SHOP])
    bare = {app: app_corner(still, app) for app in (SHOP, STORE)}
    row = still.page.get_by_role("treeitem", name="shop")
    still.flags = {"open": 2, "worst": "error", "nodes": {ORDERS: "warning", PLACE: "error"}}
    still.reload()
    wait_until(lambda: app_corner(still, SHOP) != bare[SHOP])
    # Unfolded, its nodes carry theirs.
    wait_until(lambda: app_corner(still, STORE) == bare[STORE])
    expect(row.get_by_role("img", name="lint:")).to_have_count(0)
    row.click()
    wait_until(lambda: row.get_by_role("img", name="lint: error").count() == 1)
    assert still.complaints == []


def app_corner(still: StillPage, key: str) -> bytes:
    """A picture of where an app's flag stands, without the app's own numbers."""
    (left, top, _, _) = next(app["box"] for app in shop_snapshot()["add"]["apps"] if app["key"] == key)
    view, stage = still.page.evaluate("eventscope.viewport()"), still.page.locator("#stage").bounding_box()
    assert stage
    x, y = stage["x"] + view["x"] + left * view["scale"], stage["y"] + view["y"] + top * view["scale"]
    return still.page.screenshot(clip={"x": x + 10, "y": y - 14, "width": 24, "height": 13})
