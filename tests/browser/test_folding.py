"""A large graph starts as cards; who comes near, asks, or has a problem sees nodes; and nothing ever moves for it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.still_page import StillPage
from tests.tools.large_graph import large_snapshot
from tests.world import wait_until
from visualizer.models.beat import BEATS

APPS = 12
#: How many pixels of an area of the canvas have the light theme's colour of failing.
REDDISH = """([x, y, w, h]) => {
  const { data } = document.getElementById("graph").getContext("2d").getImageData(x, y, w, h);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += data[i] === 0xab && data[i + 1] === 0x2b && data[i + 2] === 0x0e;
  return count;
}"""


@pytest.fixture(scope="module")
def snapshot() -> dict[str, Any]:
    return large_snapshot(APPS)


def folded(still: StillPage) -> set[str]:
    return set(still.page.evaluate("eventscope.folded()"))


def troubled(snapshot: dict[str, Any]) -> set[str]:
    bad = ("fail", "warn", "wait")
    nodes = snapshot["add"]["nodes"]
    return {n["app"] for n in nodes if n["kind"] != "request" and n.get("stats", {}).get("state") in bad}


def opened(still: StillPage, snapshot: dict[str, Any], query: str = "") -> StillPage:
    still.open(query, hello=[snapshot])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    wait_until(lambda: still.page.evaluate("eventscope.folded().length") > 0)
    return still


def place_of(still: StillPage, snapshot: dict[str, Any], key: str) -> tuple[float, float]:
    """The middle of an app's box, page pixels."""
    x, y, w, h = next(app["box"] for app in snapshot["add"]["apps"] if app["key"] == key)
    view, stage = still.page.evaluate("eventscope.viewport()"), still.page.locator("#stage").bounding_box()
    assert stage
    return stage["x"] + view["x"] + (x + w / 2) * view["scale"], stage["y"] + view["y"] + (y + h / 2) * view["scale"]


def test_a_large_graph_starts_folded_but_for_what_has_a_problem(still: StillPage, snapshot: dict[str, Any]) -> None:
    opened(still, snapshot)
    everything = {app["key"] for app in snapshot["add"]["apps"]}
    assert troubled(snapshot)
    wait_until(lambda: folded(still) == everything - troubled(snapshot))


def test_cards_say_how_much_is_folded_and_how_it_went(still: StillPage, snapshot: dict[str, Any]) -> None:
    bad = [(100, "fail")] * BEATS
    still.told["/apps/beats"] = (200, {"apps": {app["key"]: bad for app in snapshot["add"]["apps"]}})
    opened(still, snapshot)
    apps = folded(still)
    count = len([n for n in snapshot["add"]["nodes"] if n["app"] in apps and n["kind"] != "request"])
    expect(still.page.locator("#folded")).to_contain_text(f"{count} nodes folded into {len(apps)} apps.")
    x, y, w, _ = next(app["box"] for app in snapshot["add"]["apps"] if app["key"] in apps)
    view = still.page.evaluate("eventscope.viewport()")
    area = [view["x"] + x * view["scale"], view["y"] + y * view["scale"] + 25, w * view["scale"] * 0.7, 30]
    wait_until(lambda: still.page.evaluate(REDDISH, area) > 200)


def test_who_clicks_a_card_comes_near_and_sees_nodes(still: StillPage, snapshot: dict[str, Any]) -> None:
    opened(still, snapshot)
    key = min(folded(still))
    still.page.mouse.click(*place_of(still, snapshot, key))
    wait_until(lambda: key not in folded(still))
    wait_until(lambda: "open=" in still.address)
    # From afar it stays open: somebody wanted it.
    still.page.keyboard.press("0")
    wait_until(lambda: still.page.evaluate("eventscope.viewport().scale") < 0.35)
    assert key not in folded(still)


def test_who_zooms_in_sees_nodes_and_positions_never_change(still: StillPage, snapshot: dict[str, Any]) -> None:
    opened(still, snapshot)
    before = {node["id"]: node["box"] for node in snapshot["add"]["nodes"]}
    stage = still.page.locator("#stage").bounding_box()
    assert stage
    still.page.mouse.move(stage["x"] + 300, stage["y"] + 300)
    for _ in range(12):
        still.page.mouse.wheel(0, -120)
    wait_until(lambda: not folded(still))
    assert {node: view["box"] for node, view in still.snapshot()["nodes"].items()} == before


def test_an_address_keeps_what_was_folded_by_hand(still: StillPage, snapshot: dict[str, Any]) -> None:
    key = min(troubled(snapshot))
    opened(still, snapshot, f"?shut={key}")
    wait_until(lambda: key in folded(still))


def test_from_very_far_away_everything_is_a_card(still: StillPage, snapshot: dict[str, Any]) -> None:
    opened(still, snapshot)
    for _ in range(12):
        still.page.mouse.wheel(0, 200)
        still.page.keyboard.press("-")
    wait_until(lambda: len(folded(still)) == APPS)
    assert not still.complaints
