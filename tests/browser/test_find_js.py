"""The find language: what it takes, what it refuses and where, and which nodes it finds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.pictures import ORDERS, PACK, PLACE, shop_snapshot
from tests.browser.still_page import StillPage

FIND = """async ([expression, snapshot]) => {
  const { Graph } = await import("/static/js/graph.js"), { parseFind } = await import("/static/js/find_parser.js");
  const { findMatch } = await import("/static/js/find_match.js"), graph = new Graph();
  graph.apply(snapshot);
  try {
    return [...findMatch(parseFind(expression), graph)];
  } catch (error) {
    return { message: error.message, at: error.at, end: error.end };
  }
}"""
COMPLETE = """async ([text, snapshot]) => {
  const { Graph } = await import("/static/js/graph.js"), { findComplete } = await import("/static/js/find_complete.js");
  const graph = new Graph();
  graph.apply(snapshot);
  return findComplete(text, text.length, graph);
}"""


def picture() -> dict[str, Any]:
    snapshot = shop_snapshot()
    for node in snapshot["add"]["nodes"]:
        node["stats"] = dict(node["stats"])
    place, orders, pack = (node["stats"] for node in snapshot["add"]["nodes"][1:])
    place.update(failed=12, done=48, rate=20.0, p95=1500.0, state="fail")
    orders.update(wait=3200.0, state="wait")
    pack.update(rate=0.0, state="idle")
    return snapshot


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("", []),
        ("pack", [PACK]),
        ("plcord", [PLACE]),
        ('"place_order"', [PLACE]),
        ("err>1%", [PLACE]),
        ("err>1% and name~pa", []),
        ("err>=20% or name~pa", [PLACE, PACK]),
        ("wait.p95>3s", [ORDERS]),
        ("wait>3.3s", []),
        ("p95>1s p95<2000ms", [PLACE]),
        ("rate>10/s", [PLACE]),
        ("rate>=0 !active", [PACK]),
        ("not problem", [PACK]),
        ("state=wait", [ORDERS]),
        ("stream:orders", [PLACE, ORDERS, PACK]),
        ("app in (store, nobody)", [PACK]),
        ("app=shop kind=stream", [ORDERS]),
        ("type=POST", [PLACE]),
        ('host~"b:2"', [PACK]),
        ("upstream(pack)", [PLACE, ORDERS, PACK]),
        ("upstream(pack) depth 1", [ORDERS, PACK]),
        ("downstream(orders) and !(name=orders)", [PACK]),
        ("around(orders)", [PLACE, ORDERS, PACK]),
        ("AROUND(ORDERS) DEPTH 0", [ORDERS]),
        ("name!~o", [PACK]),
    ],
)
def test_an_expression_finds_nodes(modules: StillPage, expression: str, found: list[str]) -> None:
    assert modules.page.evaluate(FIND, [expression, picture()]) == found


@pytest.mark.parametrize(
    ("expression", "message", "marked"),
    [
        ("err>", "expected a value", ""),
        ("err>fast", "expected a number such as 5%, found “fast”", "fast"),
        ("wait>5%", "expected a number such as 200ms, found “5%”", "5%"),
        ("err~5", "err is a number: use >, >=, <, <=, = or !=", "5"),
        ("name>5", "name is a text: use =, !=, ~ or !~", "name"),
        ("colour=red", "no field “colour”", "colour"),
        ("constructor=1", "no field “constructor”", "constructor"),
        ("state=sad", "no state “sad”; there are fail, warn", "sad"),
        ("(pack", "expected )", ""),
        ("pack)", "expected and, or, or the end, found “)”", ")"),
        ("upstream(pack) depth far", "expected a number of hops, found “far”", "far"),
        ("and", "expected a name or a field, found “and”", "and"),
        ("= =", "expected a name or a field, found “=”", "="),
    ],
)
def test_what_says_nothing_is_refused_in_its_place(
    modules: StillPage, expression: str, message: str, marked: str
) -> None:
    error = modules.page.evaluate(FIND, [expression, picture()])
    assert error["message"].startswith(message)
    assert expression[error["at"] : error["end"]] == marked


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sta", ["state="]),
        ("state=wa", ["warn ", "wait "]),
        ("app in (st", ["store ", "store.1x0 "]),
        ("err>", ["1% "]),
        ("upstream(ord", ["orders "]),
        ("pack ", ["and ", "or "]),
        ("o", ["observed "]),
    ],
)
def test_what_may_come_next_is_offered(modules: StillPage, text: str, first: list[str]) -> None:
    offered = [each["text"] for each in modules.page.evaluate(COMPLETE, [text, picture()])]
    assert offered[: len(first)] == first or set(first) <= set(offered)


def test_any_text_is_read_or_refused_and_nothing_else(modules: StillPage) -> None:
    for text in ('"', "((((", "!!!!", "name=", "in in in", "() or ,", "\u202e<script>", "a" * 5000, "!" * 3000):
        answer = modules.page.evaluate(FIND, [text, picture()])
        assert isinstance(answer, list) or answer["message"]
    assert modules.complaints == []
