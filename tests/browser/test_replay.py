"""A replay of the graph: from a moment on until it has arrived at now, and its keys and buttons."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import findings
from tests.browser.pictures import NUMBERS, PACK, PLACE, shop_snapshot
from tests.browser.still_page import StillPage
from tests.browser.test_time_bar import HOSTILE, moment_of, told_hour
from tests.world import wait_until

FIRST_S = int(time.time()) // 10 * 10 - 900
PLAYER = ".lens-chip .player"
#: What is said of what is passed stands for a while only.
HEAR = """() => {
  globalThis.heard = [];
  const passed = document.querySelector(".passed");
  new MutationObserver(() => heard.push(passed.textContent)).observe(passed, { childList: true });
}"""


def reel() -> dict[str, Any]:
    """A minute: the shop alone, then it fails, then the packer is there; a deploy brings it."""
    first = moment_of(FIRST_S) | {"drawn": "1"}
    fails = {"nodes": {NUMBERS[PLACE]: {"failed": 20, "state": "fail"}}}
    packer = [node for node in shop_snapshot()["add"]["nodes"] if node["id"] == PACK]
    told: list[dict[str, Any]] = [{"update": fails}, {"add": {"nodes": packer}}, {}, {}, {}, {}]
    frames = [first | {"at_s": FIRST_S}]
    for place, part in enumerate(told, 1):
        at_s = FIRST_S + 10 * place
        delta = {"type": "delta", "seq": place, "at": at_s, **part}
        frames.append({"at_s": at_s, "from_s": at_s - 60, "until_s": at_s, "drawn": "1", "delta": delta})
    words = f"shop 1.0 → 1.1 {HOSTILE}"
    mark = {
        "kind": "deploy",
        "at_s": FIRST_S + 15,
        "until_s": FIRST_S + 15,
        "words": words,
        "severity": "",
        "href": "/",
    }
    newest = {"newest_s": frames[-1]["at_s"], "now_s": frames[-1]["at_s"] + 7}
    return {"step_s": 10, "frames": frames, "marks": [mark], **newest}


def then(still: StillPage, query: str = "") -> Page:
    """The page, showing the first moment of the reel."""
    moment = moment_of(FIRST_S) | {"drawn": "1", "step_s": 10}
    still.told |= {"/time": (200, told_hour()), "/time/moments/standard": (200, moment)}
    still.told["/time/reels/standard"] = (200, reel())
    page = still.open(f"?at_time={FIRST_S}{query}", hello=[shop_snapshot()]).page
    expect(page.get_by_role("group", name="As it was")).to_contain_text("not live")
    return page


def is_at(still: StillPage, at_s: int) -> None:
    """The graph is of this time; the address follows once a second."""
    said = still.take("time_range.js").page.evaluate(
        "s => import('/static/js/time_range.js').then((range) => range.momentText(s))", at_s
    )
    expect(still.page.get_by_role("group", name="As it was").locator("bdi")).to_have_text(said)


def test_space_replays_what_happened_until_it_is_live_again(still: StillPage) -> None:
    page = then(still)
    page.keyboard.press(">")
    expect(page.locator(PLAYER).get_by_role("radio", name="60×")).to_be_checked()
    page.evaluate(HEAR)
    page.locator("#stage").focus()
    page.keyboard.press(" ")
    wait_until(lambda: still.snapshot()["nodes"][PLACE]["stats"]["failed"] == 20)
    wait_until(lambda: PACK in still.snapshot()["nodes"])
    expect(page.locator(".lens-chip[aria-label=Replay]")).to_contain_text("live again")
    heard = "".join(page.evaluate("heard"))
    assert "deploy: shop 1.0 → 1.1" in heard
    assert "\u202e" not in heard
    wait_until(lambda: not re.search("at_time|replay", still.address))
    assert wait_until(lambda: [one for one in page.evaluate("fake.sent") if one["type"] == "resync"])
    still.say(shop_snapshot())
    expect(page.locator("#chip")).to_contain_text("live")
    assert still.snapshot()["nodes"][PLACE]["stats"]["failed"] == 0
    assert still.complaints == []


def test_a_link_replays_at_once_space_holds_it_and_arrows_step(still: StillPage) -> None:
    page = then(still, "&time=1h&replay=1")
    player = page.locator("#time-bar .player")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("group", name="As it was")).to_contain_text("not live, replayed 1× as fast")
    expect(page.locator("#said")).to_have_text("not live")
    page.locator("#stage").focus()
    page.keyboard.press(" ")
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    wait_until(lambda: "replay=" not in still.address)
    # However long it went on.
    held_s = int(re.findall(r"at_time=(\d+)", still.address)[0]) // 10 * 10
    for key, after_s in (("ArrowRight", 10), ("Shift+ArrowRight", 70), ("ArrowLeft", 60), ("Shift+ArrowLeft", 0)):
        page.keyboard.press(key)
        is_at(still, held_s + after_s)
    expect(page.locator(PLAYER)).to_be_hidden()
    player.get_by_role("radio", name="1×", exact=True).press("ArrowRight")
    expect(player.get_by_role("radio", name="5×", exact=True)).to_be_checked()
    player.get_by_role("button", name="A step on").click()
    is_at(still, held_s + 10)
    wait_until(lambda: f"at_time={held_s + 10}" in still.address)
    assert findings(page) == []
    page.keyboard.press("Escape")
    wait_until(lambda: "at_time" not in still.address)
    expect(player.get_by_role("button", name="Replay this time")).to_be_visible()


def test_phones_have_a_list_of_what_happened_that_leads_to_the_graph_then(still: StillPage) -> None:
    still.page.set_viewport_size({"width": 390, "height": 844})
    page = then(still)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Time", exact=True).click()
    rows = page.locator("#time-bar").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(page.locator("#time-bar .said")).to_have_text("3.6k runs · 3 failed")
    expect(rows.first).to_contain_text("incident")
    expect(rows.last).to_contain_text("shop 1.0 → 1.1")
    expect(page.locator("#time-bar canvas")).to_be_hidden()
    assert findings(page) == []
    page.get_by_role("radio", name="24 h").click()
    wait_until(lambda: "time=24h" in still.address)
    expect(rows).to_have_count(3)
    rows.first.get_by_role("button", name="The graph then").click()
    expect(page.locator(PLAYER)).to_be_visible()
    expect(page.locator("#time-bar")).to_be_hidden()
    page.locator(PLAYER).get_by_role("button", name="A step back").click()
    # An incident is seen a second after it began.
    then_s = int(still.told["/time"][1]["marks"][2]["at_s"]) + 1
    is_at(still, then_s // 10 * 10 - 10)


@pytest.mark.parametrize("late", ["reels", "moments"])
def test_the_bar_replays_its_range_and_what_is_not_kept_is_said(still: StillPage, late: str) -> None:
    """Whichever of the two answers comes first."""
    page = then(still, "&time=1h")
    page.keyboard.press("Escape")
    still.told["/time/reels/standard"] = (404, {"why": "#3 is damaged or gone"})
    held: list[Route] = []
    reels: list[str] = []
    page.route(f"**/time/{late}/**", lambda route: held.append(route))
    page.on("request", lambda request: reels.append(request.url) if "/reels/" in request.url else None)
    page.locator("#time-bar").get_by_role("button", name="Replay this time").click()
    if late == "reels":
        is_at(still, still.told["/time"][1]["from_s"])
    # Asked for again: the page has read the first answer.
    wait_until(lambda: still.address and held and (late == "reels" or len(reels) > 1))
    held[0].continue_()
    is_at(still, still.told["/time"][1]["from_s"])
    expect(page.get_by_role("group", name="As it was")).to_contain_text("#3 is damaged or gone")
    expect(page.locator("#time-bar").get_by_role("button", name="Play")).to_be_visible()
