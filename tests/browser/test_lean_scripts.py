"""What is left of each script in the browser it is made for: all other tests of the page run on it, too."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.browser.pictures import shop_snapshot
from tests.browser.still_page import StillPage
from tests.world import ROOT

JS = ROOT / "static" / "js"
#: What begins a page: it offers nothing, and runs at once.
PAGES = {"changes_page.js", "graph_page.js", "not_loaded.js", "sources_page.js", "theme.js"}
OFFERED = """async ([folder, name]) => {
  const module = await import(`/${folder}/js/${name}`);
  return Object.entries(module).map(([name, value]) => [name, typeof value, value?.length ?? null]);
}"""


def test_every_module_offers_what_its_source_offers(still: StillPage) -> None:
    def answer(route: Route) -> None:
        route.fulfill(path=ROOT / "static" / urlsplit(route.request.url).path.removeprefix("/written/"))

    still.page.route("**/written/**", answer)
    still.open_modules()
    names = sorted(path.name for path in JS.glob("*.js") if path.name not in PAGES)
    lean = {name: still.page.evaluate(OFFERED, ["static", name]) for name in names}
    assert lean == {name: still.page.evaluate(OFFERED, ["written", name]) for name in names}
    assert all(lean.values())
    assert still.complaints == []


def test_a_page_gets_them_compressed_and_may_keep_them_for_ever(still: StillPage) -> None:
    with still.page.expect_response("**/static/linked/graph_page.*.js") as asked:
        still.open(hello=[shop_snapshot()])
    headers = asked.value.headers
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert not asked.value.text().startswith("/*")
    expect(still.page.get_by_role("treeitem", name="place_order")).to_be_visible()
    assert still.complaints == []
