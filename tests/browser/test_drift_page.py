"""Drift in a browser: its number, its list, and the way to an edge and back."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.pictures import EDGES, ORDERS, PACK, PLACE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.world import wait_until

LIST = (
    f'<h2>Drift</h2><a href="#" data-edge-source="{ORDERS}" data-edge-target="{PACK}">orders → pack</a>'
    '<details id="accept"><summary>Accept</summary><form><input name="note"></form></details>'
)


def told(**evidence: tuple[str, int, int, bool]) -> dict[str, Any]:
    """What some edges rest on has changed."""
    snapshot = shop_snapshot()
    changed = {"type": "delta", "hub": "hub", "seq": 2, "view": "standard", "at": snapshot["at"]}
    return {**changed, "update": {"evidence": {EDGES[edge]: list(each) for edge, each in evidence.items()}}}


def shown(still: StillPage) -> list[str]:
    """What the tree lists."""
    return sorted(still.page.locator("#apps [data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)"))


def test_the_way_from_the_number_to_an_edge_and_back(still: StillPage) -> None:
    still.panel = LIST
    still.open(hello=[shop_snapshot()])
    page, count = still.page, still.page.locator("#drift-count")
    expect(page.locator("#clock")).not_to_be_empty()
    expect(count).to_have_text("")
    still.say(told(read=("quiet", 50, 90, True), write=("never", 0, 0, False)))
    expect(count).to_have_text("1")
    page.keyboard.press("d")
    expect(page.locator("#panel h2")).to_have_text("Drift")
    assert "show=drift" in still.address
    wait_until(lambda: PLACE not in shown(still))
    expect(page.locator("#tree .row.node .lens-badge")).to_have_text(["gone quiet", "gone quiet"])
    page.get_by_text("orders → pack").click()
    wait_until(lambda: "edge=" in still.address)
    page.locator("#panel-close").click()
    expect(page.locator("#panel h2")).to_have_text("Drift")
    page.locator("#panel-close").click()
    expect(page.locator("#panel")).to_be_hidden()
    wait_until(lambda: PLACE in shown(still))
    wait_until(lambda: "show=" not in still.address)


def test_what_is_answered_leaves_the_picture_and_escape_leaves_the_list(still: StillPage) -> None:
    still.panel = LIST
    still.open("?show=drift", hello=[shop_snapshot()])
    page = still.page
    expect(page.locator("#panel h2")).to_have_text("Drift")
    # Nothing differs: nothing is filtered.
    wait_until(lambda: PLACE in shown(still))
    still.say(told(write=("undeclared", 50, 90, True)))
    wait_until(lambda: PACK not in shown(still))
    page.locator("#panel").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    wait_until(lambda: PACK in shown(still))
    page.locator("#show-which button[value=drift]").click()
    expect(page.locator("#panel h2")).to_have_text("Drift")
    page.locator("#stage").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_note_that_is_being_written_is_not_taken_away(still: StillPage) -> None:
    still.panel = LIST
    still.open("?show=drift", hello=[shop_snapshot()])
    page = still.page
    page.locator("#accept summary").click()
    page.locator("input[name=note]").fill("as alw")
    still.panel = "<h2>newer</h2>"
    page.wait_for_timeout(2500)
    expect(page.locator("input[name=note]")).to_have_value("as alw")
    page.locator("#stage").focus()
    expect(page.locator("#panel h2")).to_have_text("newer")


def test_every_state_has_its_own_pattern(still: StillPage) -> None:
    still.open_modules()
    script = """async (states) => {
      const { paintEdge } = await import("/static/js/edge_painter.js");
      const { evidence } = await import("/static/js/edge_state.js");
      const dashes = {};
      for (const state of states) {
        const edges = [{ state, rate: null, wait: null, kind: "request" }], curve = { path: new Path2D() };
        const run = { edges, curve, source: { id: "a" }, target: { id: "b" } };
        const context = document.createElement("canvas").getContext("2d"), set = context.setLineDash.bind(context);
        context.setLineDash = (dash) => { dashes[evidence(run)] ??= JSON.stringify(dash); set(dash); };
        paintEdge(context, run, { palette: {}, scale: 1 });
      }
      return dashes;
    }"""
    states = ["confirmed", "never", "quiet", "undeclared", "dangling", "skewed"]
    dashes: dict[str, str] = still.page.evaluate(script, states)
    assert list(dashes) == states
    assert len(set(dashes.values())) == len(states)
    assert dashes["confirmed"] == "[]"
