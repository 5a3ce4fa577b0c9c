"""Finding, hiding, problems and focus in the page: by keyboard, by mouse, by address, and on a phone."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pictures import ORDERS, PACK, PLACE, SHOP, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.browser.test_still_page import VENOM
from tests.tools.large_graph import large_snapshot
from tests.world import wait_until

ENTRY = f"{PLACE}.POST"
FAILING = {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail", "last": time.time()}
FINE = {"started": 60, "done": 60, "rate": 1.0, "state": "ok", "last": time.time()}


def opened(still: StillPage, query: str = "", **snapshot: Any) -> StillPage:
    still.open(query, hello=[shop_snapshot(**snapshot)])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    return still


def shown(still: StillPage) -> set[str]:
    return set(still.page.evaluate("eventscope.shown()"))


def box(still: StillPage) -> Locator:
    return still.page.get_by_role("combobox", name="Find")


def address(still: StillPage) -> dict[str, list[str]]:
    return parse_qs(still.page.evaluate("location.search.slice(1)"))


def offers(still: StillPage) -> Locator:
    return still.page.locator("#find-list [role=option]")


def picture(still: StillPage) -> str:
    still.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    drawn: str = still.page.evaluate("document.getElementById('graph').toDataURL()")
    return drawn


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_goes_to_the_box_and_what_is_typed_stands_out(still: StillPage, key: str) -> None:
    opened(still)
    before = picture(still)
    still.page.keyboard.press(key)
    expect(box(still)).to_be_focused()
    still.page.keyboard.type("pack")
    expect(still.page.locator("#find-count")).to_have_text("–/1")
    wait_until(lambda: picture(still) != before)
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})
    wait_until(lambda: address(still).get("find") == ["pack"])


def test_enter_goes_from_match_to_match_and_back(still: StillPage) -> None:
    opened(still)
    still.page.keyboard.press("/")
    still.page.keyboard.type("rate>0")
    count = still.page.locator("#find-count")
    for key, node, said in (
        ("Enter", PLACE, "1/3"),
        ("Enter", ORDERS, "2/3"),
        ("Shift+Enter", PLACE, "1/3"),
        ("Shift+Enter", PACK, "3/3"),
    ):
        still.page.keyboard.press(key)
        expect(count).to_have_text(said)
        wait_until(lambda node=node: address(still).get("node") == [node])  # type: ignore[misc]
        left, right = still.node_sides(node)
        stage = still.page.locator("#stage").bounding_box()
        assert stage
        assert stage["x"] <= left < right <= stage["x"] + stage["width"]
    expect(box(still)).to_be_focused()


def test_escape_clears_first_and_leaves_then(still: StillPage) -> None:
    opened(still)
    before = picture(still)
    still.page.keyboard.press("/")
    still.page.keyboard.type("pack")
    still.page.keyboard.press("Escape")
    expect(box(still)).to_be_focused()
    expect(box(still)).to_have_value("")
    wait_until(lambda: picture(still) == before)
    still.page.keyboard.press("Escape")
    expect(still.page.locator("#stage")).to_be_focused()
    wait_until(lambda: "find" not in address(still))


def test_what_is_wrong_is_said_in_its_place(still: StillPage) -> None:
    opened(still)
    still.page.keyboard.press("/")
    still.page.keyboard.type("wait>fast and pack")
    expect(box(still)).to_have_attribute("aria-invalid", "true")
    error = still.page.locator("#find-error")
    expect(error).to_contain_text("expected a number such as 200ms, found “fast”")
    expect(error.locator("u")).to_have_text("fast")
    assert "find-error" in (box(still).get_attribute("aria-describedby") or "")
    box(still).fill("wait>1ms and orders")
    expect(error).to_be_hidden()
    expect(box(still)).to_have_attribute("aria-invalid", "false")


def test_what_is_not_finished_is_no_mistake_until_somebody_stops(still: StillPage) -> None:
    opened(still)
    still.page.keyboard.press("/")
    still.page.keyboard.type("err>")
    expect(offers(still).first).to_be_visible()
    expect(still.page.locator("#find-error")).to_be_hidden()
    still.page.keyboard.press("Enter")
    expect(still.page.locator("#find-error")).to_contain_text("expected a value")
    still.page.locator("#stage").focus()
    expect(still.page.locator("#find-error")).to_be_visible()


def test_an_expression_is_completed_with_keys_alone(still: StillPage) -> None:
    opened(still)
    still.page.keyboard.press("/")
    still.page.keyboard.type("sta")
    expect(box(still)).to_have_attribute("aria-expanded", "true")
    still.page.keyboard.press("Tab")
    expect(box(still)).to_have_value("state=")
    still.page.keyboard.type("o")
    still.page.keyboard.press("ArrowDown")
    chosen = still.page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_contain_text("ok")
    expect(box(still)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    still.page.keyboard.press("Enter")
    expect(box(still)).to_have_value("state=ok ")
    expect(still.page.locator("#find-count")).to_have_text("–/3")
    assert offers(still).count() <= 8
    still.page.keyboard.press("Tab")
    expect(box(still)).not_to_be_focused()


def test_an_expression_is_completed_with_the_mouse(still: StillPage) -> None:
    opened(still)
    box(still).click()
    still.page.keyboard.type("pa")
    offers(still).filter(has_text="pack").click()
    expect(box(still)).to_have_value("pack ")
    expect(box(still)).to_be_focused()


def test_hostile_names_are_offered_as_text(still: StillPage) -> None:
    for venom in VENOM:
        opened(still, names={PACK: venom})
        still.page.keyboard.press("/")
        still.page.keyboard.type("name=")
        expect(offers(still)).to_have_count(4)
        assert still.page.locator("#find img, #find script").count() == 0
        said = "".join(offers(still).all_inner_texts())
        assert not any(mark in said for mark in "\u202e\u2028\x1b")
        still.page.keyboard.press("Escape")
        box(still).fill(f'{venom}"(')
        still.page.keyboard.press("Enter")
    assert still.complaints == []


def test_h_shows_only_what_is_found_then_hides_it(still: StillPage) -> None:
    opened(still)
    still.page.keyboard.press("/")
    still.page.keyboard.type("place_order")
    still.page.keyboard.press("Enter")
    still.page.locator("#stage").focus()
    still.page.keyboard.press("h")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS})
    expect(still.page.locator("#find-mode")).to_have_text("Only")
    assert address(still)["as"] == ["only"]
    still.page.keyboard.press("h")
    wait_until(lambda: shown(still) == {ORDERS, PACK})
    expect(still.page.locator("#find-count")).to_have_text("1 hidden")
    still.page.keyboard.press("h")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})
    box(still).click()
    still.page.get_by_role("radio", name="Hide").click()
    wait_until(lambda: shown(still) == {ORDERS, PACK})


def test_a_stream_goes_with_the_last_that_touches_it(still: StillPage) -> None:
    opened(still, f"?find={quote('place_order or pack')}&as=hide")
    expect(still.page.get_by_role("heading", name="0 of 4 match")).to_be_visible()
    still.page.get_by_role("button", name="Clear the filters").click()
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})
    wait_until(lambda: address(still) == {})
    expect(box(still)).to_have_value("")


def test_problems_are_counted_and_shown_with_what_touches_them(still: StillPage) -> None:
    opened(still)
    still.say(update(2, {PACK: FAILING}))
    problems = still.page.get_by_role("radio", name="Problems")
    expect(problems).to_have_text("Problems 1")
    problems.click()
    expect(problems).to_have_attribute("aria-checked", "true")
    wait_until(lambda: shown(still) == {ORDERS, PACK})
    wait_until(lambda: address(still) == {"show": ["problems"]})
    still.say(update(3, {ORDERS: FAILING}))
    expect(problems).to_have_text("Problems 2")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})
    still.say(update(4, {PACK: FINE, ORDERS: FINE}))
    expect(still.page.get_by_role("heading", name="No problems")).to_be_visible()
    problems.press("ArrowLeft")
    expect(still.page.get_by_role("radio", name="All", exact=True)).to_be_focused()
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})


def test_n_and_p_go_from_problem_to_problem(still: StillPage) -> None:
    opened(still)
    still.say(update(2, {PACK: FAILING, PLACE: FAILING | {"state": "warn"}}))
    for key, node in (("n", PACK), ("n", PLACE), ("n", PACK), ("p", PLACE)):
        still.page.keyboard.press(key)
        wait_until(lambda node=node: address(still).get("node") == [node])  # type: ignore[misc]


def test_f_shows_a_node_and_what_is_near_it(still: StillPage) -> None:
    opened(still, f"?node={quote(PLACE)}")
    chip = still.page.get_by_role("group", name="Focus")
    still.page.keyboard.press("f")
    expect(chip).to_contain_text("focus: place_order ± 1")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS})
    still.page.keyboard.press("+")
    expect(chip).to_contain_text("± 2")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})
    wait_until(lambda: address(still) == {"node": [PLACE], "focus": [PLACE], "hops": ["2"]})
    still.page.keyboard.press("-")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS})
    still.page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    expect(still.page.locator("#panel")).to_be_visible()
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})
    still.page.keyboard.press("f")
    chip.get_by_role("button", name="Leave the focus").click()
    expect(chip).to_be_hidden()


def test_plus_zooms_where_nothing_is_in_focus(still: StillPage) -> None:
    opened(still)
    before = still.page.evaluate("eventscope.viewport().scale")
    still.page.keyboard.press("+")
    wait_until(lambda: still.page.evaluate("eventscope.viewport().scale") > before)


def test_all_of_it_survives_a_reload_and_another_view(still: StillPage) -> None:
    query = f"?find={quote('rate>0 !pack')}&as=only&show=problems&focus={quote(ORDERS)}&hops=2"
    opened(still, query)
    still.reload()
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    still.say(update(2, {ORDERS: FAILING}))
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS})
    still.page.get_by_role("radio", name="Queues").click()
    wait_until(lambda: address(still) == {"view": ["expanded"]} | parse_qs(query[1:]))
    expect(box(still)).to_have_value("rate>0 !pack")


def test_a_focus_that_is_not_here_filters_nothing_and_says_so(still: StillPage) -> None:
    opened(still, "?focus=gone&hops=99&as=everything&show=nothing")
    expect(still.page.get_by_role("group", name="Focus")).to_contain_text("focus: gone is not in this view")
    wait_until(lambda: shown(still) == {ENTRY, PLACE, ORDERS, PACK})


def test_other_numbers_find_other_nodes_only_where_they_are_asked_for(still: StillPage) -> None:
    opened(still, "?find=problem&as=only")
    expect(still.page.locator("#find-count")).to_have_text("none")
    still.say(update(2, {PACK: FAILING}))
    wait_until(lambda: shown(still) == {ORDERS, PACK})
    expect(still.page.locator("#find-count")).to_have_text("–/1")
    asks = """async (text) => {
      const { parseFind } = await import("/static/js/find_parser.js");
      const { asksNumbers } = await import("/static/js/find_match.js");
      return asksNumbers(parseFind(text));
    }"""
    still.take("find_parser.js", "find_match.js")
    answers = {
        text: still.page.evaluate(asks, text)
        for text in ("pack", "!(app=shop or host~b)", "pack or !active", "state=wait", "not (err>1%)", "")
    }
    assert answers == {
        "pack": False,
        "!(app=shop or host~b)": False,
        "pack or !active": True,
        "state=wait": True,
        "not (err>1%)": True,
        "": False,
    }


def test_a_phone_filters_its_list(still: StillPage) -> None:
    still.page.set_viewport_size({"width": 390, "height": 844})
    opened(still)
    box(still).click()
    still.page.keyboard.type("name~pac")
    expect(still.page.get_by_role("treeitem", name="place_order")).to_have_count(0)
    expect(still.page.locator(".row.node", has_text="pack")).to_be_visible()
    expect(offers(still).first).to_be_visible()
    assert still.page.evaluate("document.documentElement.scrollWidth") <= 390
    still.page.keyboard.press("Enter")
    expect(still.page.locator("#panel")).to_be_visible()


def test_the_header_has_room_for_the_box(still: StillPage) -> None:
    still.page.set_viewport_size({"width": 320, "height": 700})
    opened(still, f"?find={quote('name~pack and rate>0')}&as=only&app={SHOP}")
    still.say(update(2, {PACK: FAILING, PLACE: FAILING, ORDERS: FAILING}))
    expect(still.page.locator("#problem-count")).to_have_text("2")
    for width in (320, 390, 641, 860, 1020, 1180, 1440):
        still.page.set_viewport_size({"width": width, "height": 700})
        still.page.wait_for_function("width => innerWidth === width", arg=width)
        bar = still.page.locator(".bar").bounding_box()
        assert bar
        places = [
            place
            for part in still.page.locator(".bar > *, #show-which").all()
            if part.is_visible() and (place := part.bounding_box())
        ]
        assert all(place["x"] >= 0 and place["x"] + place["width"] <= width for place in places), width
        assert all(place["y"] + place["height"] <= bar["height"] for place in places), width
        assert still.page.locator("#find-text").evaluate("element => element.clientWidth") >= 48, width


def test_ten_thousand_nodes_are_searched_within_a_blink(still: StillPage) -> None:
    still.open(hello=[large_snapshot(830)])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    still.page.keyboard.press("/")
    still.page.keyboard.type("err>1% or name~submit")
    expect(still.page.locator("#find-count")).to_contain_text("–/")
    wait_until(lambda: offers(still).count() > 0)
