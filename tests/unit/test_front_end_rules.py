"""What holds for every file people's browsers get, by reading them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.scripts import modules

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
#: Ways to make markup or code out of text.
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setAttribute\(.style"
)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
LENGTH = re.compile(r"(?<![\w.-])\d*\.?\d+(px|rem|em|ms|s)\b")


def name_of(path: Path) -> str:
    return path.name


def test_there_is_something_to_hold_to_the_rules() -> None:
    assert len(SCRIPTS) > 20
    assert len(SHEETS) > 8
    assert len(TEMPLATES) > 5


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_a_script_is_short_and_makes_no_markup_of_text(script: Path) -> None:
    text = script.read_text("utf-8")
    assert len(text.splitlines()) <= 120
    assert FORBIDDEN.findall(text) == []
    assert script.name == "later.js" or "import(" not in text, "later() asks again when it failed, import() does not"
    assert re.findall(r"https?://(?!www\.w3\.org|host)[\w.]+", text) == []


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=name_of)
def test_colours_and_lengths_stand_in_the_tokens_only(sheet: Path) -> None:
    lines = [line for line in sheet.read_text("utf-8").splitlines() if not line.lstrip().startswith(("/*", "*", "@"))]
    found = [line.strip() for line in lines if COLOUR.search(line) or LENGTH.search(re.sub(r"var\([^)]*\)", "", line))]
    assert found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_style_or_handler(template: Path) -> None:
    text = template.read_text("utf-8")
    assert re.findall(r"\sstyle=|<style|\son\w+=|hx-on|\|safe|autoescape off|(?:src|href)=.https?://", text) == []


def test_the_legend_explains_every_line_that_is_drawn() -> None:
    painter = (ROOT / "static" / "js" / "edge_painter.js").read_text("utf-8")
    dashes = re.search(r"const DASHES = \{(.*?)\};", painter)
    assert dashes
    states = re.findall(r"(\w+): \[", dashes[1])
    assert len(states) > 5
    legend = (ROOT / "templates" / "_legend.html").read_text("utf-8")
    assert [state for state in states if state != "confirmed" and f'class="{state}"' not in legend] == []


def test_what_asks_for_a_part_that_comes_later_is_known_before_it_comes() -> None:
    asks = (ROOT / "static" / "js" / "rest_part.js").read_text("utf-8")
    late = modules("rest.js") - modules("graph_page.js")
    texts = [(ROOT / "static" / "js" / name).read_text("utf-8") for name in late]
    items = {item for text in texts for item in re.findall(r'onMenu\("([\w-]+)"', text)}
    keys = {key for text in texts for key in re.findall(r'\bkeys(?:\.(\w)|\["(.)"\]) = ', text) for key in key if key}
    assert {"menu-tour", "menu-keys"} <= items
    assert {"?", "k"} <= keys
    assert [item for item in items if f"#{item}" not in asks] == []
    assert keys == set(re.findall(r'"(.)"', re.search(r"const KEYS = \[(.*)\]", asks)[1]))  # type: ignore[index]
