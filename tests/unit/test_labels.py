"""Names from log lines become text that can be stored, compared and shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.labels import MAX_LABEL_CHARS, clean_label


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        (b"streams.process_events$save", "streams.process_events$save"),
        ("café – 東京".encode(), "café – 東京"),
        (b"a\0b\x1b[31m\tc", "a\\x00b\\x1b[31m\\tc"),
        ("a\u202eb\u2028c".encode(), "a\\u202eb\\u2028c"),
        (b"a\xffb", "a\\xffb"),
    ],
)
def test_what_cannot_be_printed_is_escaped(raw: bytes, label: str) -> None:
    assert clean_label(raw) == label


@given(st.binary(max_size=300))
def test_every_label_is_printable_bounded_and_encodable(raw: bytes) -> None:
    label = clean_label(raw)

    assert label.isprintable()
    assert len(label) <= MAX_LABEL_CHARS + 9
    assert label.encode().decode() == label


def test_long_names_that_begin_alike_stay_distinct() -> None:
    assert clean_label(b"x" * 200 + b"1") != clean_label(b"x" * 200 + b"2")
