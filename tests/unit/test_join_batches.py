"""One batch of many says what all of them said, each cell once, and keeps no more than a single one would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.core.batch_builder import MAX_FAILURES
from collector.core.hopeit_lines import HopeitLines
from collector.core.join_batches import join_batches
from collector.lib.sampling import EVERYTHING
from collector.models.activity import ActivityKey, Server
from collector.models.batch import CallCount, LogBatch, NewLine, decode_batch, encode_batch
from collector.models.count_table import CountTable
from collector.models.keep import Keep
from tests.hopeit_hostile_lines import any_lines
from tests.hopeit_line import APP, STREAM, TRACK, hopeit_line, parse, sums


def _place(key: str) -> ActivityKey:
    return ActivityKey(key, "", "e", "request")


@given(st.lists(st.lists(any_lines(), max_size=6).map(b"".join), min_size=1, max_size=5))
def test_sums_stay_and_every_cell_comes_once(chunks: list[bytes]) -> None:
    expected = sums(*map(parse, chunks))
    joined = join_batches([parse(chunk) for chunk in chunks])

    assert sums(joined) == expected
    if len(chunks) > 1:
        cells = [(count.second, count.key, count.server, count.status) for count in joined.counts]
        assert len(cells) == len(set(cells))
    assert sums(decode_batch(encode_batch(joined), version=2)) == expected


def test_entries_point_at_their_own_key_and_server() -> None:
    keep = Keep(sample_below=EVERYTHING)
    lines = [hopeit_line("FAILED", logger=f"a 1 e{n} vm {n}") for n in (1, 2, 3, 1)]
    joined = join_batches(
        [HopeitLines().parse(x, offset=7 * n, received_s=n, keep=keep).batch for n, x in enumerate(lines)]
    )

    expected = [("e1", "1", 0), ("e2", "2", 7), ("e3", "3", 14), ("e1", "1", 21)]
    for entries in (joined.failures, joined.samples):
        found = [(joined.keys[e.key].event, joined.servers[e.server].pid, e.offset) for e in entries]
        assert found == expected
    assert joined.received_s == 0


def test_ten_failures_of_a_key_server_and_second_are_kept() -> None:
    joined = join_batches([parse(7 * hopeit_line("FAILED")), parse(7 * hopeit_line("FAILED", TRACK, APP))])
    assert len(joined.failures) == MAX_FAILURES


def test_calls_add_up_and_the_newest_lines_stay_the_newest_first() -> None:
    def batch(*keys: str, calls: list[CallCount], lines: int) -> LogBatch:
        newest = [NewLine(float(n), 0, 0, "INFO", keys[0]) for n in range(lines, 0, -1)]
        servers = [Server("vm", "1")]
        return LogBatch(0, [_place(key) for key in keys], servers, CountTable.of([]), {}, calls=calls, newest=newest)

    one = batch("a", "b", calls=[CallCount(5, 0, 1, 3, 1)], lines=40)
    other = batch("b", "a", calls=[CallCount(5, 1, 0, 2, 1), CallCount(6, 0, 1, 1)], lines=40)
    joined = join_batches([one, other])

    named = [(c.second, joined.keys[c.caller].app, joined.keys[c.callee].app, c.count, c.failed) for c in joined.calls]
    assert named == [(5, "a", "b", 5, 2), (6, "b", "a", 1, 0)]
    assert [(line.timestamp_s, joined.keys[line.key].app) for line in joined.newest] == [
        *((float(n), "b") for n in range(40, 0, -1)),
        *((float(n), "a") for n in range(40, 16, -1)),
    ]


def test_histograms_of_one_cell_add_up() -> None:
    line = hopeit_line("DONE", STREAM, "metrics.duration=1.000 | metrics.stream_age=7.000", TRACK, APP)
    (count,) = join_batches([parse(line), parse(2 * line)]).counts
    assert (count.count, list(count.durations.values()), list(count.stream_ages.values())) == (3, [3], [3])
