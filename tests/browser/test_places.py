"""Positions never jump: what is drawn stays where it is, whatever comes."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.browser.pictures import ORDERS, PACK, PLACE, SHOP, shop_snapshot
from tests.browser.still_page import StillPage, node_on_page
from tests.world import wait_until

ENTRY = f"{PLACE}.POST"
#: Notes at each frame how high the stream stands, by a clock that frames move on: a busy browser draws few.
WATCH = """() => {
  let at = performance.now();
  const draw = requestAnimationFrame;
  performance.now = () => at;
  globalThis.requestAnimationFrame = (frame) => draw(() => frame(at += 8));
  globalThis.seen = [];
  const look = () => {
    seen.push(eventscope.snapshot().nodes[">orders"].box[1]);
    requestAnimationFrame(look);
  };
  look();
}"""


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
    wait_until(lambda: "node=late" in still.address)
    still.page.keyboard.press("Escape")
    # Its header folds the whole app, as the first one does.
    still.page.mouse.click(*on_page(still, 20, 310))
    wait_until(lambda: still.page.evaluate("eventscope.folded()") == [SHOP])
    assert still.complaints == []


def drag(still: StillPage, start: tuple[float, float], by: tuple[float, float]) -> None:
    still.page.mouse.move(*start)
    still.page.mouse.down()
    still.page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    still.page.mouse.move(start[0] + by[0], start[1] + by[1])
    still.page.mouse.up()


def middle(still: StillPage, node: str) -> tuple[float, float]:
    x, y, width, height = node_on_page(still.page, node)
    return x + width / 2, y + height / 2


def notice(still: StillPage) -> Locator:
    return still.page.locator("#undo")


def test_what_is_dragged_stays_where_it_was_put_and_survives_a_reload(still: StillPage) -> None:
    opened(still)
    before = boxes(still)
    drag(still, middle(still, PLACE), (64, 160))
    wait_until(lambda: boxes(still)[PLACE] == [104, 200, 176, 48])
    after = boxes(still)
    # Its entry circle goes with it; nothing else does.
    assert after[ENTRY] == [64, 216, 14, 14]
    assert {node: after[node] for node in (ORDERS, PACK)} == {node: before[node] for node in (ORDERS, PACK)}
    expect(notice(still)).to_contain_text("Pinned place_order.")
    still.reload()
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    wait_until(lambda: boxes(still) == after)
    # A delta that brings the node again does not move it.
    snapshot = {node["id"]: node for node in shop_snapshot()["add"]["nodes"]}
    still.say(delta(2, nodes=[snapshot[PLACE]]))
    assert boxes(still) == after
    # A click on its mark lets it go.
    x, y, _, _ = after[PLACE]
    still.page.mouse.click(*on_page(still, x + 16, y))
    wait_until(lambda: boxes(still) == before)
    still.page.keyboard.press("Control+z")
    wait_until(lambda: boxes(still) == after)
    still.page.get_by_role("button", name="Unpin").click()
    wait_until(lambda: boxes(still) == before)
    expect(still.page.locator("#unpin")).to_be_hidden()
    assert still.complaints == []


def test_an_app_is_dragged_by_its_header_with_all_its_nodes(still: StillPage) -> None:
    opened(still)
    before = boxes(still)
    drag(still, on_page(still, 560, 20), (0, 240))
    # Its corner is put on the grid of 8.
    wait_until(lambda: boxes(still)[PACK] == [564, 280, 160, 48])
    still.page.keyboard.press("Control+z")
    wait_until(lambda: boxes(still) == before)


def test_a_selected_node_is_moved_by_keys(still: StillPage) -> None:
    opened(still, f"?node={PACK}")
    still.page.locator("#stage").focus()
    for _ in range(3):
        still.page.keyboard.press("Shift+ArrowDown")
    wait_until(lambda: boxes(still)[PACK] == [560, 64, 160, 48])


def test_who_drags_the_canvas_moves_no_node(still: StillPage) -> None:
    opened(still)
    before, viewport = boxes(still), still.page.evaluate("eventscope.viewport()")
    drag(still, on_page(still, 510, 300), (50, 40))
    wait_until(lambda: still.page.evaluate("eventscope.viewport().x") == viewport["x"] + 50)
    assert boxes(still) == before


def moved_snapshot(seq: int) -> dict[str, Any]:
    """What a tidying sends: the same nodes elsewhere."""
    nodes = shop_snapshot()["add"]["nodes"]
    return delta(
        seq, nodes=[node | {"box": [node["box"][0], node["box"][1] + 400, *node["box"][2:]]} for node in nodes]
    )


def test_tidying_glides_and_is_taken_back_by_whoever_asked(still: StillPage) -> None:
    asked: list[str] = []
    still.floating |= {"/places/tidy": '{"moved": 4}', "/places/take-back": '{"moved": 4}'}
    still.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    opened(still)
    before = boxes(still)
    still.page.keyboard.press("g")
    expect(notice(still)).to_contain_text("Tidied.")
    still.page.evaluate(WATCH)
    still.say(moved_snapshot(2))
    wait_until(lambda: boxes(still)[ORDERS][1] == 440)
    assert [y for y in still.page.evaluate("seen") if 40 < y < 440] != []
    still.page.keyboard.press("Control+z")
    expect(notice(still)).to_contain_text("Everything is back where it was.")
    assert [path for path in asked if path.startswith("/places/")] == ["/places/tidy", "/places/take-back"]
    still.page.emulate_media(reduced_motion="reduce")
    still.say(delta(3, nodes=shop_snapshot()["add"]["nodes"]))
    wait_until(lambda: boxes(still) == before)
    assert still.complaints == []


def test_a_tidying_that_fails_or_changes_nothing_says_so(still: StillPage) -> None:
    still.floating["/places/tidy"] = '{"moved": 0}'
    opened(still)
    still.page.get_by_role("button", name="Tidy").click()
    expect(notice(still)).to_contain_text("Everything is tidy already.")
    del still.floating["/places/tidy"]
    still.page.get_by_role("button", name="Tidy").click()
    expect(notice(still)).to_contain_text("could not be changed: answered 404")
