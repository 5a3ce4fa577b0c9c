"""What lies over the graph while somebody asks it something."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.pictures import ORDERS, PACK, PLACE, STORE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.world import wait_until

MARKS = "/changes/marks"
GONE = "</script>\u202egone"


def lens_of(still: StillPage) -> Any:
    return wait_until(lambda: still.page.evaluate("globalThis.eventscope?.lens()"))


def lit(still: StillPage) -> set[str]:
    return set(still.page.evaluate("eventscope.lit()"))


def test_what_changed_is_marked_what_is_gone_stands_below_and_escape_leaves(still: StillPage) -> None:
    told = {
        "nodes": {PLACE: "changed", PACK: "added", ">gone": "removed", "old.1x0.e": "changed"},
        "edges": [[ORDERS, PACK, "added"], [PLACE, ">gone", "removed"], ["nobody", "nothing", "removed"]],
        "gone": [{"id": ">gone", "kind": "stream", "name": GONE}],
        "words": "2 added, 2 removed, 2 changed",
        "before": "#1",
        "after": "#2",
        "href": "/changes?from=1&to=2",
    }
    still.told[MARKS] = (200, told)
    still.open("?changed=1..2", hello=[shop_snapshot()])
    lens = lens_of(still)
    assert lit(still) == {PLACE, PACK, ORDERS, f"{PLACE}.POST"}
    assert {node: badge["text"] for node, badge in lens["badges"]}[PACK] == "+ new"
    assert [(line["text"], line["name"]) for line in lens["lines"]] == [
        ("+ new", f"{ORDERS}>{PACK}"),
        ("− gone", f"{PLACE}>>gone"),
    ]
    (ghost,) = lens["ghosts"]
    assert ghost["name"] == GONE
    # Under the graph, whose boxes end at 110.
    assert ghost["box"][1] > 110
    chip = still.page.get_by_role("group", name="Changes")
    expect(chip).to_contain_text("#1 → #2 2 added, 2 removed, 2 changed, 2 of them not drawn now")
    expect(chip.get_by_role("link", name="List")).to_have_attribute("href", "/changes?from=1&to=2")
    still.page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    assert "changed" not in still.page.url
    assert lit(still) == set()
    assert still.complaints == []


def test_the_marks_follow_the_view_and_say_why_there_are_none(still: StillPage) -> None:
    still.told[MARKS] = (404, {"why": "Such a version is not kept (any more)."})
    still.open("?changed=1..2", hello=[shop_snapshot()])
    chip = still.page.get_by_role("group", name="Changes")
    expect(chip).to_contain_text("1..2 Such a version is not kept (any more).")
    told = {"nodes": {PACK: "added"}, "words": "1 added", "before": "#1", "after": "#2"}
    still.told[MARKS] = (200, told)
    still.page.get_by_role("radio", name="Queues").click()
    still.say(shop_snapshot(view="expanded"))
    expect(chip).to_contain_text("#1 → #2 1 added")
    still.say({"type": "delta", "hub": "hub", "seq": 2, "view": "expanded", "at": 1, "remove": {"nodes": [PACK]}})
    expect(chip).to_contain_text("1 of them not drawn now")
    assert STORE not in lit(still)
