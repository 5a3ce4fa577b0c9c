"""Time in the page: ranges, steps, marks, and the address that holds them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, Position, expect

from tests.browser.axe import findings
from tests.browser.pictures import PLACE, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.browser.test_panel import END_S, charts
from tests.world import wait_until

HOSTILE = "</script>\u202eb"


#: The pointer goes over all of the chart at once, and rests in the middle; what is said aloud of that.
SWEEP = """() => {
  const canvas = document.querySelector("#time-bar canvas"), { left, width } = canvas.getBoundingClientRect();
  const aloud = document.querySelector("#time-bar [role=status]");
  globalThis.heard = [];
  const hear = new MutationObserver(() => heard.push(aloud.textContent));
  hear.observe(aloud, { childList: true, characterData: true, subtree: true });
  for (const share of [0.1, 0.3, 0.76, 0.9, 0.5])
    canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: left + share * width, bubbles: true }));
}"""


def told_hour() -> dict[str, Any]:
    """An hour in minutes: a run each second, three failures a quarter before its end, and what happened."""
    until_s = int(time.time())
    marks: list[dict[str, Any]] = [
        {"kind": "deploy", "words": f"shop 1.0 → 1.1 {HOSTILE}", "href": "/changes?to=2", "numbers": "/time/deploys/2"},
        {"kind": "seen", "words": "db was seen", "href": "/changes?to=3"},
        {"kind": "incident", "words": "pay: It fails", "href": "/incidents/k", "severity": "critical"},
    ]
    for minutes, one in zip((30, 29.9, 15), marks, strict=True):
        at_s = until_s - 60 * minutes
        one |= {"severity": "", "numbers": "", **one, "at_s": at_s, "until_s": at_s}
    marks[2] |= {"until_s": 0, "select": {"node": PLACE}}
    failed = [3 if minute == 45 else 0 for minute in range(60)]
    return {
        "from_s": until_s - 3600,
        "until_s": until_s,
        "step_s": 60,
        "runs": [60] * 60,
        "failed": failed,
        "marks": marks,
        "more": False,
    }


def moment_of(at_s: int) -> dict[str, Any]:
    """Only the shop placed orders then."""
    whole = shop_snapshot()
    add = whole["add"] | {"nodes": [node for node in whole["add"]["nodes"] if node["id"] == PLACE], "edges": []}
    delta = {"type": "delta", "seq": 0, "view": "standard", "at": at_s, "reset": True, "add": add}
    return {"delta": delta, "from_s": at_s - 60, "until_s": at_s}


def processes() -> list[dict[str, Any]]:
    """What processes did in the last minutes."""
    told = (
        (50, "restart", "shop.1x0: 4 processes on 2 hosts replaced within 40 s"),
        (40, "scaled", "shop.1x0: 2 processes more on a"),
        (5, "loop", f"shop.1x0: no process stays on {HOSTILE}"),
    )
    at_s = int(time.time())
    common = {"href": "/?app=shop.1x0", "numbers": "/time/deploys/2"}
    return [
        {"kind": kind, "words": words, "at_s": at_s - 60 * ago, "until_s": at_s - 60 * ago, "severity": "", **common}
        for ago, kind, words in told
    ]


def opened(still: StillPage, query: str = "", extra: Sequence[dict[str, Any]] = ()) -> StillPage:
    side = {"runs": "", "failed": "", "p95": ""}
    after = {"runs": "40", "failed": "25 % of 40", "p95": "19.7 ms"}
    app = {"words": "shop 1.0 → 1.1", "worse": "fails more", "before": side, "after": after}
    hour = told_hour()
    hour["marks"] = sorted([*hour["marks"], *extra], key=lambda mark: float(mark["at_s"]))
    still.told |= {"/time": (200, hour), "/time/deploys/2": (200, {"window_s": 900, "apps": [app]})}
    still.open(query, hello=[shop_snapshot()])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    return still


def place(page: Page, share: float) -> Position:
    """Where a share of the range stands in the chart."""
    box = page.locator("#time-bar canvas").bounding_box()
    assert box
    return {"x": box["width"] * share, "y": 20}


def test_v_opens_it_arrows_walk_in_it_and_the_address_holds_it(still: StillPage) -> None:
    page = opened(still).page
    bar, chart = page.locator("#time-bar"), page.get_by_role("slider", name="Runs and failures over time")
    expect(bar).to_be_hidden()
    page.keyboard.press("v")
    expect(bar.get_by_role("status")).to_have_text("3.6k runs · 3 failed")
    expect(page).to_have_url(re.compile(r"\?time=1h$"))
    expect(page.get_by_role("button", name="Time", exact=True)).to_have_attribute("aria-expanded", "true")
    chart.focus()
    page.keyboard.press("End")
    page.keyboard.press("PageDown")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(bar.locator(".said")).to_contain_text("60 runs · 3 failed")
    expect(chart).to_have_attribute("aria-valuenow", "45")
    page.keyboard.press("Shift+Enter")
    expect(page).to_have_url(re.compile(r"time=\d+\.\.\d+"))
    bar.get_by_role("button", name="Up to now").click()
    bar.get_by_role("radio", name="24 h").click()
    expect(page).to_have_url(re.compile(r"\?time=24h$"))
    still.reload()
    expect(bar.get_by_role("radio", name="24 h")).to_be_checked()
    page.locator("#stage").focus()
    page.keyboard.press("v")
    expect(bar).to_be_hidden()
    expect(page).not_to_have_url(re.compile("time"))
    assert still.complaints == []


def test_aloud_is_said_what_a_hand_rests_on_and_nothing_on_the_way(still: StillPage) -> None:
    page = opened(still, "?time=1h").page
    aloud = page.locator("#time-bar").get_by_role("status")
    expect(aloud).to_have_text("3.6k runs · 3 failed")
    page.evaluate(SWEEP)
    wait_until(lambda: page.evaluate("heard.length"))
    assert [text.partition(" · ")[2] for text in page.evaluate("heard")] == ["60 runs · 0 failed"]
    expect(aloud).to_have_text(page.locator("#time-bar .said").text_content() or "")
    page.keyboard.press("v")
    page.keyboard.press("v")
    expect(aloud).to_have_text("3.6k runs · 3 failed")


def test_dragging_looks_closer(still: StillPage) -> None:
    page = opened(still, "?time=1h").page
    expect(page.locator("#time-bar .said")).to_have_text("3.6k runs · 3 failed")
    chart, said = page.locator("#time-bar canvas"), page.locator("#time-bar .said")
    chart.hover(position=place(page, 0.5))
    expect(said).to_contain_text("60 runs · 0 failed")
    page.mouse.down()
    chart.hover(position=place(page, 0.8))
    expect(said).to_contain_text("1.1k runs · 3 failed")
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"time=\d+\.\.\d+"))
    from_s, until_s = map(int, still.address.partition("time=")[2].split(".."))
    assert 17 * 60 <= until_s - from_s <= 20 * 60


def test_marks_tell_what_happened_and_how_a_deploy_went(still: StillPage) -> None:
    still.told["/time/moments/standard"] = (200, moment_of(int(time.time()) - 900))
    page = opened(still, "?time=1h").page
    marks = page.get_by_role("group", name="What happened", exact=True).get_by_role("button")
    expect(marks).to_have_count(2)
    marks.first.press("Enter")
    card = page.get_by_role("group", name="What happened then")
    expect(card).to_be_focused()
    expect(card.get_by_role("listitem").first).to_contain_text("shop 1.0 → 1.1")
    expect(card).not_to_contain_text("\u202e")
    expect(card.get_by_role("row").last).to_have_text("15 min after4025 % of 4019.7 ms")
    expect(card.get_by_role("table")).to_contain_text("fails more")
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(marks.first).to_be_focused()
    marks.last.click()
    expect(card).to_contain_text("still open")
    expect(card.get_by_role("link", name="pay: It fails")).to_have_attribute("href", "/incidents/k")
    still.told["/time/moments/standard"] = (200, moment_of(int(time.time()) - 900))
    card.get_by_role("button", name="The graph then").click()
    wait_until(lambda: re.search(rf"node={PLACE}&.*at_time=\d+", still.address))


def test_what_processes_did_is_marked_with_how_their_app_did(still: StillPage) -> None:
    page = opened(still, "?time=1h", processes()).page
    marks = page.get_by_role("group", name="What happened", exact=True).get_by_role("button")
    expect(marks).to_have_count(5)
    for place, told in ((0, "restart"), (1, "scaled"), (4, "crash loop")):
        expect(marks.nth(place)).to_have_attribute("aria-label", re.compile(f" {told}: shop.1x0: "))
    marks.first.press("Enter")
    card = page.get_by_role("group", name="What happened then")
    expect(card.get_by_role("table")).to_contain_text("fails more")
    link = card.get_by_role("link", name="shop.1x0: 4 processes on 2 hosts replaced within 40 s")
    expect(link).to_have_attribute("href", "/?app=shop.1x0")
    assert findings(page) == []


def test_a_click_shows_the_graph_as_it_was_and_escape_leads_back(still: StillPage) -> None:
    still.told["/time/moments/standard"] = (200, moment_of(at_s := int(time.time()) - 900))
    page = opened(still, "?time=1h").page
    expect(page.locator("#time-bar .said")).to_contain_text("3.6k runs")
    page.locator("#time-bar canvas").click(position=place(page, 0.75))
    chip = page.get_by_role("group", name="As it was")
    expect(chip).to_contain_text("not live, numbers of")
    expect(page.locator("#chip")).to_contain_text("not live")
    expect(page.locator("#pause")).to_have_text("Back to live")
    wait_until(lambda: (set(still.snapshot()["nodes"]), still.snapshot()["at"]) == ({PLACE}, at_s))
    # What comes live is not taken in.
    still.say(update(2, {PLACE: {"failed": 7}}))
    assert still.snapshot()["nodes"][PLACE]["stats"]["failed"] == 0
    page.locator("#time-bar canvas").press("ArrowLeft")
    still.reload()
    expect(chip).to_contain_text("not live, numbers of")
    wait_until(lambda: set(still.snapshot()["nodes"]) == {PLACE})
    expect(page.locator("#time-bar canvas")).to_have_attribute("aria-valuenow", re.compile(r"\d"))
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    expect(page).not_to_have_url(re.compile("at_time"))
    sent = wait_until(lambda: [one for one in page.evaluate("fake.sent") if one["type"] == "resync"])
    assert sent
    still.say(shop_snapshot())
    expect(page.locator("#chip")).to_contain_text("live")
    wait_until(lambda: set(still.snapshot()["nodes"]) > {PLACE})
    # Paused before that, it takes one picture of now, and is paused again.
    page.keyboard.press("Space")
    page.locator("#time-bar canvas").click(position=place(page, 0.75))
    expect(chip).to_contain_text("not live, numbers of")
    page.keyboard.press("Escape")
    expect(chip).to_be_hidden()
    still.say(shop_snapshot())
    expect(page.locator("#chip")).to_contain_text("paused")
    wait_until(lambda: set(still.snapshot()["nodes"]) > {PLACE})
    assert still.complaints == []


def test_comma_and_full_stop_go_from_what_happened_to_what_happened(still: StillPage) -> None:
    still.told["/time/moments/standard"] = (200, moment_of(int(time.time()) - 900))
    page = opened(still, "?time=1h").page
    expect(page.locator("#time-bar .said")).to_contain_text("3.6k runs")
    deploy, seen, incident = (mark["at_s"] for mark in still.told["/time"][1]["marks"])
    for key, at_s in ((",", incident + 1), (",", seen + 60), (",", deploy + 60), (".", seen + 60), (".", incident + 1)):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"at_time={int(at_s)}$"))
    page.keyboard.press(".")
    note = page.locator(".lens-chip[aria-label=Replay]")
    expect(note).to_contain_text("Nothing happened after that.")
    still.told["/time"] = (503, {"why": "the database does not answer"})
    page.keyboard.press(".")
    expect(note).to_contain_text("the database does not answer")
    expect(page).to_have_url(re.compile(f"at_time={int(incident) + 1}$"))


def test_a_moment_of_which_nothing_is_kept_is_said_over_what_is_live(still: StillPage) -> None:
    still.told["/time/moments/standard"] = (404, {"why": "no topology is kept from so long ago"})
    page = opened(still).page
    page.goto(still.address.partition("?")[0] + "?at_time=5")
    expect(page.get_by_role("group", name="As it was")).to_contain_text("no topology is kept from so long ago")
    expect(page).not_to_have_url(re.compile("at_time"))


def test_what_the_server_does_not_tell_is_said(still: StillPage) -> None:
    page = opened(still).page
    still.told["/time"] = (400, {"why": "Expected ?from="})
    page.locator("#time-open").click()
    expect(page.locator("#time-bar .said")).to_have_text("Expected ?from=")


def test_the_panel_of_a_moment_is_of_then_until_one_goes_back(still: StillPage) -> None:
    at_s = int(time.time()) - 900
    still.told["/time/moments/standard"] = (200, moment_of(at_s))
    still.panel = f'<p>{at_s}</p><a href="/?node={PLACE}" data-now>Show it now</a>' + charts(at_s=END_S - 95)
    # Our scripts alone are as many as a browser remembers unasked.
    still.page.add_init_script("performance.setResourceTimingBufferSize(1000)")
    page = still.open(f"?node={PLACE}&at_time={at_s}", hello=[shop_snapshot()]).page
    panel = page.locator("#panel-content")
    expect(panel).to_contain_text(str(at_s))
    # The last step that was over then.
    expect(panel.locator("#time-chart")).to_have_attribute("aria-valuenow", "79")

    def asked() -> list[str]:
        found = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
        return [one.partition("/panel?")[2] for one in found if "/panel?" in one]

    assert set(asked()) == {f"id={PLACE}&at={at_s}"}
    still.panel = "<p>now</p>"
    panel.get_by_role("link", name="Show it now").click()
    wait_until(lambda: [one for one in page.evaluate("fake.sent") if one["type"] == "resync"])
    still.say(shop_snapshot())
    expect(panel).to_have_text("now")
    wait_until(lambda: still.address.endswith(f"?node={PLACE}"))
    assert asked()[-1] == f"id={PLACE}"
    assert still.complaints == []
