from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from visualizer.core.diff_markdown import code, diff_markdown
from visualizer.core.diff_text import diff_text
from visualizer.core.untrusted import visible
from visualizer.models.topology_diff import (
    ADDED,
    CHANGED,
    REMOVED,
    Behaviour,
    BehaviourChange,
    Change,
    SettingChange,
    TopologyDiff,
)

VENOM = "`|</details><script>alert(1)</script> @admin **b** [x](javascript:alert(1)) \u202e\x1b[31m\n| --- |"


def a_diff(name: str = "shop.1x0.pay", *, count: int = 1) -> TopologyDiff:
    changed = Change(how=CHANGED, kind="event", name=name, id="e", settings=(SettingChange("route", "", name),))
    more = [Change(how=ADDED, kind="event", name=f"{name} {i}", declared=False) for i in range(count - 1)]
    before = Behaviour(window_s=900, runs=1240, failed=5, p95_ms=38.0)
    row = BehaviourChange(id="e", name=name, before=before, after=None)
    return TopologyDiff(view="standard", before=name, after="live", changes=(changed, *more), behaviour=(row,))


def tokens(markdown: str) -> list[Token]:
    """Flat, as GitHub's Markdown reads it."""
    parsed = MarkdownIt("commonmark").enable("table").parse(markdown)
    return [inner for token in parsed for inner in (token, *(token.children or ()))]


def test_for_a_terminal_each_change_is_a_line_with_a_sign() -> None:
    lines = diff_text(a_diff()).splitlines()
    assert lines[0] == "shop.1x0.pay → live, standard view: 1 changed"
    assert lines[2:4] == ["~ event shop.1x0.pay", "    route: (not set) → shop.1x0.pay"]
    assert lines[-3:] == ["    rate   1.4 /s → –", "    failed 0.4 % of 1,240 → –", "    p95    38 ms → –"]


def test_a_name_drives_no_terminal() -> None:
    assert diff_text(a_diff(VENOM)).replace("\n", "").isprintable()


def test_for_a_pull_request_details_are_folded() -> None:
    text = diff_markdown(a_diff(count=30))
    assert text.startswith("### Topology: 29 events added, 1 event changed\n")
    assert "<details><summary>10 more</summary>" in text
    assert "seen in logs, not declared" in text
    assert text.count("<details>") == text.count("</details>") == 3
    assert "| `shop.1x0.pay` | 1.4 /s → – | 0.4 % of 1,240 → – | 38 ms → – |  |" in text


def test_hostile_names_stay_names() -> None:
    found = tokens(diff_markdown(a_diff(VENOM)))
    html = [token.content for token in found if token.type in ("html_inline", "html_block")]
    assert all("script" not in part for part in html)
    assert {token.type for token in found} & {"link_open", "strong_open", "image"} == set()
    assert visible(VENOM) in [token.content for token in found if token.type == "code_inline"]


def test_no_row_of_a_table_is_broken() -> None:
    found = tokens(diff_markdown(a_diff(VENOM)))
    rows = sum(token.type == "tr_open" for token in found)
    cells = [token.type in ("td_open", "th_open") for token in found]
    # Changes: 2 rows of 4; settings: 2 of 4; behaviour: 2 of 5.
    assert (rows, sum(cells)) == (6, 26)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_code_span_shows_its_text_and_nothing_else(text: str) -> None:
    found = tokens(f"| |\n| --- |\n| {code(text)} |")
    spans = [token for token in found if token.type in ("code_inline", "text")]
    assert [(span.type, span.content.strip()) for span in spans] == [("code_inline", visible(text).strip())]


@pytest.mark.parametrize(("how", "sign"), [(ADDED, "+"), (REMOVED, "−"), (CHANGED, "~")])
def test_a_change_is_told_by_word_and_by_sign(how: str, sign: str) -> None:
    diff = TopologyDiff(view="standard", before="a", after="b", changes=(Change(how=how, kind="app", name="shop"),))
    assert f"| {sign} {how} | app | `shop` |" in diff_markdown(diff)
