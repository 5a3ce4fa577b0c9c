"""The parts of the page that come after the first picture, or when somebody asks for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect
from pytest_django import Settings

from tests.browser.pictures import PLACE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.browser.test_panel import charts
from tests.browser.test_time_bar import told_hour
from tests.world import wait_until

#: What comes later; where files are loaded one by one, one of it that others of it ask for.
REST, DEEPER = "**/static/linked/graph_page_rest.*.js", "**/static/js/kiosk_view.*.js"
#: A script that does not come; until that is known.
PUT = """(src) => new Promise((onerror) =>
  document.head.append(Object.assign(document.createElement("script"), { src, onerror: () => onerror() })))"""
LATER = "{ const now = performance.now.bind(performance); performance.now = () => now() + 10_000; }"


def refused(still: StillPage, query: str = "", *, files: str = REST) -> Locator:
    """The page whose rest does not come; the chip that says so when somebody asks for it."""
    still.page.route(files, lambda route: route.abort())
    still.open(query, hello=[shop_snapshot()], whole=False)
    return still.page.get_by_role("group", name="Not loaded")


def test_the_first_picture_waits_for_none_of_it_and_a_click_gets_it_when_it_comes(still: StillPage) -> None:
    held: list[Route] = []
    still.told["/time"] = (200, told_hour())
    still.page.route(REST, lambda route: route.continue_() if held else held.append(route))
    still.open(hello=[shop_snapshot()], whole=False)
    still.node_sides(PLACE)
    wait_until(lambda: still.address and held)
    still.page.get_by_role("button", name="Time", exact=True).click()
    assert not still.page.locator("#time-bar").count()
    held[0].continue_()
    expect(still.page.locator("#time-bar")).to_be_visible()
    assert "time=1h" in still.address
    assert still.complaints == []


@pytest.mark.parametrize("files", [REST, DEEPER])
def test_who_asks_for_what_does_not_come_is_told_and_gets_it_the_next_time(
    still: StillPage, settings: Settings, tmp_path: Path, files: str
) -> None:
    if files == DEEPER:
        (tmp_path / "static").write_text("no folder")
        settings.DATA_DIR = tmp_path
    chip = refused(still, files=files)
    expect(chip).to_be_hidden()
    still.page.keyboard.press("?")
    expect(chip).to_contain_text("Not loaded: the server does not answer; it is asked again")
    still.page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    still.page.unroute(files)
    still.page.keyboard.press("?")
    expect(still.page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(chip).to_be_hidden()


def test_what_the_address_asks_for_is_asked_for_again_by_itself(still: StillPage) -> None:
    still.told["/time"] = (200, told_hour())
    chip = refused(still, "?time=1h")
    expect(chip).to_contain_text("does not answer")
    still.page.unroute(REST)
    still.page.evaluate(LATER)
    expect(still.page.locator("#time-bar")).to_be_visible()
    expect(chip).to_be_hidden()


def test_a_panel_whose_charts_nobody_draws_says_why(still: StillPage) -> None:
    still.panel = charts()
    chip = refused(still)
    still.click_node(PLACE)
    expect(still.page.locator("#time-chart")).to_be_visible()
    still.page.evaluate(LATER)
    expect(chip).to_contain_text("the server does not answer; it is asked again")
    still.page.unroute(REST)
    still.page.evaluate(LATER)
    expect(still.page.locator("#time-chart-value")).to_contain_text("failed")
    expect(chip).to_be_hidden()


def test_a_server_that_has_other_files_by_now_is_named(still: StillPage) -> None:
    still.page.route(REST, lambda route: route.fulfill(status=404))
    still.open(hello=[shop_snapshot()], whole=False)
    still.page.keyboard.press("k")
    said = "the server answers 404; if it has been updated, reload the page"
    expect(still.page.get_by_role("group", name="Not loaded")).to_contain_text(said)


def test_a_page_whose_script_does_not_come_or_stops_says_so_instead_of_connecting_for_ever(still: StillPage) -> None:
    still.page.route("**/graph_page.*.js", lambda route: route.abort())
    still.open(hello=[shop_snapshot()], begins=False)
    note = still.page.get_by_role("alert")
    expect(note).to_contain_text(re.compile(r"What failed: graph_page\.[0-9a-f]{12}\.js"))
    still.page.unroute("**/graph_page.*.js")
    note.get_by_role("link", name="Reload").click()
    expect(still.page.get_by_role("treeitem", name="place_order")).to_be_visible()
    expect(note).to_be_hidden()
    still.page.route(
        "**/graph_page.*.js", lambda route: route.fulfill(body="null.begin()", content_type="text/javascript")
    )
    still.page.reload()
    expect(note).to_contain_text("Cannot read properties of null")


def test_what_others_put_into_the_page_is_not_missed(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    note = still.page.locator("#not-loaded")
    still.page.evaluate(PUT, "https://elsewhere.invalid/ours.js")
    expect(note).to_be_hidden()
    still.page.evaluate(PUT, "/static/ours.js")
    expect(note).to_contain_text("What failed: ours.js")
    expect(note).to_be_visible()
