from __future__ import annotations

import re
from pathlib import Path

from visualizer.interfaces.node_marks import ICONS, KIND_WORDS, MARKS, STATE_WORDS, shape_of
from visualizer.models.delta import STATES

ICONS_JS = (Path(__file__).resolve().parents[2] / "static" / "js" / "icons.js").read_text("utf-8")


def test_the_panel_draws_the_icons_and_marks_of_the_canvas() -> None:
    on_canvas = dict(re.findall(r'^  (\w+): "(M[^"]+)",$', ICONS_JS, re.MULTILINE))
    shared = ICONS.keys() & on_canvas.keys()
    assert shared >= {"http", "consumer", "service", "stream", "dangling", "external"}
    assert {name: ICONS[name] for name in shared} == {name: on_canvas[name] for name in shared}
    for paths in MARKS.values():
        for path, style in paths:
            assert f'["{path}", "{style}"]' in ICONS_JS


def test_both_use_the_same_words() -> None:
    for word in (*STATE_WORDS.values(), *KIND_WORDS.values()):
        assert f'"{word}"' in ICONS_JS


def test_every_state_and_every_kind_has_its_mark() -> None:
    assert set(MARKS) == set(STATE_WORDS) == set(STATES)
    assert set(ICONS) == set(KIND_WORDS)
    kinds = [("event", "GET"), ("event", "STREAM"), ("event", "SETUP"), ("stream", ""), ("request", ""), ("new", "")]
    assert [shape_of(*kind) for kind in kinds] == ["http", "consumer", "service", "stream", "request", "dangling"]
