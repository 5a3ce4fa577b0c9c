"""When processes were seen is kept once, whatever comes twice, late or in numbers."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
import redis

from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import BatchEnvelope, LogBatch
from collector.models.count_table import ActivityCount, CountTable
from collector.models.name_caps import NameCaps
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import ShippedFile
from visualizer.core.incoming import Incoming
from visualizer.core.limit_words import limit_words
from visualizer.interfaces.history_writer import HistoryWriter
from visualizer.models.feed import FEED_S, Feed
from visualizer.models.seen_process import PROCESSES_S, SeenProcess
from visualizer.repo.cardinality import read_limits
from visualizer.repo.compaction import compact
from visualizer.repo.feeds import add_feeds, read_feeds, read_runs, read_spoke
from visualizer.repo.forgotten_sources import forget_sources_under
from visualizer.repo.models import Activity, SeenServer
from visualizer.repo.processes import read_processes

pytestmark = pytest.mark.django_db

NOW = 1_000_000
SHOP, MAIL = (ActivityKey(app, "", "pay", "request") for app in ("shop.1x0", "mail"))


def write(shard: int = 0) -> HistoryWriter:
    return HistoryWriter(shard, retention_s=1e9, caps=NameCaps(processes=3))


@pytest.fixture
def writer() -> HistoryWriter:
    return write()


FILES = count(1)


def ship(
    writer: HistoryWriter, *seconds: int, key: ActivityKey = SHOP, pids: tuple[str, ...] = ("7",), file: int = 0
) -> int:
    """A file in which each of these processes ran in each of these seconds after NOW; returns its number."""
    counts = [
        ActivityCount(NOW + second, 0, place, Status.DONE, 1, 1) for second in seconds for place in range(len(pids))
    ]
    file, now_s = file or next(FILES), NOW + float(max(seconds)) + 2
    batch = LogBatch(now_s, [key], [Server("vm", pid) for pid in pids], CountTable.of(counts), {})
    envelope = BatchEnvelope(f"{file:024x}", 0, 0, 0, len(counts), len(counts), "aa")
    writer.count([Incoming(b"1-0", envelope, batch, b"")], now_s=now_s)
    return file


def told() -> list[tuple[str, str, int, int, int, int]]:
    """(app, pid, first, last, gap, slots) of each process, the times from NOW on."""
    found = read_processes(from_s=0, until_s=NOW * 2, most=100)
    return [(one.app, one.server.pid, one.first_s - NOW, one.last_s - NOW, one.gap_s, one.slots) for one in found]


def test_a_process_has_its_first_and_last_line_and_its_longest_silence(writer: HistoryWriter) -> None:
    ship(writer, 3, 4, 15, 99)
    ship(writer, 0, 2, key=MAIL, pids=("8",))
    assert told() == [("mail", "8", 0, 2, 0, 1), ("shop.1x0", "7", 3, 99, 80, 3)]
    assert SeenProcess("shop.1x0", Server("vm", "7"), 0, 120, 80, 4).pace_s == 40


def test_ticks_join_and_a_batch_that_comes_twice_changes_nothing(writer: HistoryWriter) -> None:
    files = [ship(writer, second) for second in (5, 7, 100, 40, 400)]
    # 40 came late: the way from 5 to 100 stays told.
    expected = [("shop.1x0", "7", 5, 400, 300, 3)]
    assert told() == expected
    ship(writer, 400, file=files[-1])
    writer.forget()
    ship(writer, 401)
    assert told() == expected
    # Who knows nothing of what was told tells it again.
    ship(write(), 402)
    assert told() == [("shop.1x0", "7", 5, 402, 300, 3)]


def test_shards_are_joined_and_what_names_no_process_is_none(writer: HistoryWriter) -> None:
    ship(writer, 5, 30)
    second = write(shard=1)
    second.forget()
    ship(second, 1, 11)
    ship(second, 1, pids=("",))
    assert told() == [("shop.1x0", "7", 1, 30, 30, 4)]


def test_a_storm_of_processes_is_capped_and_said_and_makes_room_after_a_day(writer: HistoryWriter) -> None:
    for pid in range(6):
        ship(writer, 10 * pid, pids=(str(pid),))
    ship(writer, 60, key=MAIL)
    assert [pid for app, pid, *_ in told() if app == SHOP.app] == ["0", "1", "2"]
    (limit,) = read_limits()
    assert limit_words(limit, most=3) == (
        "App shop.1x0 runs in more processes a day than 3: of 3 it is not known when they ran."
    )
    ship(writer, 86400 + 90, pids=("9", "10"))
    assert {pid for app, pid, *_ in told() if app == SHOP.app} == {"0", "1", "2", "9", "10"}


def test_who_reads_a_process_is_kept_with_what_was_read(rollup: SteppedRollup, valkey_url: str) -> None:
    file = ShippedFile(valkey_url)
    file.make()
    rollup.now_s = NOW + FEED_S
    file.run(Status.DONE, second=NOW)
    rollup.work()
    assert read_feeds() == []
    for second in (NOW + 1, NOW + 2, NOW + FEED_S):
        file.run(Status.DONE, second=second, collector="a:1")
        rollup.work()
    server = SeenServer.objects.get().pk
    assert read_feeds() == [Feed(server, "a:1", NOW + 1)]
    (activity,) = Activity.objects.all()
    assert {one: servers.tolist() for one, servers in read_runs().items()} == {activity.pk: [server]}
    assert read_spoke() == {server: NOW + FEED_S}
    rollup.now_s += 1
    file.run(Status.DONE, second=NOW + 1 + FEED_S, collector="a:1")
    rollup.work()
    assert read_feeds() == [Feed(server, "a:1", NOW + 1 + FEED_S)]


def test_what_was_seen_long_ago_is_let_go(writer: HistoryWriter) -> None:
    ship(writer, 5)
    ship(writer, 500, pids=("8",))
    compact(now_s=NOW + 6.0 + PROCESSES_S, retention_s=1e9, fine_s=900)
    assert [pid for _, pid, *_ in told()] == ["8"]
    assert read_processes(from_s=NOW + 501, until_s=NOW * 2, most=9) == []
    assert read_processes(from_s=0, until_s=NOW + 500, most=9) == []


def test_processes_of_what_is_forgotten_go_with_it(writer: HistoryWriter, valkey: redis.Redis, tmp_path: Path) -> None:
    ship(writer, 3)
    ship(writer, 3, key=MAIL, pids=("8",))
    shop, mail = SeenServer.objects.order_by("pid").values_list("pk", flat=True)
    add_feeds([Feed(shop, "a:1", NOW), Feed(mail, "a:1", NOW)], shard=0)
    forget_sources_under(tmp_path, apps=["mail"], client=valkey, shards=1)
    assert [app for app, *_ in told()] == ["shop.1x0"]
    assert read_feeds() == [Feed(shop, "a:1", NOW)]
