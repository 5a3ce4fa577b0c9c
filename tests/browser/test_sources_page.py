"""The page about sources, old apps and notices in a real browser, on a whole Eventscope."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.live_page import LiveEventscope, running
from tests.world import World, wait_until

HOSTILE_NAME = '"><img src=x onerror=alert(1)>\u202egol.log'
HOSTILE_LINE = "<script>alert(document.domain)</script> no line of anybody's"
OLD_APP = "forgotten.1x0"


@pytest.fixture(scope="module")
def eventscope(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[LiveEventscope]:
    """One for all tests here, on a hostile folder and with an app that was seen last a month ago."""
    world = World(tmp_path_factory.mktemp("sources") / "world", migrated=migrated)
    (world.logs / HOSTILE_NAME).write_text(f"{HOSTILE_LINE}\n" * 5)
    _remember_old_app(world.sqlite)
    with running(world) as live:
        live.append("place_order", "START", "DONE")
        yield live


@pytest.fixture(scope="module")
def cookies(eventscope: LiveEventscope, browser: Browser) -> list[object]:
    """The session of the administrator, who signs in once."""
    context = browser.new_context()
    eventscope.sign_in(context.new_page())
    found: list[object] = list(context.cookies())
    context.close()
    return found


@pytest.fixture
def signed_in(cookies: list[object], page: Page) -> Iterator[Page]:
    """A page that must have complained of nothing in the end, a dialog least of all."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    yield page
    assert complaints == []


def test_a_file_grows_before_ones_eyes(eventscope: LiveEventscope, signed_in: Page) -> None:
    signed_in.goto(f"{eventscope.url}/sources?q=place_order")
    row = signed_in.locator("tr", has_text="place_order.log")
    expect(row).to_contain_text("hopeit")
    signed_in.keyboard.press("/")
    expect(signed_in.locator("#find-words")).to_be_focused()
    signed_in.locator("#sort-lag").focus()
    before = row.locator("td").nth(1).get_attribute("title")
    for _ in range(20):
        eventscope.append("place_order", "START", "DONE")
    wait_until(lambda: row.locator("td").nth(1).get_attribute("title") != before)
    expect(row.locator("td").nth(4)).to_have_text(re.compile(r"\d/s"))
    expect(signed_in.locator("#sort-lag")).to_be_focused()
    assert signed_in.evaluate("location.href").endswith("?q=place_order")


def test_it_is_found_and_sorted_without_leaving_the_page(eventscope: LiveEventscope, signed_in: Page) -> None:
    signed_in.goto(f"{eventscope.url}/sources")
    signed_in.evaluate("globalThis.stayed = true")
    expect(signed_in.locator("table.sources tbody tr")).to_have_count(2)
    signed_in.locator("#find-words").press_sequentially("place")
    expect(signed_in.locator("table.sources tbody tr")).to_have_count(1)
    expect(signed_in.locator("#find-words")).to_have_value("place")
    signed_in.locator("#sort-path").click()
    expect(signed_in.locator("th[aria-sort='ascending']")).to_have_text(re.compile("File"))
    wait_until(lambda: signed_in.evaluate("location.href").endswith("?q=place&sort=path"))
    signed_in.locator("#find-words").fill("no such file")
    expect(signed_in.get_by_role("heading", name="0 of 2 match")).to_be_visible()
    assert signed_in.evaluate("stayed") is True


def test_hostile_names_and_lines_are_text(eventscope: LiveEventscope, signed_in: Page) -> None:
    signed_in.goto(f"{eventscope.url}/sources?only=problems")
    row = signed_in.locator("tr", has_text="onerror")
    expect(row.locator(".name")).to_have_text('"><img src=x onerror=alert(1)>\\u202egol.log')
    expect(row.locator("pre")).to_contain_text(HOSTILE_LINE)
    expect(row).to_contain_text("unknown format")
    assert signed_in.locator("main img, main script").count() == 0


def test_an_old_app_comes_back_by_a_click(eventscope: LiveEventscope, signed_in: Page) -> None:
    signed_in.goto(eventscope.url)
    wait_until(lambda: signed_in.evaluate("Object.keys(globalThis.eventscope?.snapshot().nodes ?? {}).length"))
    assert f"{OLD_APP}.run" not in _drawn(signed_in)
    line = signed_in.locator(".old-apps summary")
    expect(line).to_have_text("1 old app hidden")
    line.click()
    expect(signed_in.locator(".old-list")).to_contain_text(f"{OLD_APP}30 d ago")
    signed_in.get_by_role("button", name=f"Show {OLD_APP} again").click()
    wait_until(lambda: f"{OLD_APP}.run" in _drawn(signed_in))
    expect(line).to_be_hidden()
    signed_in.goto(f"{eventscope.url}/apps")
    expect(signed_in.locator("tbody")).to_contain_text("forgotten")


def test_a_limit_of_names_is_told_on_the_graph_and_with_the_sources(
    eventscope: LiveEventscope, signed_in: Page
) -> None:
    said = "Names beyond the limit of 2,000 events of app shop.1x0 are counted as __other__: about 300 so far."
    now_s = int(time.time())
    _write(
        eventscope.world.sqlite,
        "INSERT INTO visualizer_cardinalitylimit (dimension, within, shard, names_beyond, offender, first_s, last_s) "
        "VALUES ('app_events', 'shop.1x0', 0, 321, '', ?, ?)",
        now_s, now_s,
    )  # fmt: skip
    signed_in.goto(eventscope.url)
    expect(signed_in.locator(".notices")).to_have_text(said)
    signed_in.goto(f"{eventscope.url}/sources")
    expect(signed_in.locator(".note")).to_have_text(said)


def _drawn(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(eventscope.snapshot().nodes)")
    return found


def _write(database: Path, sql: str, *args: object) -> None:
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        connection.execute(sql, args)


def _remember_old_app(database: Path) -> None:
    long_ago_s = int(time.time()) - 30 * 86400
    _write(
        database,
        "INSERT INTO visualizer_activity (id, app, plugin, event, kind, stream, queue, consumer_group, first_seen_s) "
        "VALUES (1, ?, '', 'run', 'request', '', '', '', ?)",
        OLD_APP, long_ago_s,
    )  # fmt: skip
    _write(database, "INSERT INTO visualizer_seenserver (id, host_name, pid) VALUES (1, 'vm', '1')")
    _write(
        database,
        "INSERT INTO visualizer_total (activity_id, server_id, shard, started, done, failed, ignored, last_s) "
        "VALUES (1, 1, 0, 1, 1, 0, 0, ?)",
        long_ago_s,
    )
