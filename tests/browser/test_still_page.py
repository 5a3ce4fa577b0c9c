"""The page without a server: what it says, keeps and refuses."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.pictures import ORDERS, PACK, PLACE, SHOP, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.world import wait_until

VENOM = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><svg/onload=alert(1)>",
    "{{ 7*7 }}{% csrf_token %}",
    "javascript:alert(1)",
    "a\u202egnp.exe",
    "\x1b[31mred\u2028new",
    "名前 ñandú 🚀",
]


#: Clicks it while it is there: who is refused tries by itself, too.
TRY_NOW = """() => {
  const again = document.querySelector("#chip button");
  if (again) fake.refuse = false, again.click();
  return Boolean(again);
}"""


def test_what_the_hub_sends_is_drawn_and_listed(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    expect(still.page.locator("#chip")).to_contain_text(re.compile("^live"))
    expect(still.page.get_by_role("treeitem", name="place_order")).to_be_visible()
    assert list(still.snapshot()["nodes"]) == [f"{PLACE}.POST", PLACE, ORDERS, PACK]
    wait_until(lambda: _painted_pixels(still) > 1000)
    assert still.complaints == []


def test_deltas_are_acknowledged_by_and_by_and_a_gap_asks_for_a_resync(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    wait_until(lambda: still.page.evaluate("fake.sent") == [{"type": "ack", "seq": 1}])
    still.say(update(2, {PACK: {"started": 61, "state": "ok"}}))
    wait_until(lambda: still.page.evaluate("fake.sent.at(-1)") == {"type": "ack", "seq": 2})  # with the beat
    for seq in range(3, 7):
        still.page.evaluate("message => fake.say(message)", update(seq, {PACK: {"started": 60 + seq, "state": "ok"}}))
    wait_until(lambda: {"type": "ack", "seq": 6} in still.page.evaluate("fake.sent"))
    still.say(update(9, {PACK: {"started": 69, "state": "ok"}}))
    wait_until(lambda: {"type": "resync"} in still.page.evaluate("fake.sent"))
    assert still.snapshot()["nodes"][PACK]["stats"]["started"] == 66
    still.say(shop_snapshot(seq=12))
    assert still.snapshot()["seq"] == 12


def test_a_beat_that_is_ahead_asks_for_a_resync(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    still.set_beat(seq=4)
    wait_until(lambda: {"type": "resync"} in still.page.evaluate("fake.sent"))


def test_a_changed_number_changes_the_picture_and_nothing_changes_nothing(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    before = _picture(still)
    still.say(update(2, {PACK: {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail"}}))
    wait_until(lambda: _picture(still) != before)
    failing, heard = _picture(still), still.page.locator("#clock").inner_text()
    expect(still.page.locator("#clock")).not_to_have_text(heard)
    assert _picture(still) == failing


def test_a_frozen_server_is_said_in_time_and_the_picture_is_held(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    expect(still.page.locator("#chip")).to_contain_text(re.compile("^live"))
    still.page.evaluate("fake.frozen = true")
    expect(still.page.locator("#chip")).to_contain_text("Reconnecting")
    assert re.search(r"as of \d\d:\d\d:\d\d", still.chip())
    expect(still.page.locator("body")).to_have_class(re.compile("lost"))
    expect(still.page.locator(".stage")).to_have_css("filter", "saturate(0.3)")
    assert "live" not in still.page.locator("body").inner_text().lower().split()
    assert len(still.snapshot()["nodes"]) == 4
    still.page.evaluate("fake.frozen = false")
    expect(still.page.locator("#chip")).to_contain_text(re.compile("^live"))


def test_a_stopped_server_is_said_at_once_and_counted_down(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    still.page.evaluate("() => { fake.refuse = true; fake.drop(); }")
    expect(still.page.locator("#chip")).to_contain_text("Reconnecting")
    expect(still.page.locator("#chip")).to_contain_text(re.compile(r"Reconnecting in \d s"))
    expect(still.page.locator("#chip").get_by_role("button", name="Try now")).to_be_visible()
    wait_until(lambda: still.page.evaluate(TRY_NOW))
    expect(still.page.locator("#chip")).to_contain_text(re.compile("^live"))


def test_a_server_that_knows_of_a_loss_behind_it_is_not_shown_as_live(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    still.set_beat(behind_s=None, problems=["No collector has reported for 12 s."])
    expect(still.page.locator("#chip")).to_contain_text("not live")
    expect(still.page.locator("#chip")).to_contain_text("No collector has reported for 12 s.")
    expect(still.page.locator("body")).to_have_class(re.compile("lost"))


def test_filters_selection_and_pause_live_in_the_address_and_survive_a_reload(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    still.page.locator("#app-filter").select_option(SHOP)
    still.page.get_by_role("treeitem", name="place_order").click()
    still.page.locator("#pause").click()
    still.reload()
    expect(still.page.locator("#chip")).to_contain_text("paused")
    expect(still.page.locator("#app-filter")).to_have_value(SHOP)
    expect(still.page.locator("#panel")).to_be_visible()
    expect(still.page.get_by_role("treeitem", name="place_order")).to_have_attribute("aria-selected", "true")
    expect(still.page.get_by_role("treeitem", name="pack")).to_have_count(0)


def test_an_app_is_shown_with_the_streams_it_touches(still: StillPage) -> None:
    still.open("?app=store.1x0", hello=[shop_snapshot()])
    expect(still.page.get_by_role("treeitem", name="pack")).to_be_visible()
    expect(still.page.get_by_role("treeitem", name="orders")).to_be_visible()
    expect(still.page.get_by_role("treeitem", name="place_order")).to_have_count(0)


def test_a_host_filter_that_leaves_nothing_says_so_and_is_cleared(still: StillPage) -> None:
    still.open("?host=http://gone:1", hello=[shop_snapshot()])
    expect(still.page.get_by_role("heading", name="0 of 4 match")).to_be_visible()
    still.page.get_by_role("button", name="Clear the filters").click()
    expect(still.page.get_by_role("treeitem", name="pack")).to_be_visible()


def test_a_paused_page_keeps_its_picture_and_catches_up(still: StillPage) -> None:
    # What is no time is none.
    still.open("?at_time=abc", hello=[shop_snapshot()])
    still.page.keyboard.press("Space")
    still.say(update(2, {PACK: {"started": 99, "state": "ok"}}))
    assert still.snapshot()["nodes"][PACK]["stats"]["started"] == 60
    still.page.locator("#pause").click()
    wait_until(lambda: {"type": "resync"} in still.page.evaluate("fake.sent"))
    expect(still.page.locator("#pause")).to_contain_text("Live")


def test_in_a_smaller_window_all_is_seen_that_was_and_what_is_chosen_from_near(still: StillPage) -> None:
    page = still.open(hello=[shop_snapshot()]).page

    def is_seen(node: str) -> bool:
        stage, (left, right) = page.locator("#stage").bounding_box(), still.node_sides(node)
        return bool(stage and stage["x"] <= left and right <= stage["x"] + stage["width"])

    still.click_node(PLACE)
    expect(page.locator("#panel")).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 700})
    wait_until(lambda: page.evaluate("eventscope.viewport().scale") < 0.75)
    assert is_seen(PLACE)
    assert is_seen(PACK)
    page.get_by_role("treeitem", name="pack").click()
    wait_until(lambda: page.evaluate("eventscope.viewport().scale") > 0.74)
    page.set_viewport_size({"width": 900, "height": 700})
    page.wait_for_function("() => innerWidth === 900")
    wait_until(lambda: is_seen(PACK))
    assert page.evaluate("eventscope.viewport().scale") > 0.74


def test_the_queues_view_asks_for_the_other_graph(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    still.page.get_by_role("radio", name="Queues").click()
    wait_until(lambda: still.page.evaluate("fake.urls.length") == 2)
    assert still.page.evaluate("fake.urls[1]").endswith("/ws/graph?view=expanded")
    assert still.address.endswith("/?view=expanded")


def test_a_click_on_a_node_opens_its_panel_beside_it_and_escape_closes(still: StillPage) -> None:
    still.panel = "<header class='p-head'><h2>pack</h2></header>"
    still.open(hello=[shop_snapshot()])
    still.click_node(PACK)
    expect(still.page.locator("#panel h2")).to_have_text("pack")
    left, right = still.node_sides(PACK)
    stage = still.page.locator("#stage").bounding_box()
    assert stage
    assert stage["x"] <= left < right <= stage["x"] + stage["width"]
    still.page.keyboard.press("Escape")
    expect(still.page.locator("#panel")).to_be_hidden()


def test_arrows_walk_along_the_edges(still: StillPage) -> None:
    still.open(f"?node={PLACE}", hello=[shop_snapshot()])
    still.page.locator("#stage").focus()
    for key, expected in (("ArrowRight", ORDERS), ("ArrowRight", PACK), ("ArrowLeft", ORDERS)):
        still.page.keyboard.press(key)
        wait_until(lambda node=expected: parse_qs(urlsplit(still.address).query)["node"] == [node])  # type: ignore[misc]


def test_nothing_configured_says_what_to_set(still: StillPage) -> None:
    still.open()
    still.set_beat(hosts_alive=0, hosts_total=0, files=0)
    expect(still.page.get_by_role("heading", name="No apps configured")).to_be_visible()
    expect(still.page.locator(".empty")).to_contain_text("EVENTSCOPE_HOSTS=")


def test_a_graph_without_lines_says_so_beside_it(still: StillPage) -> None:
    snapshot = shop_snapshot()
    for node in snapshot["add"]["nodes"]:
        node |= {"stats": {}, "observed": False}
    still.open(hello=[snapshot])
    still.set_beat(files=0)
    expect(still.page.get_by_role("heading", name="No log lines yet")).to_be_visible()
    card = still.page.locator(".empty").bounding_box()
    assert card
    wait_until(lambda: still.node_sides(PACK)[1] <= card["x"])


def test_lines_without_a_run_are_counted_and_lead_to_the_sources(still: StillPage) -> None:
    snapshot = shop_snapshot()
    for node in snapshot["add"]["nodes"]:
        node |= {"stats": {}, "observed": False}
    still.open(hello=[snapshot])
    still.set_beat(lines=1204)
    expect(still.page.get_by_role("heading", name="Log lines, but no runs")).to_be_visible()
    expect(still.page.locator(".empty")).to_contain_text("1,204 lines read, 0 counted")
    expect(still.page.locator(".empty code")).to_contain_text("manage.py inspect_logs")
    expect(still.page.locator(".empty").get_by_role("link", name="See the sources")).to_have_attribute(
        "href", "/sources"
    )


def test_a_healthy_silence_says_how_long_and_since_when(still: StillPage) -> None:
    snapshot = shop_snapshot()
    for node in snapshot["add"]["nodes"]:
        node["stats"] = {}
    still.open(hello=[snapshot])
    still.set_beat(newest_s=time.time() - 100)
    expect(still.page.locator("#chip")).to_contain_text("live")
    expect(still.page.locator(".empty")).to_have_count(0)
    still.set_beat(newest_s=time.time() - 725)
    expect(still.page.get_by_role("heading", name="Nothing happening for 12 min")).to_be_visible()
    expect(still.page.locator(".empty")).to_contain_text(re.compile(r"last event\s*\d\d:\d\d:\d\d"))
    still.set_beat(problems=["No collector has reported."])
    expect(still.page.locator(".empty")).to_have_count(0)


def test_hostile_names_are_text_and_nothing_else(still: StillPage) -> None:
    for venom in VENOM:
        still.open(hello=[shop_snapshot(names={PACK: venom, ORDERS: venom, SHOP: venom})])
        shown = re.sub(r"[\x00-\x1f\u200e\u200f\u2028-\u202e\u2066-\u2069]", "\ufffd", venom)
        expect(still.page.locator(".row.node .n").filter(has_text=shown)).to_have_count(2)
        expect(still.page.locator(".row.app .n").filter(has_text=shown)).to_have_count(1)
        assert shown in still.page.locator("#app-filter").inner_text()
        assert still.page.locator("#tree img, #tree script").count() == 0
    assert still.complaints == []


def test_light_dark_or_the_systems_choice_is_remembered(still: StillPage) -> None:
    still.page.emulate_media(color_scheme="light")
    still.open(hello=[shop_snapshot()])
    ground = "getComputedStyle(document.body).backgroundColor"
    light = still.page.evaluate(ground)
    still.page.get_by_role("button", name="More").click()
    still.page.get_by_role("radio", name="Dark").check()
    dark = still.page.evaluate(ground)
    still.reload()
    assert still.page.evaluate(ground) == dark != light
    still.page.get_by_role("button", name="More").press("Enter")
    expect(still.page.get_by_role("radio", name="Dark")).to_be_checked()
    still.page.get_by_role("radio", name="System").check()
    assert still.page.evaluate(ground) == light
    still.page.emulate_media(color_scheme="dark")
    assert still.page.evaluate(ground) == dark


def test_a_phone_gets_the_list_with_problems_first(still: StillPage) -> None:
    still.page.set_viewport_size({"width": 390, "height": 844})
    still.open(hello=[shop_snapshot()])
    still.say(
        update(2, {PACK: {"started": 60, "done": 40, "failed": 20, "rate": 1.0, "state": "fail", "last": time.time()}})
    )
    expect(still.page.locator("#problems button")).to_contain_text("33.3 % failed")
    assert still.page.evaluate("document.documentElement.scrollWidth") <= 390
    still.page.locator("#problems button").click()
    expect(still.page.locator("#panel")).to_be_visible()
    expect(still.page.locator("#chip-below")).to_contain_text("live")


def test_htmx_is_hardened(still: StillPage) -> None:
    still.open()
    names = ["allowEval", "allowScriptTags", "includeIndicatorStyles", "selfRequestsOnly"]
    assert still.page.evaluate("names => names.map((name) => htmx.config[name])", names) == [False, False, False, True]


def _picture(still: StillPage) -> str:
    still.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture: str = still.page.evaluate("document.getElementById('graph').toDataURL()")
    return picture


def _painted_pixels(still: StillPage) -> int:
    painted: int = still.page.evaluate(
        """() => {
          const canvas = document.getElementById("graph");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((value, i) => i % 4 === 3 && value > 0).length;
        }"""
    )
    return painted


FLOOD = """async ([messages, pause]) => {
  const seqs = new Set()
  for (const message of messages) {
    fake.say(message)
    if (pause) await new Promise((done) => setTimeout(done, pause))
    seqs.add(eventscope.snapshot().seq)
  }
  return seqs.size
}"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden })
  document.dispatchEvent(new Event("visibilitychange"))
}"""


def test_deltas_of_one_frame_are_taken_in_together_and_a_hidden_page_takes_them_in_four_times_a_second(
    still: StillPage,
) -> None:
    still.open(hello=[shop_snapshot()])
    wait_until(lambda: still.snapshot()["seq"] == 1)
    updates = [update(seq, {PACK: {"started": seq, "state": "ok"}}) for seq in range(2, 40)]
    assert still.page.evaluate(FLOOD, [updates[:10], 0]) == 1
    wait_until(lambda: still.snapshot()["seq"] == 11)
    still.page.evaluate(HIDE, True)
    began = time.monotonic()
    changes = still.page.evaluate(FLOOD, [updates[10:], 25])
    assert 1 < changes <= 2 + 4 * (time.monotonic() - began)
    still.page.evaluate(HIDE, False)
    wait_until(lambda: still.snapshot()["seq"] == 39)
    assert still.snapshot()["nodes"][PACK]["stats"]["started"] == 39
