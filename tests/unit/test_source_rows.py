from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.lib.amounts import bytes_words, rate_words
from collector.models.file_status import STATES, FileStatus
from visualizer.core.source_rows import PAGE_ROWS, SORTS, find_rows, join_rows, page_of
from visualizer.core.untrusted import visible
from visualizer.models.source_row import ROW_STATES, UNFOLLOWED, UNKNOWN


def file(name: str, **fields: object) -> FileStatus:
    known = {"path": f"/logs/{name}", "state": "quiet", "file_id": name}
    return FileStatus(**{**known, **fields})  # type: ignore[arg-type]


def test_of_two_collectors_that_name_one_file_the_later_one_is_believed() -> None:
    rows = join_rows({"old": [file("a", offset=1)], "new": [file("a", offset=2)]}, [], {"a": 7})
    assert [(row.collector_id, row.status.offset, row.lost_bytes) for row in rows] == [("new", 2, 7)]


def test_files_that_nobody_knows_yet_are_told_apart_by_their_paths() -> None:
    rows = join_rows({"c": [file("a", file_id=""), file("b", file_id="")], "d": [file("a", file_id="")]}, [], {})
    assert len(rows) == 3


def test_what_only_history_knows_is_not_followed() -> None:
    rows = join_rows({"c": [file("a")]}, [file("a"), file("b")], {})
    assert {row.status.file_id: row.state for row in rows} == {"a": "quiet", "b": UNFOLLOWED}


def test_a_file_that_no_format_fits_is_a_problem() -> None:
    unknown = file("a", complaint="hopeit: expected a time")
    known = file("b", complaint="1 line was odd", format="hopeit")
    assert [row.state for row in join_rows({"c": [unknown, known]}, [], {})] == [UNKNOWN, "quiet"]


def test_every_word_must_stand_somewhere() -> None:
    rows = join_rows({"Host:1": [file("Orders.log", format="hopeit"), file("bill.log", state="unreadable")]}, [], {})
    found = {
        words: [row.status.file_id for row in find_rows(rows, words=words, only_problems=False)]
        for words in ("orders", "hopeit ORDERS", "orders unreadable", "host", "")
    }
    both = ["Orders.log", "bill.log"]
    assert list(found.values()) == [["Orders.log"], ["Orders.log"], [], both, both]
    assert [row.status.file_id for row in find_rows(rows, words="", only_problems=True)] == ["bill.log"]


def test_problems_come_first_then_those_furthest_behind() -> None:
    files = [
        file("quiet"),
        file("late", state="reading", lag_bytes=5),
        file("later", state="reading", lag_bytes=9),
        file("bad", state="unreadable"),
    ]
    page = page_of(join_rows({"c": files}, [], {}), total=4, sort="state", backwards=False, number=1)
    assert [row.status.file_id for row in page.rows] == ["bad", "later", "late", "quiet"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    rows = join_rows({"c": [file(f"{number:04}") for number in range(250)]}, [], {})
    page = page_of(rows, total=250, sort="path", backwards=True, number=99)
    assert (page.number, page.pages, len(page.rows), page.rows[-1].status.file_id) == (3, 3, 50, "0000")


@given(
    st.lists(
        st.builds(
            file,
            st.text(max_size=3),
            state=st.sampled_from([*STATES, "from a newer version"]),
            lag_bytes=st.integers(0, 3),
            behind_since_s=st.sampled_from([0.0, 5.0, 9.0]),
        ),
        max_size=30,
    ),
    st.sampled_from(sorted(SORTS)),
    st.booleans(),
)
def test_pages_hold_every_row_once_in_any_order(files: list[FileStatus], sort: str, backwards: bool) -> None:
    rows = join_rows({"c": files}, [], {})
    page = page_of(rows, total=len(rows), sort=sort, backwards=backwards, number=1)
    assert len(page.rows) == min(len(rows), PAGE_ROWS)
    assert {id(row) for row in page.rows} == {id(row) for row in rows}
    assert all(row.state in ROW_STATES for row in rows)


def test_amounts_are_short() -> None:
    sizes = {0: "0 B", 999: "999 B", 1000: "1 kB", 1536: "1.5 kB", 999_999: "1 MB", 12_345_678: "12 MB"}
    assert {size: bytes_words(size) for size in sizes} == sizes
    rates = {0: "0/s", 0.1: "0.1/s", 12.34: "12/s", 999.7: "1k/s", 4120: "4.1k/s"}
    assert {rate: rate_words(rate) for rate in rates} == rates


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    assert visible(text).isprintable()
    if text.isprintable():
        assert visible(text) == text
