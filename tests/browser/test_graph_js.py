"""The modules without a DOM, run in the browser they are made for."""

from __future__ import annotations

import json

import pytest

from tests.browser.still_page import StillPage
from tests.world import FIXTURES

CASES = json.loads((FIXTURES / "delta_cases.json").read_text("utf-8"))
#: picture → what a Graph holds that was given the picture, and then the delta.
APPLY = """async ({ picture, delta }) => {
  const { Graph } = await import("/static/js/graph.js");
  const graph = new Graph(), list = Object.values, add = {};
  for (const kind of ["nodes", "edges", "apps"]) add[kind] = list(picture[kind]);
  graph.apply({ hub: delta.hub, seq: delta.seq - 1, view: delta.view, at: 0, reset: true, add });
  graph.apply(delta);
  return Object.fromEntries(["nodes", "edges", "apps"].map((kind) => [kind, Object.fromEntries(graph[kind])]));
}"""


def test_a_delta_applied_in_the_browser_makes_what_python_makes(modules: StillPage) -> None:
    for case in CASES:
        delta, nothing = case["delta"], {key: case["delta"][key] for key in ("hub", "seq", "view", "at")}
        after = modules.page.evaluate(APPLY, {"picture": case["after"], "delta": nothing})
        assert modules.page.evaluate(APPLY, {"picture": case["before"], "delta": delta}) == after, case["name"]
        assert set(after["nodes"]) == set(case["after"]["nodes"])


def test_a_delta_that_does_not_follow_is_refused(modules: StillPage) -> None:
    error = modules.page.evaluate(
        """async () => {
          const { Graph } = await import("/static/js/graph.js");
          const graph = new Graph();
          graph.apply({ hub: "h", seq: 4, view: "standard", at: 0, reset: true });
          try { graph.apply({ hub: "h", seq: 6, view: "standard", at: 0 }); } catch (error) { return error.message; }
        }"""
    )
    assert error == "delta 6 of h does not follow 4 of h"


NUMBERS: dict[str, list[tuple[float | None, str]]] = {
    "rateText": [
        (0, "0/s"),
        (0.04, "0.04/s"),
        (0.43, "0.4/s"),
        (9.96, "10/s"),
        (118, "118/s"),
        (1130, "1.1k/s"),
        (2e6, "2M/s"),
    ],
    "durationText": [
        (None, "–"),
        (0.4, "0.4 ms"),
        (38.2, "38 ms"),
        (999.7, "1 s"),
        (3210, "3.2 s"),
        (140_000, "2.3 min"),
    ],
    "percentText": [(0, "0 %"), (0.1243, "12.4 %"), (1, "100 %")],
    "agoText": [(0.31, "0.3 s"), (7.2, "7.2 s"), (12.4, "12 s"), (130, "2 min"), (7300, "2 h"), (864_000, "10 d")],
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_short_and_carry_their_unit(modules: StillPage, name: str) -> None:
    values = [value for value, _ in NUMBERS[name]]
    said = modules.page.evaluate(
        """async ([name, values]) => {
          const texts = await import("/static/js/numbers.js");
          return values.map((value) => texts[name](value));
        }""",
        [name, values],
    )
    assert said == [text for _, text in NUMBERS[name]]


def test_what_is_under_the_pointer_stays_there_when_zoomed(modules: StillPage) -> None:
    before, after = modules.page.evaluate(
        """async () => {
          const { Viewport } = await import("/static/js/viewport.js");
          const view = new Viewport();
          view.resize(800, 600);
          view.panBy(-37, 12);
          const before = view.toWorld(200, 300);
          view.zoomAt(1.7, 200, 300);
          return [before, view.toWorld(200, 300)];
        }"""
    )
    assert after == pytest.approx(before)
