from __future__ import annotations

from collector.core.once_words import progress_line, summary
from collector.core.shipped_sums import ShippedSums
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import ActivityCount, CountTable


def sums(*, span_bytes: int = 150) -> ShippedSums:
    rows = [ActivityCount(1, 0, 0, 0, 3, 60), ActivityCount(1, 0, 0, 1, 2, 40), ActivityCount(2, 0, 0, 1, 1, 20)]
    batch = LogBatch(1.0, [], [], CountTable.of(rows), {"stats": Skipped(4, 30)})
    shipped = ShippedSums()
    shipped.add(batch, file_id="a", size_bytes=span_bytes)
    return shipped


def test_a_line_says_how_far_it_is() -> None:
    line = progress_line(done_bytes=3_000_000, waiting_bytes=9_000_000, lines=60_000, files=1, took_s=2)
    assert line == "[######------------------]  25 %  3 MB of 12 MB  30k lines/s  1 file  6 s left"


def test_at_its_beginning_and_its_end_nothing_is_guessed() -> None:
    begun = progress_line(done_bytes=0, waiting_bytes=0, lines=0, files=0, took_s=0)
    assert begun == "[------------------------]   0 %  0 B of 0 B  0 lines/s  0 files"
    ended = progress_line(done_bytes=5, waiting_bytes=0, lines=1, files=2, took_s=1)
    assert ended == "[########################] 100 %  5 B of 5 B  1 lines/s  2 files"


def test_the_summary_is_exact() -> None:
    text = summary(sums(), took_s=2, waiting_bytes=0, problems=[], counted="All of it is counted.")
    assert text.splitlines() == [
        "10 lines, 150 bytes of 1 file in 2.0 s (5 lines/s)",
        "  START                             3",
        "  DONE                              3",
        "  skipped stats                     4",
        "Nothing is missing: parsed 120 + skipped 30 = read 150 bytes.",
        "All of it is counted.",
    ]


def test_what_is_missing_is_said() -> None:
    shipped = sums(span_bytes=151)
    shipped.lost_bytes["truncated"] = 1_000
    text = summary(shipped, took_s=2, waiting_bytes=7, problems=["permission denied: /x"], counted="…")
    assert "Problem: permission denied: /x" in text
    assert "  lost truncated                1,000 bytes, gone before they could be read" in text
    assert "Missing: 7 bytes could not be read, 1,000 bytes were lost, 1 bytes were counted as nothing." in text


def test_nothing_new_is_no_failure() -> None:
    text = summary(ShippedSums(), took_s=1, waiting_bytes=0, problems=[], counted="All of it is counted.")
    assert text.startswith("Nothing new: all that is there was read before.")
