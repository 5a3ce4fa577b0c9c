"""The newest lines of a chunk: which, of what, and how they look."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.core.hopeit_lines import HopeitLines
from collector.core.hopeit_newest import MAX_OF_ACTIVITY, MAX_TEXT_CHARS
from collector.models.batch import LogBatch
from collector.models.keep import Keep
from tests.hopeit_hostile_lines import any_lines
from tests.hopeit_line import APP, SECOND, STREAM, TRACK, hopeit_line, sums

OTHER = "simple-example 0.30 other vm 29067"


def _parse(*lines: bytes, newest: int) -> LogBatch:
    return HopeitLines().parse(b"".join(lines), offset=0, received_s=0, keep=Keep(newest_lines=newest)).batch


def test_the_newest_come_first_with_activity_server_and_time() -> None:
    batch = _parse(hopeit_line("START"), hopeit_line("DONE", logger=OTHER), hopeit_line("FAILED"), newest=2)

    found = [(batch.keys[e.key].event, batch.servers[e.server].pid, e.level, e.text[:9]) for e in batch.newest]
    assert found == [("query", "29066", "ERROR", "FAILED | "), ("other", "29067", "INFO", "DONE | tr")]
    assert batch.newest[0].timestamp_s == SECOND + 0.378


def test_a_message_is_shown_with_what_its_logger_ran() -> None:
    run, said = hopeit_line("START", STREAM, TRACK, APP), hopeit_line("Saving…", "extra.note=1", TRACK, APP)
    stranger = hopeit_line("Hello", logger="hopeit.engine 0.30.1 engine vm 1")
    batch = _parse(run, hopeit_line(logger=OTHER), said, stranger, hopeit_line("STATS"), newest=4)

    (line,) = (line for line in batch.newest if line.text.startswith("Saving"))
    assert batch.keys[line.key].event == "fulfil$pick"
    assert len(batch.newest) == 2


def test_of_one_activity_only_some_are_kept() -> None:
    assert len(_parse(60 * hopeit_line(), newest=50).newest) == MAX_OF_ACTIVITY
    assert _parse(hopeit_line(), newest=0).newest == []


def test_texts_are_cut_printable_and_without_secrets() -> None:
    secret = "extra.password=hunter2 | extra.url=http://me:hunter2@host/ | extra.odd=\x1b[31m\u202e"
    (short,) = _parse(hopeit_line("START", secret, TRACK, APP), newest=1).newest
    (long,) = _parse(hopeit_line("START", "extra.note=" + "word " * 400 + "token=hunter2", TRACK, APP), newest=1).newest

    assert "hunter2" not in short.text
    assert short.text.isprintable()
    assert len(long.text) == MAX_TEXT_CHARS


@given(st.lists(any_lines(), max_size=8).map(b"".join), st.integers(0, 9))
def test_any_lines_may_be_the_newest_and_no_sum_changes(data: bytes, most: int) -> None:
    batch = _parse(data, newest=most)

    assert len(batch.newest) <= most
    assert sums(batch) == sums(_parse(data, newest=0))
    assert all(line.text.isprintable() and line.level.isprintable() for line in batch.newest)
