"""The graph page in a made-up language: no English is left on it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from tests.browser.pictures import PACK, PLACE, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.browser.test_compare import DIFFERENCES, told_earlier
from tests.browser.test_export import texts
from tests.browser.test_time_bar import told_hour
from tests.pseudo_locale import LANGUAGE, pseudo, write_catalogues
from tests.world import wait_until

#: Names and addresses, the units, the names of keys and of fields: they are the same in every language.
SAME = re.compile(
    r"\b(Eventscope|admin|shop|store|place_order|orders|pack|POST|http|AUTO|"
    r"ms|min|Ctrl|Esc|Enter|Shift|Tab|Home|End|Page|p95|UTC)\b"
)
#: Everything that is written, and everything that is said to those who do not see it.
WRITTEN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const same = (element) => element.closest("script, code, select[name=format]");
  while (walker.nextNode()) if (!same(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "aria-valuetext", "title", "placeholder"]) {
      if (!same(element)) found.push(element.getAttribute(name) ?? "");
    }
  }
  return found;
}"""


@pytest.fixture
def foreign(still: StillPage, tmp_path: Path) -> Iterator[StillPage]:
    still.language, still.panel = LANGUAGE, ""
    with override_settings(LOCALE_PATHS=[write_catalogues(tmp_path)]):
        yield still


def english(written: list[str]) -> set[str]:
    """What is written in no brackets, and is no name."""
    bare = [SAME.sub("", re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", text))) for text in written]
    return {text.strip() for text in bare if re.search(r"[A-Za-z]{2}", text)}


def left(foreign: StillPage) -> set[str]:
    return english(foreign.page.evaluate(WRITTEN))


def opened(foreign: StillPage, query: str = "") -> StillPage:
    foreign.open(query, hello=[shop_snapshot()])
    wait_until(lambda: foreign.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    return foreign


def test_no_english_is_left_on_the_page_its_dialogs_and_its_tour(foreign: StillPage) -> None:
    page = opened(foreign, f"?focus={PACK}&node={PLACE}&labels=1").page
    failing = {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail", "last": time.time()}
    foreign.say(update(2, {PACK: failing}))
    assert page.locator("html").get_attribute("lang") == LANGUAGE
    expect(page.locator("#chip")).to_contain_text("⟦lîvé⟧")
    page.keyboard.press("?")
    assert left(foreign) == set()
    page.keyboard.press("Escape")
    page.locator("#more").click()
    page.locator("#menu-tour").click()
    for place in range(1, 6):
        expect(page.locator("#tour-place")).to_contain_text(str(place))
        assert left(foreign) == set()
        page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("err>fast ")
    page.keyboard.press("Enter")
    expect(page.locator("#find-error")).to_contain_text("⟦")
    assert {text for text in left(foreign) if text not in ("err>", "fast")} == set()


def test_no_english_is_left_in_the_picture_and_on_the_wall(foreign: StillPage) -> None:
    page = opened(foreign, "?kiosk=1").page
    expect(page.locator("#kiosk-title")).to_contain_text("⟦")
    assert left(foreign) == set()
    page.keyboard.press("Escape")
    page.locator("#more").click()
    with page.expect_download() as download:
        page.locator("#menu-svg").click()
    written = texts(Path(download.value.path()).read_bytes())
    assert "place_order" in written
    assert english(written.splitlines()) == set()


@pytest.mark.parametrize("beat", [{"hosts_total": 0, "files": 0}, {"hosts_alive": 0}, {"files": 3}], ids=str)
def test_no_english_is_left_on_an_empty_page(foreign: StillPage, beat: dict[str, int]) -> None:
    foreign.open()
    foreign.set_beat(**beat)
    expect(foreign.page.locator(".empty")).to_be_visible()
    assert left(foreign) == set()


def test_no_english_is_left_over_the_graph_nor_in_what_can_be_taken_back(foreign: StillPage) -> None:
    gone = {"nodes": {PACK: "added", ">x": "removed"}, "edges": [], "gone": [], "words": "⟦2⟧", "href": "/"}
    impact = {"id": PACK, "name": "pack", "app": "", "when": "now", "words": "⟦waits⟧", "href": "/"}
    blast = {"name": "pack", "words": "⟦1⟧", "starts": [PLACE], "impacts": [impact, impact | {"when": "later"}]}
    foreign.told |= {
        "/changes/marks": (200, gone),
        "/blast/standard": (200, blast),
        "/places/tidy": (200, {"moved": 2}),
    }
    page = opened(foreign, "?changed=1..2").page
    chip = page.get_by_role("group", name=pseudo("Changes"))
    expect(chip).to_contain_text(f"⟦2⟧, {pseudo('{count} of them not drawn now').format(count=1)}")
    assert left(foreign) == set()
    page.locator("#tidy").dispatch_event("click")
    expect(page.locator("#undo")).to_contain_text(pseudo("Tidied."))
    opened(foreign, f"?blast={PLACE}")
    expect(page.locator(".lens-chip .blast-list h4")).to_have_count(2)
    page.locator(".lens-chip:visible summary").last.click()
    assert left(foreign) == set()


def test_no_english_is_left_in_the_time_bar(foreign: StillPage) -> None:
    told = told_hour()
    marks = [{**mark, "words": "⟦1⟧", "numbers": ""} for mark in told["marks"]]
    foreign.told["/time"] = (200, {**told, "marks": marks, "more": True})
    page = opened(foreign, "?time=1h").page
    page.locator("#time-bar .marks button").first.click()
    expect(page.locator(".mark-card li")).to_have_count(2)
    assert left(foreign) == set()


def test_no_english_is_left_while_it_is_compared(foreign: StillPage) -> None:
    rows = [{**row, "words": "⟦1⟧"} for row in DIFFERENCES["rows"]]
    foreign.told |= {
        "/time": (200, told_earlier()),
        "/time/differences/standard": (200, {**DIFFERENCES, "rows": rows}),
    }
    page = opened(foreign, "?time=1h&against=1d").page
    page.locator(".lens-chip:visible summary").click()
    expect(page.locator(".lens-chip li")).to_have_count(3)
    expect(page.locator("#time-bar .said")).to_contain_text("1.5k")
    assert left(foreign) == set()
    for more in ({"from_s": 0}, {"silent": "now"}):
        foreign.told["/time/differences/standard"] = (200, {**DIFFERENCES, **more, "rows": []})
        page.reload()
        expect(page.locator(".lens-chip:visible")).not_to_contain_text("340")
        assert left(foreign) == set()


def test_english_needs_no_catalogue(still: StillPage) -> None:
    opened(still)
    assert still.page.locator("#texts").text_content() == "{}"
    assert still.page.locator("html").get_attribute("lang") == "en"
