"""What a collector says of its files in Redis, on real files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from collector.applications.formats.hopeit import Hopeit
from collector.applications.sources.log_files import file_statuses
from collector.models import redis_keys
from collector.models.file_status import (
    GONE,
    QUIET,
    READING,
    RESTS,
    UNREADABLE,
    WAITING,
    FileStatus,
    decode_status,
    encode_status,
)
from tests.following_world import HOST_ID, CollectorHere, LittleRollup

KEY = redis_keys.file_statuses(f"{HOST_ID}:1")


@pytest.fixture
def collector(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CollectorHere]:
    """One on <tmp_path>/*.log, with a rollup that has made Redis ready; it looks again at once."""
    monkeypatch.setattr(file_statuses, "EVERY_S", 0.05)
    LittleRollup(valkey).begin()
    collector = CollectorHere(valkey_url, str(tmp_path / "*.log"))
    collector.start()
    yield collector
    collector.close()


def statuses(valkey: redis.Redis) -> dict[str, FileStatus]:
    """File name → what is said of it."""
    found: Any = valkey.hvals(KEY)
    return {Path(status.path).name: status for status in map(decode_status, found)}


def all_fields(valkey: redis.Redis) -> dict[bytes, bytes]:
    found: Any = valkey.hgetall(KEY)
    return dict(found)


def said(collector: CollectorHere, valkey: redis.Redis, what: Callable[[dict[str, FileStatus]], object]) -> None:
    """Let the collector run until this is said."""
    collector.run(lambda: what(statuses(valkey)))


def test_a_files_growth_is_told(collector: CollectorHere, valkey: redis.Redis, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("one\ntwo\n")
    said(collector, valkey, lambda all_of: all_of and all_of["a.log"].offset == 8)
    status = statuses(valkey)["a.log"]
    assert (status.state, status.size_bytes, status.lag_bytes) == (READING, 8, 0)
    assert (status.lines_per_s, status.behind_since_s, status.generation) == (0.2, 0, 0)
    assert (status.file_id != "", status.format, status.confidence) == (True, "every_line", 1)
    with path.open("a") as file:
        file.write("three\nhalf a li")
    said(collector, valkey, lambda all_of: all_of["a.log"].offset == 14)
    status = statuses(valkey)["a.log"]
    assert (status.lag_bytes, status.lines_per_s) == (0, 0.3)


def test_a_file_that_rests_as_it_is_is_not_written_again(
    collector: CollectorHere, valkey: redis.Redis, tmp_path: Path
) -> None:
    for number in range(20):
        (tmp_path / f"{number}.log").write_text("no newline")
    said(collector, valkey, lambda all_of: [s.state for s in all_of.values()] == [RESTS] * 20)
    assert statuses(valkey)["3.log"].reason == "no complete line yet"
    field = next(field for field, text in all_fields(valkey).items() if decode_status(text).path.endswith("/3.log"))
    valkey.hset(KEY, field, encode_status(FileStatus(path="written by the test", state=QUIET)))
    (tmp_path / "new.log").write_text("no newline")
    said(collector, valkey, lambda all_of: "new.log" in all_of)
    assert decode_status(all_fields(valkey)[field]).path == "written by the test"


def test_what_redis_has_lost_is_said_again(collector: CollectorHere, valkey: redis.Redis, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("no newline")
    said(collector, valkey, lambda all_of: "a.log" in all_of)
    valkey.delete(KEY)
    said(collector, valkey, lambda all_of: "a.log" in all_of)
    left_s: Any = valkey.ttl(KEY)
    assert 0 < left_s <= 60


def test_what_cannot_be_read_says_why(collector: CollectorHere, valkey: redis.Redis, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.log")
    (tmp_path / "elsewhere.log").symlink_to("/etc/hostname")
    said(collector, valkey, lambda all_of: len(all_of) == 2)
    of = statuses(valkey)
    assert (of["pipe.log"].state, of["pipe.log"].reason) == (UNREADABLE, "no regular file")
    assert of["elsewhere.log"].state == UNREADABLE
    (tmp_path / "pipe.log").unlink()
    said(collector, valkey, lambda all_of: "pipe.log" not in all_of)


def test_a_file_that_is_gone_is_said_to_be_and_then_no_more(
    collector: CollectorHere, valkey: redis.Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.log").write_text("one\n")
    said(collector, valkey, lambda all_of: all_of and all_of["a.log"].offset == 4)
    (tmp_path / "a.log").unlink()
    said(collector, valkey, lambda all_of: all_of["a.log"].state == GONE)
    monkeypatch.setattr("collector.applications.sources.log_files.following.GONE_IDLE_S", 0.1)
    said(collector, valkey, lambda all_of: not all_of)


def test_a_file_that_waits_says_for_what_and_since_when(
    collector: CollectorHere, valkey: redis.Redis, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_text("one\n")
    said(collector, valkey, lambda all_of: all_of and all_of["a.log"].offset == 4)
    valkey.delete(redis_keys.ready(0))
    with path.open("a") as file:
        file.write("two\n")
    said(collector, valkey, lambda all_of: all_of["a.log"].state == WAITING)
    status = statuses(valkey)["a.log"]
    assert (status.lag_bytes, status.reason) == (4, "waiting for a rollup: none has made Redis ready")
    assert 0 < status.behind_since_s < time.time()
    valkey.set(redis_keys.ready(0), "1")
    said(collector, valkey, lambda all_of: all_of["a.log"].state == READING and not all_of["a.log"].lag_bytes)


def test_a_collector_that_ends_takes_its_files_along(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    LittleRollup(valkey).begin()
    collector = CollectorHere(valkey_url, str(tmp_path / "*.log"))
    collector.start()
    (tmp_path / "a.log").write_text("one\n")
    said(collector, valkey, lambda all_of: "a.log" in all_of)
    collector.close()
    assert not valkey.exists(KEY)


def test_a_file_is_quiet_when_nothing_came_for_a_while(
    collector: CollectorHere, valkey: redis.Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.applications.sources.log_files.line_rates.RATE_WINDOW_S", 1)
    (tmp_path / "a.log").write_text("one\n")
    said(collector, valkey, lambda all_of: all_of and all_of["a.log"].state == QUIET)
    assert statuses(valkey)["a.log"].lines_per_s == 0


def test_a_file_that_fits_no_format_shows_its_first_lines(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    LittleRollup(valkey).begin()
    collector = CollectorHere(valkey_url, str(tmp_path / "*.log"), more=(Hopeit,))
    collector.start()
    try:
        (tmp_path / "a.log").write_text("<b>no</b> such line\n" * 5)
        said(collector, valkey, lambda all_of: all_of and all_of["a.log"].offset > 0)
        status = statuses(valkey)["a.log"]
        assert (status.format, status.first_lines[0]) == ("", "<b>no</b> such line")
        assert "hopeit" in status.complaint or "expected" in status.complaint
    finally:
        collector.close()
