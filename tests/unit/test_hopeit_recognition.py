"""hopeit's lines are recognised; others are told what is wrong with them."""

from __future__ import annotations

import gzip

import pytest

from collector.core.hopeit_recognition import recognise_hopeit
from tests.hopeit_line import hopeit_line

HEAD = b"2026-11-22 18:27:15,378"


@pytest.mark.parametrize(
    "sample",
    [
        hopeit_line(),
        hopeit_line() + b"cut in the mid",
        hopeit_line("2 errors\nid\n  Field required") + b"\n",
        HEAD + b" | WARNING | py.warnings | /srv/a.py:3: DeprecationWarning: old\n  old()\n | \n",
        b"\xef\xbb\xbf" + hopeit_line(end="\r\n"),
        hopeit_line(end=""),
    ],
)
def test_hopeits_lines_are_known_for_sure(sample: bytes) -> None:
    recognition = recognise_hopeit(sample)

    assert (recognition.confidence, recognition.complaint) == (1.0, "")


@pytest.mark.parametrize(
    ("sample", "complaint"),
    [
        (b'{"event": "start"}\n', "line 1: no time stamp at its start"),
        (b"\n" + HEAD + b" - root - INFO - hello\n", "line 1: 1 fields between"),
        (HEAD.replace(b",", b".") + b" | INFO | a 1 e vm 1 | START | \n", "line 1: its time stamp is not"),
        (b"2026-11-22T18:27:15,378 | INFO | a 1 e vm 1 | START | \n", "line 1: its time stamp is not"),
        (HEAD + b" | INFO | my.module | hello | \n", "line 1: its third field has 1 words, expected 5"),
        (gzip.compress(hopeit_line(), mtime=0), "it is compressed (gzip)"),
        ("\ufeffhello\n".encode("utf-16-le"), "it is UTF-16"),
    ],
)
def test_other_lines_are_refused_with_the_first_complaint(sample: bytes, complaint: str) -> None:
    recognition = recognise_hopeit(sample)

    assert recognition.confidence == 0
    assert recognition.complaint.startswith(complaint)


def test_a_mixed_sample_is_partly_known() -> None:
    recognition = recognise_hopeit(3 * hopeit_line() + HEAD + b" damaged\n")

    assert recognition.confidence == 0.75
    assert recognition.complaint.startswith("line 4: ")


def test_nothing_is_no_format_and_no_complaint() -> None:
    assert recognise_hopeit(b"") == recognise_hopeit(b"\n\r\n")
    assert recognise_hopeit(b"").confidence == 0


def test_a_complaint_shows_the_line_without_secrets_and_control_characters() -> None:
    complaint = recognise_hopeit(b"password=hunter2hunter2 \x1b[31m" + b"x" * 500 + b"\n").complaint

    assert "hunter2" not in complaint
    assert complaint.isprintable()
    assert len(complaint) < 300
