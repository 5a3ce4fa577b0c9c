"""The receiver's files: whole lines, bounded, and gone once they are counted."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from visualizer.interfaces.spool_tasks import KEEP_S, tidy_spool
from visualizer.io import otlp_spool
from visualizer.io.otlp_spool import OtlpSpool, held_bytes, remove_if_free, spool_files
from visualizer.models.errors import SpoolRefuses
from visualizer.repo.models import Source

NOW_S = 1_800_000_000


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[OtlpSpool]:
    opened = OtlpSpool(tmp_path / "otlp", file_bytes=1000)
    yield opened
    opened.close()


def lines_of(folder: Path) -> list[bytes]:
    """All lines but the first of each file."""
    return [line for path, _ in spool_files(folder) for line in path.read_bytes().splitlines()[1:]]


def counted(path: Path, *, high_water: int | None = None, updated_s: int = NOW_S) -> None:
    """What SQL says of the file."""
    size_bytes = path.stat().st_size if high_water is None else high_water
    Source.objects.create(
        file_id=path.name[:32], generation=0, shard=0, high_water=size_bytes, path=str(path), updated_s=updated_s
    )


def test_lines_are_in_a_private_file_that_begins_like_no_other(tmp_path: Path, spool: OtlpSpool) -> None:
    spool.append(b'{"a":1}')
    spool.append(b'{"a":2}')
    other = OtlpSpool(tmp_path / "otlp")
    other.append(b'{"a":3}')
    other.close()
    (first, _), (second, _) = sorted(spool_files(tmp_path / "otlp"))
    assert lines_of(tmp_path / "otlp") == [b'{"a":1}', b'{"a":2}', b'{"a":3}']
    heads = [path.read_bytes().splitlines()[0] for path in (first, second)]
    assert heads[0] != heads[1]
    assert [json.loads(head)["resourceSpans"] for head in heads] == [[], []]
    assert (first.stat().st_mode & 0o777, first.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_full_file_makes_way_for_the_next(tmp_path: Path, spool: OtlpSpool) -> None:
    for _ in range(10):
        spool.append(b"x" * 400)
    assert len(lines_of(tmp_path / "otlp")) == 10
    assert all(size <= 1000 for _, size in spool_files(tmp_path / "otlp"))


def test_a_file_that_rested_or_was_deleted_is_not_written_any_more(
    tmp_path: Path, spool: OtlpSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.append(b"1")
    ((first, _),) = spool_files(tmp_path / "otlp")
    first.unlink()
    spool.append(b"2")
    monkeypatch.setattr(otlp_spool, "REST_S", 0.0)
    spool.append(b"3")
    assert lines_of(tmp_path / "otlp") == [b"2", b"3"]
    assert len(spool_files(tmp_path / "otlp")) == 2


def test_more_than_the_spool_may_hold_is_refused(tmp_path: Path) -> None:
    full = OtlpSpool(tmp_path / "otlp", total_bytes=1000)
    full.append(b"x" * 500)
    with pytest.raises(SpoolRefuses, match="no room"):
        full.append(b"x" * 500)
    full.close()
    assert held_bytes(tmp_path / "otlp") < 1000


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    spool = OtlpSpool(tmp_path / "otlp")
    spool.append(b"1")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        with pytest.raises(SpoolRefuses, match="can be written"):
            spool.append(b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    spool.append(b"2")
    spool.close()
    assert lines_of(tmp_path / "otlp") == [b"1", b"2"]


@pytest.mark.django_db
def test_a_counted_file_is_deleted_after_a_while_and_when_there_is_no_room(tmp_path: Path) -> None:
    folder = tmp_path / "otlp"
    spool = OtlpSpool(folder)
    spool.append(b"1")
    ((path, size),) = spool_files(folder)
    counted(path)
    assert tidy_spool(folder, at_s=NOW_S + KEEP_S + 1) == []  # it is still written
    spool.close()
    assert tidy_spool(folder, at_s=NOW_S + KEEP_S - 1) == []
    assert tidy_spool(folder, at_s=NOW_S, total_bytes=size) == [path]
    assert tidy_spool(folder, at_s=NOW_S) == []
    assert spool_files(folder) == []


@pytest.mark.django_db
def test_a_file_that_is_not_counted_to_its_end_stays(tmp_path: Path) -> None:
    folder = tmp_path / "otlp"
    for known in (False, True):
        spool = OtlpSpool(folder)
        spool.append(b"1")
        spool.close()
        if known:
            path, size = spool_files(folder)[-1]
            counted(path, high_water=size - 1)
    assert tidy_spool(folder, at_s=NOW_S + 10 * KEEP_S) == []
    assert len(spool_files(folder)) == 2


def test_a_file_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from visualizer.io.otlp_spool import OtlpSpool
OtlpSpool(Path(sys.argv[1])).append(b"1")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "otlp")], check=False)
    ((path, size),) = spool_files(tmp_path / "otlp")
    assert not remove_if_free(path, size_bytes=size + 1)
    assert remove_if_free(path, size_bytes=size)
    assert not os.path.exists(path)
