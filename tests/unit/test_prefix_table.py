"""PrefixTable: finds just what a comparison of every text with every place finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collector.core.line_index import LineIndexer
from collector.core.prefix_table import PrefixTable
from collector.core.prefix_tree import NO_TEXT

#: Few letters, and pieces as long as a word and longer: so that many texts begin alike.
_PIECES = st.sampled_from([b"a", b"b", b"aa", b"same word", b"another word that is long", b" | ", b"\0", b"\xff"])
_TEXTS = st.lists(_PIECES, min_size=1, max_size=12).map(b"".join).filter(lambda text: len(text) >= 8)


def found_in(texts: list[bytes], lines: list[bytes]) -> list[int]:
    index = LineIndexer().index(b"".join(line + b"\n" for line in lines))
    found: list[int] = PrefixTable(texts).find(index, index.starts).tolist()
    return found


@given(st.lists(_TEXTS, unique=True, max_size=40), st.lists(_TEXTS, min_size=1, max_size=20))
def test_it_finds_what_comparing_all_finds(texts: list[bytes], others: list[bytes]) -> None:
    texts = [text for text in texts if not any(text != other and text.startswith(other) for other in texts)]
    lines = [*others, *(text + b"behind" for text in texts), *(text[:-1] + b"?" for text in texts)]
    expected = [next((n for n, text in enumerate(texts) if line.startswith(text)), NO_TEXT) for line in lines]
    assert found_in(texts, lines) == expected


def test_texts_that_differ_late_and_are_long_are_told_apart() -> None:
    texts = [b"x" * 900 + b"%016d" % number + b"y" * number for number in range(100)]
    assert found_in(texts, texts) == list(range(100))


def test_of_texts_that_begin_alike_one_is_found() -> None:
    found = found_in([b"beginning", b"beginning and more"], [b"beginning and more"])
    assert found[0] in (0, 1)


def test_an_empty_table_finds_nothing() -> None:
    assert found_in([], [b"anything at all"]) == [NO_TEXT]


def test_many_texts_are_found_among_many() -> None:
    texts = [b" | INFO | app %d.%d | " % (number % 70, number) for number in range(5000)]
    numbers = np.random.default_rng(3).permutation(5000).tolist()
    assert found_in(texts, [texts[number] for number in numbers]) == numbers
