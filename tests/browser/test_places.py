"""Positions never jump: what is drawn stays where it is, whatever comes."""

from __future__ import annotations

import time
from typing import Any

from tests.browser.pictures import SHOP, shop_snapshot
from tests.browser.still_page import StillPage
from tests.world import wait_until


def opened(still: StillPage, query: str = "", **snapshot: Any) -> StillPage:
    still.open(query, hello=[shop_snapshot(**snapshot)])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    return still


def delta(seq: int, **add: list[dict[str, Any]]) -> dict[str, Any]:
    """Things come, or take the place of what has their id."""
    return {"type": "delta", "hub": "hub", "seq": seq, "view": "standard", "at": time.time(), "add": add}


def newcomer(name: str, box: list[float]) -> dict[str, Any]:
    return {"id": name, "kind": "event", "name": name, "label": name, "app": SHOP, "box": box, "stats": {}}


def on_page(still: StillPage, x: float, y: float) -> tuple[float, float]:
    """Where a place of the graph is, page pixels."""
    view, stage = still.page.evaluate("eventscope.viewport()"), still.page.locator("#stage").bounding_box()
    assert stage
    return stage["x"] + view["x"] + x * view["scale"], stage["y"] + view["y"] + y * view["scale"]


def boxes(still: StillPage) -> dict[str, list[float]]:
    return {node: view["box"] for node, view in still.snapshot()["nodes"].items()}


def test_ten_nodes_that_arrive_move_neither_the_others_nor_the_viewport(still: StillPage) -> None:
    opened(still)
    still.page.keyboard.press("-")
    before, viewport = boxes(still), still.page.evaluate("eventscope.viewport()")
    still.say(delta(2, nodes=[newcomer(f"new{number}", [40, 200 + 64 * number, 176, 48]) for number in range(10)]))
    after = boxes(still)
    assert len(after) == len(before) + 10
    assert {node: after[node] for node in before} == before
    assert still.page.evaluate("eventscope.viewport()") == viewport


def test_an_annex_is_part_of_its_app(still: StillPage) -> None:
    snapshot = shop_snapshot()
    snapshot["add"]["apps"][0]["annexes"] = [[-20, 300, 300, 120]]
    snapshot["add"]["nodes"].append(newcomer("late", [40, 340, 176, 48]))
    still.open(hello=[snapshot])
    still.click_node("late")
    wait_until(lambda: "node=late" in still.page.url)
    still.page.keyboard.press("Escape")
    # Its header folds the whole app, as the first one does.
    still.page.mouse.click(*on_page(still, 20, 310))
    wait_until(lambda: still.page.evaluate("eventscope.folded()") == [SHOP])
    assert still.complaints == []
