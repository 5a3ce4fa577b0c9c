"""Times as people write them."""

from __future__ import annotations

import pytest

from visualizer.core.report_time import parse_report_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15m", 1000_000 - 900),
        (" 2h ", 1000_000 - 7200),
        ("9" * 400 + "d", 0),
        ("1970-01-02", 86_400),
        ("1970-01-02T00:00:10Z", 86_410),
        ("1970-01-02T02:00+02:00", 86_400),
    ],
)
def test_a_moment_or_how_long_ago(text: str, expected: float) -> None:
    assert parse_report_time(text, now_s=1000_000) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "15", "15x", "-5m", "0001-01-01", "2026-13-01", "nan"])
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected a time such as"):
        parse_report_time(text, now_s=1000_000)
