"""A saved moment opened from a disk without any network: the same page, and all of it is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.axe import findings
from tests.browser.pictures import PACK, shop_snapshot, update
from tests.browser.still_page import click_node
from tests.world import wait_until
from visualizer.models.saved_moment import SavedMoment

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e<!--"
AT_S = 1_700_000_000
WORDS = "9 % of 90 runs failed."


def saved_incident() -> SavedMoment:
    """Three frames: a consumer with a hostile name begins to fail, and is well again."""
    first = shop_snapshot(names={PACK: HOSTILE}) | {"at": AT_S}
    bad, well = (update(seq, {PACK: stats}) for seq, stats in ((2, FAILING), (3, {"done": 60, "state": "ok"})))
    deltas = [first, bad | {"at": AT_S + 10}, well | {"at": AT_S + 20}]
    frames = [
        {"at_s": one["at"], "from_s": one["at"] - 60, "until_s": one["at"], "drawn": "1", "delta": one}
        for one in deltas
    ]
    marks = [
        {"kind": "deploy", "at_s": AT_S - 300, "until_s": AT_S - 300, "words": "store 1.0 → 1.1", "severity": ""},
        {"kind": "incident", "at_s": AT_S + 10, "until_s": AT_S + 20, "words": HOSTILE, "severity": "critical"},
    ]
    time = {"from_s": AT_S - 600, "until_s": AT_S + 60, "step_s": 60, "runs": [60] * 11, "failed": [0] * 10 + [9]}
    return msgspec.convert(
        {
            "view": "standard",
            "saved_s": AT_S + 900,
            "frames": frames,
            "step_s": 10,
            "time": {**time, "marks": [{**mark, "href": "", "numbers": ""} for mark in marks], "more": False},
            "title": HOSTILE,
            "goes_on": True,
            "members": [{"subject": PACK, "rule": "failing", "words": WORDS, "since_s": AT_S, "until_s": AT_S + 20}],
        },
        SavedMoment,
        strict=False,
    )


FAILING: dict[str, Any] = {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail", "last": AT_S}


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, list[str]]]:
    """The file in a browser without a network, and what went wrong or was asked of anybody."""
    # Needs Django's models, which are not there when this file is imported.
    from visualizer.interfaces.saved_page import render_file

    query = urlencode({"time": f"{AT_S - 600}..{AT_S + 60}", "at_time": AT_S})
    file, complaints = tmp_path / "saved.html", list[str]()
    file.write_text(render_file(saved_incident(), query), "utf-8")

    def ask(request: Request) -> None:
        if not request.url.startswith(file.as_uri()):
            complaints.append(request.url)

    context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    # Playwright dismisses dialogs by itself.
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", ask)
    page.add_init_script("alert = (text) => console.error(text)")
    page.goto(file.as_uri())
    wait_until(lambda: len(snapshot(page)["nodes"]) == 4)
    # What takes room from the graph is there.
    expect(page.locator("#time-bar .said")).to_contain_text("runs")
    yield page, complaints
    context.close()


def snapshot(page: Page) -> Any:
    return page.evaluate("globalThis.eventscope?.snapshot() ?? {nodes: {}}")


def test_it_is_the_same_page_and_asks_nobody(opened: tuple[Page, list[str]]) -> None:
    page, complaints = opened
    expect(page.get_by_role("group", name="Saved moment")).to_contain_text("not live, numbers of")
    expect(page.locator(".file-title")).to_contain_text("</script><img src=x onerror=alert(1)>")
    expect(page.get_by_role("treeitem", name="place_order")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("kind:stream")
    expect(page.locator("#find-count")).to_contain_text("1")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    click_node(page, PACK)
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("onerror=alert(1)")
    expect(panel).to_contain_text(WORDS)
    panel.get_by_role("link", name="orders").click()
    expect(panel.get_by_role("heading", level=2)).to_have_text("orders")
    page.keyboard.press("f")
    expect(page.locator("#focus-chip")).to_be_visible()
    page.reload()
    expect(page.locator("#focus-name")).to_have_text("orders")
    expect(panel.get_by_role("heading", level=2)).to_have_text("orders")
    assert findings(page) == []
    assert complaints == []


def test_its_frames_are_stepped_through_and_the_panel_goes_along(opened: tuple[Page, list[str]]) -> None:
    page, complaints = opened
    page.get_by_role("treeitem", name="onerror").click()
    figures = page.locator("#panel .kpi")
    expect(figures).to_contain_text("0 %")
    page.locator("#stage").press("ArrowRight")
    expect(figures).to_contain_text("33.3 %")
    expect(page.locator("#problem-count")).to_have_text("1")
    page.locator("#time-bar").get_by_role("button", name="A step on").click()
    expect(figures).to_contain_text("0 %")
    page.locator("#time-bar").get_by_role("button", name="A step back").click()
    expect(figures).to_contain_text("33.3 %")
    page.get_by_role("group", name="What happened", exact=True).get_by_role("button").first.click()
    card = page.get_by_role("group", name="What happened then")
    expect(card).to_contain_text("store 1.0 → 1.1")
    card.get_by_role("button", name="The graph then").click()
    expect(page.get_by_role("group", name="Saved moment")).to_contain_text("This file holds")
    assert snapshot(page)["nodes"][PACK]["stats"]["failed"] == 20
    page.locator("#time-bar").get_by_role("radio", name="60×").click()
    page.locator("#time-bar").get_by_role("button", name="Play").click()
    expect(page.get_by_role("group", name="Saved moment")).to_contain_text("The file ends here; the incident went on.")
    expect(figures).to_contain_text("0 %")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Replay slower, faster")
    expect(page.get_by_role("dialog", name="Keys")).not_to_contain_text("Drift")
    page.keyboard.press("Escape")
    # It ends a step after its last frame.
    for _ in range(2):
        page.locator("#time-bar").get_by_role("button", name="A step back").click()
    expect(figures).to_contain_text("33.3 %")
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("button", name="Close", exact=True).last.click()
    page.locator("#problems button").first.click()
    expect(figures).to_contain_text("33.3 %")
    assert findings(page) == []
    assert complaints == []
