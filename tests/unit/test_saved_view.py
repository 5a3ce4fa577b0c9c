from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualizer.core.saved_view import read_look, read_name
from visualizer.models.errors import BadSavedView
from visualizer.models.saved_view import MAX_QUERY_CHARS, MOST_PINS

PINS = {"standard": {"nodes": {"a.1x0.e": [8, -16.5]}, "apps": {"a.1x0": [0, 0]}}}


def test_what_the_page_sends_is_kept() -> None:
    look = read_look("?app=a.1x0&find=err%3E1%25&at=1_2_0.5&saved=x&paused=1", json.dumps(PINS))
    assert look.query == "app=a.1x0&find=err%3E1%25&at=1_2_0.5"
    assert look.pins["standard"].nodes == {"a.1x0.e": (8, -16.5)}


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        ("[", "as the page sends them"),
        ('{"standard": {"nodes": {"e": [1]}}}', "as the page sends them"),
        ('{"standard": {"edges": {}}}', "as the page sends them"),
        ('{"sideways": {}}', "standard, expanded"),
        ('{"standard": {"nodes": {"e": [1e9, 0]}}}', "farther away"),
        (json.dumps({"standard": {"nodes": {str(n): [0, 0] for n in range(MOST_PINS + 1)}}}), "at most 500 pins"),
    ],
)
def test_pins_that_are_none_are_refused_with_what_was_expected(pins: str, said: str) -> None:
    with pytest.raises(BadSavedView, match=said):
        read_look("", pins)


def test_an_endless_address_is_refused() -> None:
    with pytest.raises(BadSavedView, match="8,000 characters, this one 8,001"):
        read_look("x" * (MAX_QUERY_CHARS + 1), "")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "a\u202eb", "a\nb"])
def test_a_name_that_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(BadSavedView):
        read_name(name)


@given(st.text(max_size=200))
def test_any_query_is_kept_once_and_for_all(query: str) -> None:
    once = read_look(query, "").query
    assert once.isascii()
    assert read_look(once, "").query == once
