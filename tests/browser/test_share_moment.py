"""Sharing the moment that is shown: as a link, or as a file."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.pictures import PACK, shop_snapshot
from tests.browser.still_page import StillPage
from tests.world import wait_until


def opened(still: StillPage, query: str = "") -> Page:
    still.open(query, hello=[shop_snapshot()])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    return still.page


def test_s_copies_a_link_to_what_is_shown_and_says_what_that_is(still: StillPage) -> None:
    still.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(still, f"?focus={PACK}&find=err%3E1%25&paused=1")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Share this moment")
    expect(dialog.get_by_role("status").first).to_have_text("The link is copied.")
    expect(dialog).to_contain_text(re.compile("It shows .* · streams · focus: pack · find: err>1%"))
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == dialog.get_by_role("textbox", name="The link").input_value()
    asked = parse_qs(urlsplit(link).query)
    assert (asked["focus"], asked["find"], asked.keys() & {"paused"}) == ([PACK], ["err>1%"], set())
    # Of what stands there, not of now.
    assert asked["at_time"] == [str(int(still.snapshot()["at"]))]
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "at_time" not in still.address
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")
    page.locator("#more").click()
    page.locator("#menu-share").click()
    expect(dialog.get_by_role("status").first).to_contain_text("did not copy")
    field = dialog.get_by_role("textbox", name="The link")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()") == field.input_value()
    assert still.complaints == []


def test_it_is_saved_as_a_file_and_what_the_server_refuses_is_said(still: StillPage) -> None:
    page = opened(still, f"?node={PACK}")
    file = {"Content-Disposition": 'attachment; filename="eventscope-2026.html"'}
    page.route("**/time/saved?**", lambda route: route.fulfill(body="<!doctype html>", headers=file))
    page.locator("#more").click()
    with page.expect_download() as download:
        page.locator("#menu-save").click()
    assert download.value.suggested_filename == "eventscope-2026.html"
    expect(page.locator("#undo")).to_contain_text("Saved eventscope-2026.html, 1 kB.")
    page.route("**/time/saved?**", lambda route: route.fulfill(status=404, body="Nothing can be saved of that time."))
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Share this moment")
    with page.expect_request("**/time/saved?**") as asked:
        dialog.get_by_role("button", name="Save as a file").click()
    query = parse_qs(urlsplit(asked.value.url).query)
    assert (query["node"], query.keys() >= {"at_time"}) == ([PACK], True)
    expect(dialog.get_by_role("status").last).to_have_text("Nothing can be saved of that time.")
