"""Reading one file: whole lines, long lines, contents that change under the reader."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from collector.io.log_file import (
    CHUNK_BYTES,
    Changed,
    Lines,
    NoLine,
    Oversize,
    is_prefix,
    last_line_start,
    open_log,
    read_head,
    read_lines,
    read_tail_hash,
)
from collector.io.open_files import OpenFiles
from collector.models.file_record import FileRecord, content_hash
from collector.models.log_span import MAX_LINE_BYTES


class OneFile:
    """A file, a descriptor on it, and the record of its beginning."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        path.write_bytes(content)
        self.descriptor = open_log(str(path))
        head = read_head(self.descriptor) or b""
        self.record = FileRecord(file_id="f", head_bytes=len(head), head_hash=content_hash(head))

    def at(self, offset: int) -> FileRecord:
        """The record as if it were read up to there."""
        return replace(self.record, offset=offset, tail_hash=read_tail_hash(self.descriptor, offset))


@pytest.fixture
def files(tmp_path: Path) -> Iterator[list[OneFile]]:
    """Closed after the test."""
    made: list[OneFile] = []
    yield made
    for file in made:
        os.close(file.descriptor)


@pytest.fixture
def make(files: list[OneFile], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Makes a file of this content."""

    def build(content: bytes) -> OneFile:
        files.append(OneFile(tmp_path / f"{len(files)}.log", content))
        return files[-1]

    return build


def test_whole_lines_are_read_and_a_partial_one_is_left(make) -> None:  # type: ignore[no-untyped-def]
    file = make(b"one\ntwo\nthr")
    assert read_lines(file.descriptor, file.record) == Lines(b"one\ntwo\n", content_hash(b"one\ntwo\n"), True)
    assert read_lines(file.descriptor, file.at(8)) == NoLine(scanned_to=8, has_more=False)


def test_the_hash_is_of_the_last_64_bytes_before_the_end(make) -> None:  # type: ignore[no-untyped-def]
    file = make(b"x" * 99 + b"\n" + b"y" * 99 + b"\nz\n")
    read = read_lines(file.descriptor, file.at(100), limit_bytes=100)
    assert read == Lines(b"y" * 99 + b"\n", content_hash(b"y" * 63 + b"\n"), False)


def test_at_least_one_line_is_read_however_small_the_limit(make) -> None:  # type: ignore[no-untyped-def]
    file = make(b"a long first line\nsecond\n")
    read = read_lines(file.descriptor, file.record, limit_bytes=1)
    assert isinstance(read, Lines)
    assert (read.data, read.is_last) == (b"a long first line\n", False)


def test_a_chunk_is_bounded(make) -> None:  # type: ignore[no-untyped-def]
    file = make(b"0123456789abcde\n" * (CHUNK_BYTES // 16 + 100))
    read = read_lines(file.descriptor, file.record)
    assert isinstance(read, Lines)
    assert (len(read.data), read.is_last) == (CHUNK_BYTES, False)


@pytest.mark.parametrize("length", [MAX_LINE_BYTES, MAX_LINE_BYTES + 1, MAX_LINE_BYTES + 2, 3 * CHUNK_BYTES])
def test_a_line_over_the_limit_is_an_oversize_of_its_own(make, length: int) -> None:  # type: ignore[no-untyped-def]
    long = b"x" * (length - 1) + b"\n"
    file = make(b"before\n" + long + b"after\n")
    before = read_lines(file.descriptor, file.record)
    assert isinstance(before, Lines)
    if length == MAX_LINE_BYTES:
        assert before.data == b"before\n" + long + b"after\n"
        return
    assert (before.data, before.is_last) == (b"before\n", False)
    read: object = NoLine(0, True)
    while isinstance(read, NoLine):
        read = read_lines(file.descriptor, file.at(7), scanned_to=read.scanned_to)
    assert read == Oversize(7 + length, content_hash(b"x" * 63 + b"\n"))


def test_an_oversize_line_that_is_not_finished_is_looked_through_once(make) -> None:  # type: ignore[no-untyped-def]
    file = make(b"x" * (MAX_LINE_BYTES + 10))
    read = read_lines(file.descriptor, file.record)
    assert read == NoLine(scanned_to=MAX_LINE_BYTES + 10, has_more=False)
    with file.path.open("ab") as more:
        more.write(b"y\nnext\n")
    read = read_lines(file.descriptor, file.record, scanned_to=MAX_LINE_BYTES + 10)
    assert isinstance(read, Oversize)
    assert read.end == MAX_LINE_BYTES + 12


@pytest.mark.parametrize("now", [b"", b"one\n", b"another content\nthat is longer\n", b"\0" * 8 + b"two\nthree\n"])
def test_a_content_that_is_not_the_records_is_found_out(make, now: bytes) -> None:  # type: ignore[no-untyped-def]
    file = make(b"one\ntwo\n")
    at_end = file.at(8)
    file.path.write_bytes(now)
    assert read_lines(file.descriptor, at_end) == Changed()


def test_a_rewritten_file_of_which_nothing_was_read_is_found_out(make) -> None:  # type: ignore[no-untyped-def]
    file = make(b"one\ntwo\n")
    file.path.write_bytes(b"uno\ndue\n")
    assert read_lines(file.descriptor, file.record) == Changed()


def test_a_file_has_no_head_before_its_first_line_or_kilobyte(make) -> None:  # type: ignore[no-untyped-def]
    assert read_head(make(b"no line yet").descriptor) is None
    assert read_head(make(b"a line\nmore").descriptor) == b"a line\n"
    assert read_head(make(b"x" * 2000).descriptor) == b"x" * 1024


def test_a_copy_is_a_prefix_and_another_file_is_not(make) -> None:  # type: ignore[no-untyped-def]
    original = make(b"banner\none\ntwo\n")
    assert is_prefix(make(b"banner\none\n").descriptor, original.descriptor)
    assert not is_prefix(make(b"banner\nuno\n").descriptor, original.descriptor)
    assert not is_prefix(make(b"banner\none\ntwo\nthree\n").descriptor, original.descriptor)


def test_the_last_line_start_is_behind_the_last_newline(make) -> None:  # type: ignore[no-untyped-def]
    assert last_line_start(make(b"one\ntwo\nthr").descriptor) == 8
    assert last_line_start(make(b"none").descriptor) == 0
    assert last_line_start(make(b"one\n" + b"x" * (3 * MAX_LINE_BYTES)).descriptor) == 4


def test_what_is_no_regular_file_is_not_opened_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.log")
    (tmp_path / "link.log").symlink_to("/etc/hostname")
    for name in ("fifo.log", "link.log", "."):
        with pytest.raises(OSError):
            os.close(open_log(str(tmp_path / name)))


def test_as_many_files_are_open_as_allowed_and_unread_ones_are_closed_last(tmp_path: Path) -> None:
    open_files, keys = OpenFiles(most=2), []
    for name in "abc":
        path = tmp_path / name
        path.write_text(name)
        status = path.stat()
        keys.append((status.st_dev, status.st_ino))
    open_files.get(keys[0], str(tmp_path / "a"))
    open_files.keep(keys[0], unread=True)
    open_files.get(keys[1], str(tmp_path / "b"))
    open_files.get(keys[2], str(tmp_path / "c"))
    assert [key in open_files for key in keys] == [True, False, True]
    open_files.close_all()
    assert not any(key in open_files for key in keys)


def test_another_file_at_the_path_is_not_taken_for_the_one_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with pytest.raises(FileNotFoundError):
        OpenFiles().get((1, 1), str(tmp_path / "a"))


@pytest.mark.parametrize("limit_bytes", [10, CHUNK_BYTES])
def test_a_line_over_what_is_read_at_once_is_whole_up_to_its_limit(make, limit_bytes: int) -> None:  # type: ignore[no-untyped-def]
    line = b"x" * (3 * CHUNK_BYTES - 1) + b"\n"
    file = make(line + b"next\n")
    read = read_lines(file.descriptor, file.record, limit_bytes=limit_bytes, max_line_bytes=len(line))
    assert isinstance(read, Lines)
    assert (read.data, read.is_last) == (line, False)
    assert isinstance(read_lines(file.descriptor, file.record, max_line_bytes=len(line) - 1), Oversize)
