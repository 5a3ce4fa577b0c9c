"""Comparing with yesterday and last week: beside each other in the time bar, and marked in the graph."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.pictures import ORDERS, PACK, PLACE, STORE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.browser.test_time_bar import opened, told_hour
from tests.world import wait_until

DAY_S = 86_400
ROW: dict[str, Any] = {"app": STORE, "href": "/", "since_s": 0, "is_app": False}


def told_earlier() -> dict[str, Any]:
    """Yesterday's hour: half the runs, kept from its tenth minute on; the last minute is not over."""
    told = told_hour()
    runs = [None] * 10 + [30] * 50
    earlier = {"back_s": DAY_S, "runs": runs, "failed": [each and 0 for each in runs], "over": 59, "begun_s": 9}
    return {**told, "marks": [], "earlier": earlier}


def told_differences(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    until_s = int(time.time())
    told = {"from_s": until_s - 3600, "until_s": until_s, "back_s": DAY_S, "begun_s": 9, "silent": ""}
    told |= {"compared": 340, "differ": 2, "gone": 0, "changes": "/changes?from=1"}
    return {**told, **more, "rows": [{**ROW, "name": row["id"], **row} for row in rows]}


DIFFERENCES = told_differences(
    {"id": PACK, "ways": ["fails_more", "slower"], "words": "4 % of 1,240 failed, then 0 % of 1,310 </script>\u202e"},
    {"id": STORE, "ways": ["fails_more"], "words": "2 % of 2,480 failed, then 0 % of 2,510", "app": "", "is_app": True},
    {"id": ORDERS, "ways": ["new"], "words": "30 messages", "app": "", "since_s": 9},
    {"id": "not drawn", "ways": ["faster"], "words": ""},
    gone=3,
)


def test_yesterday_stands_beside_now_in_the_bar_and_what_differs_is_marked_and_listed(still: StillPage) -> None:
    still.told["/time/differences/standard"] = (200, DIFFERENCES)
    page = opened(still).page
    still.told["/time"] = (200, told_earlier())
    bar, chart = page.locator("#time-bar"), page.get_by_role("slider", name="Runs and failures over time")
    page.keyboard.press("y")
    expect(bar.get_by_role("radio", name="yesterday")).to_be_checked()
    said = bar.locator(".said")
    expect(said).to_contain_text("3.6k runs · 3 failed · yesterday, since ")
    expect(said).to_contain_text(": 1.5k runs, 0 failed (+100 % runs, +3 failed)")
    assert "time=1h&against=1d" in still.address
    chart.focus()
    page.keyboard.press("End")
    expect(said).to_contain_text("yesterday: not compared, this step is not over")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("60 runs · 0 failed · yesterday: 30 runs, 0 failed (+100 % runs, +0 failed)")
    wait_until(lambda: chart.get_attribute("aria-valuetext") == said.text_content())
    page.keyboard.press("Home")
    expect(said).to_contain_text("yesterday: not kept, history begins 1970-01-01")
    chip = page.get_by_role("group", name="Compared with")
    expect(chip).to_contain_text("yesterday")
    expect(chip).to_contain_text("2 of 340 nodes clearly differ")
    badges = dict(wait_until(lambda: page.evaluate("eventscope.lens()"))["badges"])
    assert (badges[PACK], badges[STORE]["text"]) == ({"text": "fails more, slower", "tone": "fail"}, "fails more")
    wait_until(lambda: set(page.evaluate("eventscope.lit()")) == {PACK, ORDERS})
    rows = page.get_by_role("treeitem")
    expect(rows.filter(has_text="pack")).to_contain_text("fails more, slower")
    expect(rows.filter(has_text="store").first).to_contain_text("fails more")
    chip.locator("summary").click()
    items = chip.get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.first).to_contain_text("4 % of 1,240 failed, then 0 % of 1,310 </script>")
    expect(items.nth(1)).to_contain_text("the whole app")
    expect(items.nth(2)).to_contain_text("new since 1970-01-01")
    expect(chip).to_contain_text("Gone since then: 3")
    assert findings(page) == []
    items.first.get_by_role("link").click()
    wait_until(lambda: f"node={PACK}" in still.address)
    page.keyboard.press("y")
    expect(bar.get_by_role("radio", name="last week")).to_be_checked()
    page.keyboard.press("v")
    expect(chip).to_be_hidden()
    wait_until(lambda: "against" not in still.address)
    wait_until(lambda: page.evaluate("eventscope.lens()") is None)
    assert still.complaints == []


def test_what_cannot_be_compared_says_why_and_other_lenses_take_turns(still: StillPage) -> None:
    address = "/time/differences/standard"
    still.told[address] = (200, told_differences(from_s=0, begun_s=0, differ=0))
    marks = {"nodes": {PLACE: "added"}, "words": "1 added", "before": "#1", "after": "#2"}
    still.told["/changes/marks"] = (200, marks)
    page = opened(still, "?time=1h&against=7d").page
    chip = page.get_by_role("group", name="Compared with")
    expect(chip).to_contain_text("last week nothing is kept of then: history begins –")
    for told, words in (
        (told_differences(from_s=0), "history begins 1970-01-01"),
        (told_differences(silent="earlier"), "nothing ran then or now, or nobody watched"),
        (told_differences(differ=0), "0 of 340 nodes clearly differ"),
        ({"why": "Expected &back_s=86400."}, "Expected &back_s=86400."),
    ):
        still.told[address] = (200, told)
        page.evaluate("performance.now = ((now) => () => now() + 100_000)(performance.now.bind(performance))")
        expect(chip).to_contain_text(words)
    assert page.evaluate("eventscope.lens()") is None
    still.told[address] = (200, DIFFERENCES)
    page.goto(still.address.partition("?")[0] + "?time=1h&against=7d&changed=1..2")
    expect(page.get_by_role("group", name="Changes")).to_contain_text("1 added")
    expect(chip).to_be_hidden()
    page.keyboard.press("Escape")
    expect(chip).to_contain_text("2 of 340")
    page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    wait_until(lambda: "against" not in still.address and "time=1h" in still.address)


def test_of_a_graph_as_it_was_the_quarter_before_it_is_compared(still: StillPage) -> None:
    still.told["/time/differences/standard"] = (200, DIFFERENCES)
    asked: list[str] = []
    still.page.on("request", lambda request: asked.append(request.url) if "/time/differences" in request.url else None)
    at_s = int(time.time()) - 5000
    snapshot = shop_snapshot()
    delta = {"type": "delta", "seq": 0, "view": "standard", "at": at_s, "reset": True, "add": snapshot["add"]}
    still.told["/time/moments/standard"] = (200, {"delta": delta, "from_s": at_s - 60, "until_s": at_s})
    page = still.open(f"?against=1d&at_time={at_s}", hello=[snapshot]).page
    expect(page.get_by_role("group", name="Compared with")).to_contain_text("2 of 340")
    expect(page.get_by_role("group", name="As it was")).to_be_visible()
    assert asked[0].endswith(f"/time/differences/standard?from={at_s - 900}&to={at_s}&back_s=86400")
    boxes = [page.get_by_role("group", name=name).bounding_box() for name in ("As it was", "Compared with")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
