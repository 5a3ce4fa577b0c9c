"""Saved views in the page, on a real server: what was saved opens again exactly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.live_page import LiveEventscope
from tests.browser.still_page import node_on_page
from tests.drawn_world import PLACE, SHOP, beat_in_redis, draw_in_redis
from tests.ports import own_port
from tests.world import World, wait_until


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[LiveEventscope]:
    """A web process and a graph that nobody changes."""
    world, port = World(tmp_path_factory.mktemp("views"), migrated=migrated), own_port()
    try:
        client = world.start_valkey()
        draw_in_redis(client)
        beat_in_redis(client, now_s=time.time())
        client.close()
        world.env["PORT"] = str(port)
        world.start_web(port)
        yield LiveEventscope(world, port=port)
    finally:
        world.close()


@pytest.fixture
def page(browser: Browser, address: LiveEventscope) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    address.sign_in(page)
    drawn(page)
    yield page
    context.close()


def drawn(page: Page) -> None:
    wait_until(lambda: page.evaluate("globalThis.eventscope && eventscope.shown().length > 0"))


def seen(page: Page) -> dict[str, Any]:
    """What makes a view: where things stand, what is shown, and where one looks."""
    view = page.evaluate("eventscope.viewport()")
    return {
        "boxes": {key: node["box"] for key, node in page.evaluate("eventscope.snapshot().nodes").items()},
        "shown": sorted(page.evaluate("eventscope.shown()")),
        "folded": page.evaluate("eventscope.folded()"),
        "viewport": [view["x"], view["y"], view["scale"] * 100],
        "find": page.locator("#find-text").input_value(),
    }


def looks_like(page: Page, before: dict[str, Any]) -> bool:
    """The same; the address has where one looks in whole pixels."""
    return seen(page) == before | {"viewport": pytest.approx(before["viewport"], abs=1.5)}


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(page.evaluate("location.search.slice(1)"))


def drag(page: Page, node: str, dx: float, dy: float) -> None:
    x, y, width, height = node_on_page(page, node)
    page.mouse.move(x + width / 2, y + height / 2)
    page.mouse.down()
    page.mouse.move(x + width / 2 + dx, y + height / 2 + dy, steps=3)
    page.mouse.up()


def menu(page: Page) -> Any:
    page.get_by_role("button", name="Saved views").click()
    expect(page.get_by_label("Save what you see now")).to_be_visible()
    return page.locator("#views")


def test_a_saved_view_opens_again_exactly_and_is_its_owners_to_change(page: Page, address: LiveEventscope) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    drag(page, PLACE, 40, 120)
    for _ in range(2):
        page.keyboard.press("-")
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("/")
    page.keyboard.type("pack")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#app-filter").select_option(SHOP)
    page.locator("#stage").hover()
    fitted = seen(page)["viewport"]
    page.mouse.wheel(0, -120)
    wait_until(lambda: seen(page)["viewport"] != fitted)
    before = seen(page)

    listed = menu(page)
    listed.get_by_label("Save what you see now").fill("Orders <b>")
    listed.get_by_role("button", name="Save", exact=True).click()
    expect(listed.get_by_role("link", name="Orders <b>")).to_have_attribute("aria-current", "true")
    slug = query(page)["saved"][0]
    expect(page).to_have_title("Orders <b> – Eventscope")
    page.keyboard.press("Escape")

    page.goto(f"{address.url}/?view=expanded")
    page.goto(f"{address.url}/views/{slug}")
    drawn(page)
    wait_until(lambda: looks_like(page, before))

    # What is moved in it stays this reader's until it is saved.
    drag(page, PLACE, 80, 0)
    moved = seen(page)
    page.reload()
    drawn(page)
    wait_until(lambda: seen(page)["boxes"] == moved["boxes"])
    listed = menu(page)
    listed.get_by_label("More about Orders <b>").click()
    listed.get_by_role("button", name="Save as it is now").click()
    expect(listed.get_by_role("button", name="Save as it is now")).to_be_hidden()
    page.evaluate("localStorage.clear()")
    page.goto(f"{address.url}/views/{slug}")
    drawn(page)
    wait_until(lambda: seen(page)["boxes"] == moved["boxes"])

    listed = menu(page)
    listed.get_by_label("More about Orders <b>").click()
    listed.get_by_role("button", name="Delete").click()
    expect(listed).to_contain_text("None yet.")
    wait_until(lambda: "saved" not in query(page))
    assert page.request.get(f"{address.url}/views/{slug}").status == 404
    assert complaints == []


def test_where_one_looks_is_in_the_address_until_everything_is_shown_again(page: Page) -> None:
    assert "at" not in query(page)
    page.locator("#stage").hover()
    page.mouse.wheel(0, -240)
    wait_until(lambda: "at" in query(page))
    before = seen(page)
    page.reload()
    drawn(page)
    wait_until(lambda: looks_like(page, before))
    page.keyboard.press("0")
    wait_until(lambda: "at" not in query(page))
