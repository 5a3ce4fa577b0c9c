"""Which format reads a file: by its path, by its lines, and again when they change."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from collector.kernel.format import Format
from collector.kernel.formats import Formats
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import CountTable
from collector.models.effective_options import effective_options
from collector.models.errors import ApplicationError, InvalidOptions
from collector.models.file_record import FileRecord
from collector.models.haul import SourceLines
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.log_span import LogSpan
from collector.models.parsed_chunk import ParsedChunk
from collector.models.recognition import Recognition


class Letters(Format):
    """Knows lines that begin with its letter, by their share; others are unparsable to it."""

    letter: ClassVar[bytes]

    def recognise(self, sample: bytes) -> float:
        lines = sample.splitlines()
        return sum(line.startswith(self.letter) for line in lines) / max(1, len(lines))

    def complain(self, sample: bytes) -> str:
        return f"a line does not begin with {self.letter.decode()}"

    def make_parser(self) -> Letters:
        return self

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        skipped: dict[str, Skipped] = {}
        for line in chunk.splitlines(keepends=True):
            each = skipped.setdefault(self.name if line.startswith(self.letter) else "unparsable", Skipped(0, 0))
            each.lines += 1
            each.size_bytes += len(line)
        return ParsedChunk(LogBatch(received_s, [], [], CountTable.of([]), skipped))


class Alpha(Letters):
    name = "alpha"
    letter = b"A"


class Beta(Letters):
    name = "beta"
    letter = b"B"


class Unasked(Letters):
    name = "unasked"
    letter = b"?"

    def recognise(self, sample: bytes) -> float:
        raise AssertionError("another format was sure")


class File:
    """One source whose chunks are parsed."""

    def __init__(self, *, path: str = "/var/log/app.log", overrides: tuple[str, ...] = (), offset: int = 0) -> None:
        self.formats = Formats([Alpha(), Beta()], overrides=overrides)
        self._record = FileRecord(file_id="f", path=path, offset=offset)

    def read(self, chunk: bytes) -> dict[str, int]:
        span = LogSpan(self._record, 0, self._record.offset + len(chunk), "")
        self._record = msgspec.structs.replace(self._record, offset=span.end)
        batch = self.formats.parse(SourceLines(span, chunk), 1.0).batch
        return {reason: skipped.lines for reason, skipped in batch.skipped.items()}

    @property
    def recognition(self) -> Recognition:
        found = self.formats.recognition(("f", 0))
        assert found is not None
        return found


def test_a_file_that_fits_nothing_is_listed_with_its_first_lines_without_secrets() -> None:
    file = File()
    assert file.read(b"\nboot password=hunter2 \x1b[2m\n" + b"x" * 300 + b"\nthird\nfourth\n") == {"unparsable": 5}
    assert file.recognition == Recognition(
        format="",
        confidence=0.0,
        nearest="alpha",
        complaint="a line does not begin with A",
        first_lines=("boot password=*** \\x1b[2m", "x" * 199 + "…", "third"),
    )


def test_no_other_format_is_asked_once_one_is_sure() -> None:
    file = File()
    file.formats = Formats([Alpha(), Unasked()])
    assert file.read(b"A\n") == {"alpha": 1}


def test_a_banner_does_not_decide_for_ever() -> None:
    file = File()
    assert file.read(b"welcome\n" * 20 + b"A\n") == {"unparsable": 20, "alpha": 1}
    assert file.recognition.confidence < 0.1
    assert file.read(b"A\n" * 9) == {"alpha": 9}
    assert file.recognition.confidence == 1


def test_a_file_that_changes_its_format_is_recognised_again() -> None:
    file = File()
    assert file.read(b"A\n" * 50) == {"alpha": 50}
    assert file.read(b"A\nA\nB\n") == {"alpha": 2, "unparsable": 1}
    assert file.read(b"A\n" + b"B\n" * 50) == {"beta": 50, "unparsable": 1}
    assert file.recognition.format == "beta"
    assert file.read(b"B\n") == {"beta": 1}


def test_what_a_file_began_with_tells_more_than_a_chunk_from_its_middle() -> None:
    file = File(offset=100)
    assert file.formats.choose_for("/var/log/app.log", b"A\n").name == "alpha"
    assert file.read(b"? a traceback\n") == {"unparsable": 1}
    assert file.recognition.format == "alpha"


def test_what_another_file_of_the_same_path_began_with_tells_nothing() -> None:
    file = File()
    file.formats.choose_for("/var/log/app.log", b"A\n")
    file.read(b"? a banner\n")
    assert file.recognition.format == ""


@pytest.mark.parametrize("glob", ["/var/log/*", "*.log", "app.log", "/var/log/app.lo?"])
def test_settings_decide_whatever_the_lines_look_like(glob: str) -> None:
    file = File(overrides=(f"{glob}=beta", "*=alpha"))
    assert file.read(b"A\n" * 50) == {"unparsable": 50}
    assert (file.recognition.format, file.recognition.is_set) == ("beta", True)


def test_an_override_for_other_files_changes_nothing() -> None:
    assert File(overrides=("*.json=beta",)).read(b"A\n") == {"alpha": 1}


def test_an_override_with_no_format_is_refused_at_start() -> None:
    with pytest.raises(ApplicationError, match="gamma, store is no format; switched on: alpha, beta"):
        Formats([Alpha(), Beta()], overrides=("*=gamma", "a=store", "b=alpha"))


def test_overrides_come_from_the_environment_or_a_table(tmp_path: Path) -> None:
    assert effective_options(
        {"EVENTSCOPE_FORMATS": "/a=b/*.log=hopeit, *.x = store"}, folder=tmp_path
    ).options.formats == ("/a=b/*.log=hopeit", "*.x=store")
    (tmp_path / "eventscope.toml").write_text('[formats]\n"/var/*.log" = "hopeit"\n')
    effective = effective_options({}, folder=tmp_path)
    assert (effective.options.formats, effective.sources["formats"]) == (("/var/*.log=hopeit",), "eventscope.toml")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("*.log", "expected glob=format pairs separated by commas; broken: number 1"),
        ("*.log=hopeit,=hopeit,x=", "broken: number 2, 3"),
        ("*.log=hopeit,*=hopit", "expected formats among EVENTSCOPE_APPLICATIONS"),
        ("*.log=hopeit,*=hopit", "unknown: number 2 (from environment EVENTSCOPE_FORMATS)"),
    ],
)
def test_broken_overrides_are_told_with_all_other_errors(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InvalidOptions) as caught:
        effective_options({"EVENTSCOPE_FORMATS": text, "PORT": "x", "EVENTSCOPE_JSON_LINES": "{"}, folder=tmp_path)
    assert complaint in str(caught.value)
    assert "PORT: expected a whole number" in str(caught.value)
    assert "EVENTSCOPE_JSON_LINES: expected a JSON object" in str(caught.value)
