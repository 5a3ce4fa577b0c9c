"""What lies over the graph while somebody asks it something."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.axe import findings
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
    wait_until(lambda: lit(still) == {PLACE, PACK, ORDERS, f"{PLACE}.POST"})
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
    rows = still.page.get_by_role("treeitem")
    expect(rows.filter(has_text="pack")).to_contain_text("+ new")
    expect(rows.filter(has_text="place_order")).to_contain_text("~ changed")
    expect(rows.filter(has_text="orders")).to_contain_text("+ new line")
    rows.filter(has_text="store").click()
    expect(rows.filter(has_text="store")).to_contain_text("1 marked")
    still.page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    expect(still.page.locator("#tree .lens-badge")).to_have_count(0)
    wait_until(lambda: "changed" not in still.address)
    wait_until(lambda: lit(still) == set())
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
    wait_until(lambda: STORE not in lit(still))


def listed(still: StillPage, place: str = "#blast-list") -> Any:
    return still.page.locator(f"{place} [data-node]").evaluate_all("all => all.map(one => one.dataset.node)")


def told_of(start: str, **when: str) -> tuple[int, Any]:
    impacts = [
        {"id": node, "name": node, "app": "", "when": time, "words": "waits </script>", "href": "/"}
        for node, time in when.items()
    ]
    return 200, {"name": "place_order", "words": "1 suffers", "starts": [start], "impacts": impacts}


def test_the_list_of_who_suffers_is_what_stands_out(still: StillPage) -> None:
    still.panel = '<section><button data-blast="suffers">S</button><button data-blast="causes">C</button>'
    still.panel += '<div id="blast-list" hx-preserve></div></section>'
    still.told["/blast/standard"] = told_of(PLACE, **{ORDERS: "later", PACK: "later", "hidden": "now"})
    still.open(f"?node={PLACE}", hello=[shop_snapshot()])
    expect(still.page.locator("[data-blast]").first).to_be_visible()
    still.page.keyboard.press("b")
    chip = still.page.get_by_role("group", name="Blast radius", exact=True)
    expect(chip).to_contain_text("place_order 1 suffers")
    expect(still.page.locator("#blast-list h4")).to_have_text(["laterSuffers later (2)"])
    wait_until(lambda: {*listed(still), PLACE, f"{PLACE}.POST"} == lit(still))
    assert {node: badge["text"] for node, badge in lens_of(still)["badges"] if node != "hidden"} == {
        PLACE: "down",
        ORDERS: "later",
        PACK: "later",
    }
    assert "blast=shop.1x0.place_order" in still.address
    assert findings(still.page) == []
    still.told["/blast/standard"] = told_of(PLACE)
    still.page.keyboard.press("b")
    expect(still.page.locator("#blast-list p")).to_contain_text("the cause is in itself")
    assert "way=causes" in still.address
    wait_until(lambda: lit(still) == {PLACE, f"{PLACE}.POST"})
    still.page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    wait_until(lambda: lit(still) == set())
    wait_until(lambda: listed(still) == [])
    assert still.complaints == []


def test_a_host_that_is_down_has_its_list_in_the_chip(still: StillPage) -> None:
    still.told["/blast/standard"] = told_of(PLACE, **{PACK: "later"})
    still.open("?blast=host:http://a:1", hello=[shop_snapshot()])
    chip = still.page.get_by_role("group", name="Blast radius", exact=True)
    chip.get_by_text("List").last.click()
    wait_until(lambda: {*listed(still, ".lens-chip"), PLACE, f"{PLACE}.POST"} == lit(still))
    chip.locator("[data-node]").click()
    wait_until(lambda: f"node={PACK}" in still.address)
    assert "blast=host" in still.address


def test_a_request_is_followed_from_hop_to_hop_and_left_again(still: StillPage) -> None:
    hop = {
        "app": STORE,
        "stream": "",
        "after": None,
        "waited_ms": None,
        "server": "h · 1",
        "words": "ran 20 ms",
        "href": "/",
    }
    hops = [
        {**hop, "id": PLACE, "name": "place_order", "status": "done", "began_ms": 0, "ran_ms": 20},
        {**hop, "id": PACK, "name": GONE, "status": "failed", "began_ms": 60, "ran_ms": 40, "waited_ms": 40},
    ]
    lines = [[PLACE, ORDERS, "done"], [ORDERS, PACK, "failed"]]
    path = {"id": "r-1", "words": "2 runs", "sampling": "", "others": [], "took_ms": 100, "hops": hops, "lines": lines}
    still.told["/follow/standard"] = (404, {"why": "Nothing was kept of it.", "newest": [{"id": "r-1", "at": "12:00"}]})
    still.open(hello=[shop_snapshot()])
    still.page.locator("#more").click()
    still.page.locator("#menu-follow-id").fill(" nobody ")
    still.page.keyboard.press("Enter")
    chip = still.page.get_by_role("group", name="Follow")
    expect(chip).to_contain_text("nobody Nothing was kept of it.")
    still.told["/follow/standard"] = (200, path)
    chip.locator("summary").first.click()
    chip.get_by_role("link", name="r-1").click()
    expect(chip).to_contain_text("r-1 2 runs")
    lens = wait_until(lambda: (found := lens_of(still)) and found["badges"] and found)
    assert {node: badge["text"] for node, badge in lens["badges"]} == {PLACE: "1 · 20 ms", PACK: "2 · 40 ms"}
    assert [line["name"] for line in lens["lines"]] == [f"{PLACE}>{ORDERS}", f"{ORDERS}>{PACK}"]
    expect(chip.locator(".hops li")).to_have_count(2)
    expect(chip.locator(".hops li").nth(1)).to_contain_text("2 failed")
    assert "follow=r-1" in still.address
    chip.locator(".hops a").first.click()
    wait_until(lambda: f"node={PLACE}" in still.address)
    still.page.keyboard.press("Escape")
    still.page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    wait_until(lambda: lit(still) == set())
    assert [complaint for complaint in still.complaints if "404" not in complaint] == []
