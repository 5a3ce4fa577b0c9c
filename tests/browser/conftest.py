"""A real Chromium, and pages in it that leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.still_page import StillPage
from tests.tools.ensure_browser import CHROMIUM_ARGS, shell_path

#: Playwright's own limits are too short where others use the machine; one that is met costs nothing.
LIMIT_MS = 120_000
expect.set_options(timeout=LIMIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives the browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def kept_browser() -> Iterator[Callable[[], Browser]]:
    """One for files here that follow each other: while Playwright runs, an event loop does, and others want one."""
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def kept() -> Browser:
            if not started or not started[-1].is_connected():
                started.append(playwright.chromium.launch(executable_path=shell_path(), args=CHROMIUM_ARGS))
            return started[-1]

        yield kept
        for each in started:
            each.close()


@pytest.fixture(scope="module")
def browser(kept_browser: Callable[[], Browser]) -> Browser:
    """The kept one; if that has crashed, only its file suffers."""
    return kept_browser()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, with its own cookies and storage."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(LIMIT_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def still(page: Page) -> StillPage:
    """The graph page with a socket the test speaks through."""
    return StillPage(page)


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[StillPage]:
    """A page of nothing for all tests of a file that only import modules and give them something."""
    context = browser.new_context()
    yield StillPage(context.new_page()).open_modules()
    context.close()
