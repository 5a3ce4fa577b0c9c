"""The browser that files of tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error


def test_after_a_crash_the_next_file_has_a_browser_again(kept_browser: Callable[[], Browser]) -> None:
    crashed = kept_browser()
    assert kept_browser() is crashed
    with pytest.raises(Error):
        crashed.new_browser_cdp_session().send("Browser.crash")
    assert kept_browser() is not crashed
    assert kept_browser().contexts == []
