"""A signed-in page of a running Eventscope in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from bench.running import PASSWORD, Running
from tests.tools.ensure_browser import CHROMIUM_ARGS, chromium_path


@contextmanager
def signed_in_page(eventscope: Running) -> Iterator[Page]:
    """Open the one-time link, choose a password if it is the first, and come to the graph."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, eventscope)
        yield page
        browser.close()


def sign_in(page: Page, eventscope: Running) -> None:
    """By the link that `up` printed."""
    page.goto(eventscope.sign_in_url)
    if page.locator("input[name=password1]").count():
        page.fill("input[name=password1]", PASSWORD)
        page.fill("input[name=password2]", PASSWORD)
        page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{eventscope.base_url}/*")
    page.wait_for_function("globalThis.eventscope !== undefined")
