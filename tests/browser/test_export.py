"""What is seen, saved as PNG and SVG: nothing else, nothing less, and nothing that runs."""

from __future__ import annotations

import base64
import re
import struct
import time
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from playwright.sync_api import expect

from tests.browser.pictures import ORDERS, PACK, PLACE, SHOP, shop_snapshot, update
from tests.browser.still_page import StillPage
from tests.browser.test_still_page import VENOM
from tests.tools.large_graph import large_snapshot
from tests.world import wait_until

#: How far the two pictures may differ, of 255: edges of letters are smoothed otherwise.
MOST_DIFFERENCE = 1.0
DIFFERENCE = """async ([svg, png]) => {
  const pixels = async (source) => {
    const picture = new Image(), canvas = document.createElement("canvas");
    picture.src = source;
    await picture.decode();
    [canvas.width, canvas.height] = [2 * innerWidth, 2 * innerHeight];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const [one, other] = [await pixels(svg), await pixels(png)];
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / one.length;
}"""


def saved(still: StillPage, kind: str) -> tuple[str, bytes]:
    """Name and content of the file that the menu saves."""
    still.page.get_by_role("button", name="More").click()
    with still.page.expect_download() as download:
        still.page.get_by_role("button", name=f"as {kind}").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def texts(svg: bytes) -> str:
    """All that is written in it."""
    return "\n".join(
        "".join(element.itertext()) for element in ElementTree.fromstring(svg).iter() if "text" in element.tag
    )


def test_an_svg_is_xml_with_hostile_names_and_nothing_in_it_runs(still: StillPage) -> None:
    for venom in VENOM:
        still.open(f"?find={quote(venom)}", hello=[shop_snapshot(names={PACK: venom, SHOP: f"{venom}\ufffe\ud800"})])
        wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
        name, svg = saved(still, "SVG")
        assert re.fullmatch(r"eventscope-streams-\d{4}-\d\d-\d\d-\d{6}\.svg", name)
        elements = list(ElementTree.fromstring(svg).iter())
        assert {element.tag.partition("}")[2] for element in elements} <= {
            "svg", "title", "desc", "rect", "g", "path", "text", "clipPath",
        }  # fmt: skip
        assert [key for element in elements for key in element.attrib if key.startswith("on") or "href" in key] == []
        assert "orders" in texts(svg)
    assert still.complaints == []


def test_a_picture_has_the_filters_the_theme_and_the_selection(still: StillPage) -> None:
    still.page.emulate_media(color_scheme="dark")
    still.open(f"?app={SHOP}&node={PLACE}&view=standard", hello=[shop_snapshot()])
    expect(still.page.locator("#panel")).to_be_visible()
    _, svg = saved(still, "SVG")
    assert "place_order" in texts(svg)
    assert "pack" not in texts(svg)
    root = ElementTree.fromstring(svg)
    stage = still.page.locator("#stage").bounding_box()
    assert stage
    assert float(root.attrib["width"]) == stage["width"]
    assert root.find("{*}rect").attrib["fill"] == "rgb(11, 17, 32)"  # type: ignore[union-attr]
    still.page.locator("#stage").focus()
    still.page.keyboard.press("Escape")
    assert saved(still, "SVG")[1].count(b"<path") < svg.count(b"<path")


def test_both_files_show_the_same_twice_as_dense(still: StillPage) -> None:
    snapshot = large_snapshot(2)
    still.open(hello=[snapshot])
    wait_until(lambda: still.page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    still.page.keyboard.press("+")
    still.page.keyboard.press("l")
    failing = {"failed": 9, "done": 1, "rate": 2.0, "state": "fail", "last": time.time()}
    still.say(update(2, {"orders.1x0.find": failing}, of=snapshot))
    (svg_name, svg), (png_name, png) = saved(still, "SVG"), saved(still, "PNG")
    width, height = struct.unpack(">II", png[16:24])
    stage = still.page.locator("#stage").bounding_box()
    assert stage
    assert (width, height) == (2 * stage["width"], 2 * stage["height"])
    assert svg_name.removesuffix(".svg") == png_name.removesuffix(".png")
    still.page.set_viewport_size({"width": width // 2, "height": height // 2})
    still.open_modules()
    files = [
        f"data:image/{kind};base64,{base64.b64encode(data).decode()}" for kind, data in (("svg+xml", svg), ("png", png))
    ]
    assert still.page.evaluate(DIFFERENCE, files) < MOST_DIFFERENCE


def test_a_picture_of_what_is_held_does_not_look_alive(still: StillPage) -> None:
    still.open(hello=[shop_snapshot()])
    assert b"feColorMatrix" not in saved(still, "SVG")[1]
    still.page.evaluate("fake.frozen = true")
    expect(still.page.locator("body")).to_have_class(re.compile("lost"))
    assert b"feColorMatrix" in saved(still, "SVG")[1]
    assert ORDERS.removeprefix(">") in texts(saved(still, "SVG")[1])
