"""The menu's form that saves the graph for others."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.browser.pictures import SHOP, shop_snapshot
from tests.browser.still_page import StillPage


def test_the_graph_is_saved_as_it_is_shown(still: StillPage) -> None:
    page = still.page
    still.open(f"?view=expanded&app={SHOP}", hello=[shop_snapshot(view="expanded")])
    page.click("#more")
    page.select_option("#menu-export select", "mermaid")
    with page.expect_request("**/export?*") as asked:
        page.click("#menu-export button")
    assert parse_qs(urlsplit(asked.value.url).query) == {"format": ["mermaid"], "view": ["expanded"], "app": [SHOP]}
