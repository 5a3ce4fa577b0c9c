"""History in every resolution: of finer ones, exact whatever comes late, twice or in between; on both databases."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Max, Sum
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from collector.lib.value_hash import value_hash
from collector.models.activity import OTHER, Status
from collector.models.batch import KeptEntry
from collector.models.resolution import read_resolutions
from tests.integration.history_database import make_rows, on_postgres, write
from tests.postgres import Postgres
from visualizer.core.slot_block import encode_blocks
from visualizer.core.slot_table import SlotTable
from visualizer.models.errors import WidthsMismatch
from visualizer.models.feed import FEED_OVER_S, Feed
from visualizer.models.seen_process import PROCESSES_S, ProcessSight
from visualizer.repo import compaction, folding, old_processes
from visualizer.repo.blocks import forget_blocks
from visualizer.repo.buckets import read_open
from visualizer.repo.compaction import coarsen, compact
from visualizer.repo.feeds import add_feeds, read_feeds, read_runs, read_spoke
from visualizer.repo.folding import fold_block, folds
from visualizer.repo.history_models import Bucket, BucketBlock, StaleBucket
from visualizer.repo.history_slots import OF_ALL, read_as_kept, read_slots
from visualizer.repo.models import Activity, Layout, Total
from visualizer.repo.old_processes import fold_old_processes
from visualizer.repo.processes import add_processes, read_places, read_processes
from visualizer.repo.tracked_models import TrackedValue
from visualizer.repo.tracked_values import add_tracked, find_tracked
from visualizer.repo.widths import agree_on_widths

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database")]
NOW = 480_000 * 3600
RESOLUTIONS = read_resolutions("1s=15m,10s=2h,1m=6h,10m=20h,1h=200h")
WIDTHS = [each.width_s for each in RESOLUTIONS[1:]]
MINUTE = folds(RESOLUTIONS)[0]
#: (activity, server, what) → how many: statuses by their value, durations and waits by bucket.
Sums = Counter[tuple[int, int, str]]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """One for all tests here."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[None]:
    """With three activities on two servers, and nothing that ran."""
    if request.param == "sqlite":
        make_rows(activities=3, servers=2)
        yield
        return
    with on_postgres(request.getfixturevalue("postgres")):
        call_command("migrate", verbosity=0)
        make_rows(activities=3, servers=2)
        yield
        call_command("flush", verbosity=0, interactive=False)


def sums_of(slots: SlotTable) -> Sums:
    """What is in a table, whatever its buckets."""
    sums = Sums()
    for (_, activity, server), counts in slots:
        sums.update({(activity, server, f"status {status}"): n for status, n in enumerate(counts.statuses)})
        for name, histogram in (("durations", counts.durations), ("waits", counts.stream_ages)):
            sums.update({(activity, server, f"{name} {bucket}"): n for bucket, n in histogram.items()})
    return +sums


def read(width_s: int, *, ago_s: int = 200 * 3600) -> Sums:
    """Every activity's sums since then, in buckets of this width."""
    return sums_of(read_slots(RESOLUTIONS, width_s, from_s=NOW - ago_s, until_s=NOW + 3600, activities=None))


def write_randomly(dice: random.Random, *, hours_ago: Sequence[int], rows: int = 12) -> Sums:
    """Runs at random times of these hours; returns what they sum up to."""
    wrote = Sums()
    for _ in range(rows):
        activity, server, n = dice.randint(1, 3), dice.randint(1, 2), dice.randint(1, 300)
        status, bucket = dice.choice(list(Status)), dice.randint(-50, 400)
        write(
            NOW - dice.choice(hours_ago) * 3600 - dice.randint(0, 3500),
            activity,
            server,
            statuses={status: n},
            durations={bucket: n},
        )
        wrote += Sums(
            {(activity, server, name): n for name in (f"status {status}", f"durations {bucket}", f"waits {bucket}")}
        )
    return wrote


def sums_of_totals() -> list[tuple[int, ...]]:
    """(activity, shard, started, done, failed, newest) over all servers."""
    sums = (Sum("started"), Sum("done"), Sum("failed"), Max("last_s"))
    return list(Total.objects.order_by("activity", "shard").values_list("activity", "shard").annotate(*sums))


def over_all(sums: Sums) -> Sums:
    found = Sums()
    for (_, _, what), count in sums.items():
        found[0, 0, what] += count
    return found


def at_once(*works: Callable[[], object]) -> list[object]:
    """What these return, each in its thread."""

    def work(one: Callable[[], object]) -> object:
        try:
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(work, works))


class Killed(Exception):
    """What a failpoint raises here."""


def dying_sometimes() -> Callable[[str], None]:
    """A failpoint that kills every second, but not in turns: what takes two commits would never end."""
    dice = random.Random(14)

    def die_sometimes(name: str) -> None:
        if dice.random() < 0.5:
            raise Killed

    return die_sometimes


def until_alive(work: Callable[[], object]) -> int:
    """Begin it anew until it is not killed; how often it was."""
    for deaths in range(200):
        with suppress(Killed):
            work()
            return deaths
    raise AssertionError("it is killed each time")


def test_sums_are_the_same_in_every_resolution_before_and_after_each_step() -> None:
    dice = random.Random(7)
    wrote = write_randomly(dice, hours_ago=(0, 1))
    steps = 0

    def stop_in_between() -> bool:
        nonlocal steps
        steps += 1
        return steps % 3 > 0

    for _ in range(12):
        assert {width_s: read(width_s) == wrote for width_s in WIDTHS} == dict.fromkeys(WIDTHS, True)
        coarsen(RESOLUTIONS, now_s=NOW, go_on=stop_in_between)
    coarsen(RESOLUTIONS, now_s=NOW)
    assert not StaleBucket.objects.filter(start_s__lt=NOW - 3600).exists()
    assert {width_s: read(width_s) == wrote for width_s in WIDTHS} == dict.fromkeys(WIDTHS, True)


def test_what_comes_late_is_added_to_the_finest_that_is_left_and_to_all_above() -> None:
    dice, wrote = random.Random(8), Sums()
    for _ in range(3):
        # Into spans of each kind: with all resolutions, without 10 s, without 1 min, with 1 h alone.
        wrote += write_randomly(dice, hours_ago=(0, 3, 10, 40, 150))
        assert read(3600) == wrote, "before it is compacted"
        coarsen(RESOLUTIONS, now_s=NOW)
        assert read(3600) == wrote
    assert (
        sum((sums_of(part) for part in read_as_kept(RESOLUTIONS, since_s=None, until_s=None, now_s=NOW)), Sums())
        == wrote
    )
    of_all = read_slots(RESOLUTIONS, 3600, from_s=NOW - 720_000, until_s=NOW + 3600, activities=OF_ALL)
    assert sums_of(of_all) == over_all(wrote)
    oldest = [BucketBlock.objects.filter(width_s=width_s).earliest("start_s").start_s for width_s in (60, 600)]
    assert Bucket.objects.earliest("start_s").start_s > NOW - 4 * 3600, "finer ones went"
    assert oldest[0] > NOW - 8 * 3600
    assert oldest[1] > NOW - 31 * 3600


def test_a_step_that_is_run_again_changes_nothing() -> None:
    wrote = write_randomly(random.Random(9), hours_ago=(1, 9, 50))
    coarsen(RESOLUTIONS, now_s=NOW)
    before = list(BucketBlock.objects.order_by("pk").values_list())
    assert coarsen(RESOLUTIONS, now_s=NOW) == 0
    assert list(BucketBlock.objects.order_by("pk").values_list()) == before
    assert read(3600) == wrote


def test_two_workers_and_a_rollup_at_once_count_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "BLOCKS_AT_ONCE", 1)
    monkeypatch.setattr(folding, "LATE_AT_ONCE", 1)
    wrote = write_randomly(random.Random(10), hours_ago=(1, 9, 30))
    coarsen(RESOLUTIONS, now_s=NOW - 10 * 3600)

    def work() -> None:
        for _ in range(3):
            coarsen(RESOLUTIONS, now_s=NOW)

    *_, more = at_once(work, work, lambda: write_randomly(random.Random(11), hours_ago=(1, 9, 30)))
    assert isinstance(more, Counter)
    wrote += more
    assert read(3600) == wrote
    coarsen(RESOLUTIONS, now_s=NOW)
    assert read(3600) == wrote


def test_killed_before_a_commit_it_begins_anew_and_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrote = write_randomly(random.Random(12), hours_ago=(1, 30), rows=3)
    monkeypatch.setattr(folding, "failpoint", dying_sometimes())
    monkeypatch.setattr(folding, "BLOCKS_AT_ONCE", 1)
    assert until_alive(lambda: coarsen(RESOLUTIONS, now_s=NOW)) > 5
    assert read(3600) == wrote


def test_a_worker_that_was_overtaken_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    write(NOW - 600, 1, statuses={Status.DONE: 1})
    encode = encode_blocks

    def overtaken(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(folding, "encode_blocks", encode)
        write(NOW - 600, 1, statuses={Status.DONE: 2})
        coarsen(RESOLUTIONS, now_s=NOW)
        write(NOW - 600, 1, statuses={Status.DONE: 4})
        return encode(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(folding, "encode_blocks", overtaken)
    assert fold_block(MINUTE, NOW - 3600, until_s=NOW, shard=0) == 0
    assert read(60) == Sums({(1, 1, "status 1"): 7})


def test_shards_are_summed_up_and_none_lets_go_of_anothers() -> None:
    Layout.objects.update_or_create(id=1, defaults={"shards": 2})
    for shard in (0, 1):
        write(NOW - 36_000, 1, statuses={Status.DONE: 1 + shard}, durations={5: 1}, shard=shard)
    for _ in range(2):
        coarsen(RESOLUTIONS, now_s=NOW)
        assert read(3600) == Sums({(1, 1, "status 1"): 3, (1, 1, "durations 5"): 2, (1, 1, "waits 5"): 2})
        write(NOW - 36_000, 1, statuses={Status.DONE: 0}, shard=1)
    coarsen(RESOLUTIONS, now_s=NOW)
    assert not Bucket.objects.filter(start_s__lt=NOW - 4 * 3600).exists()


def test_the_coarsest_are_let_go_when_their_time_is_over() -> None:
    write(NOW - 700 * 3600, 1, statuses={Status.DONE: 1})
    write(NOW - 600, 1, statuses={Status.DONE: 1})
    coarsen(RESOLUTIONS, now_s=NOW)
    coarsen(RESOLUTIONS, now_s=NOW)
    assert BucketBlock.objects.earliest("start_s").start_s > NOW - 300 * 3600
    assert read(3600, ago_s=800 * 3600) == Sums({(1, 1, "status 1"): 1})


def plans_of(captured: CaptureQueriesContext) -> list[str]:
    """How the database finds the rows of each query that was asked of buckets: by which columns of which index."""
    plans = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            if "bucket" in query["sql"]:
                cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{query['sql']}")
                lines = [str(row[-1]) for row in cursor.fetchall()]
                plans.append(" ".join(line for line in lines if "Filter:" not in line))
    return plans


def test_a_charts_queries_go_by_a_key_with_the_time_in_it() -> None:
    for hours in (1, 30, 100):
        write(NOW - hours * 3600, 1, statuses={Status.DONE: 1}, durations={5: 1})
    coarsen(RESOLUTIONS, now_s=NOW)
    key, columns = (
        "sqlite_autoindex_visualizer_",
        ("width_s=? AND start_s=? AND activity_id=?", "width_s=? AND start_s>?"),
    )
    if connection.vendor == "postgresql":
        # Where all fits into a page, it would take it as it is.
        connection.cursor().execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        key, columns = "Index (Only )?Scan using (bucket|block|stale)_once", ("start_s >=", "start_s >=")
    for width_s in WIDTHS:
        with CaptureQueriesContext(connection) as captured:
            slots = read_slots(RESOLUTIONS, width_s, from_s=NOW - 3600, until_s=NOW, activities=[1])
        assert sums_of(slots)[1, 1, "status 1"] == 1
        for plan in plans_of(captured):
            assert re.search(key, plan), plan
            assert columns["stale" in plan] in plan, plan


def test_widths_hold_from_the_first_start_on_and_times_do_not() -> None:
    agree_on_widths(RESOLUTIONS)
    agree_on_widths(read_resolutions("1s=20m,10s=3h,1m=7h,10m=20h,1h=300h"))
    with pytest.raises(WidthsMismatch, match="begun with 1,10,60,600,3600 s"):
        agree_on_widths(read_resolutions("1s=15m,10s=2h,2m=6h,10m=20h"))


def test_old_processes_are_counted_as_one_and_no_sum_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    wrote, old_s = write_randomly(random.Random(13), hours_ago=(0, 1)), NOW - PROCESSES_S - 1
    for activity, server, shard in ((1, 1, 0), (2, 1, 0), (3, 1, 0), (1, 2, 0), (2, 2, 0), (1, 1, 1), (3, 2, 1)):
        last_s = NOW if (activity, server) == (2, 2) else old_s
        counts = {"started": 10 * activity + server, "done": activity, "failed": shard, "last_s": last_s}
        Total.objects.create(activity_id=activity, server_id=server, shard=shard, **counts)
    sums = sums_of_totals()
    monkeypatch.setattr(old_processes, "_ROWS", 1)
    monkeypatch.setattr(old_processes, "failpoint", dying_sometimes())
    fold = partial(fold_old_processes, now_s=NOW, shards=2, go_on=lambda: True)
    at_once(*[partial(until_alive, fold)] * 2)
    assert fold() == 0
    assert sums_of_totals() == sums
    kept = {(one.activity_id, one.server_id, one.shard) for one in Total.objects.exclude(server__host_name=OTHER)}
    assert kept == {(1, 2, 0), (2, 2, 0)}
    assert {row[:3] for shard in (0, 1) for row in read_open(shard=shard)} == {(1, 2, 11), (2, 2, 20)}
    for _ in range(2):
        assert {width_s: read(width_s) == wrote for width_s in WIDTHS} == dict.fromkeys(WIDTHS, True)
        coarsen(RESOLUTIONS, now_s=NOW)


def test_what_is_forgotten_is_in_no_sum_any_more() -> None:
    for activity in (1, 2):
        write(NOW - 7200, activity, statuses={Status.DONE: activity})
    coarsen(RESOLUTIONS, now_s=NOW)
    forget_blocks([2])
    Activity.objects.filter(id=2).delete()
    for _ in range(2):
        of_all = read_slots(RESOLUTIONS, 3600, from_s=NOW - 36_000, until_s=NOW, activities=OF_ALL)
        assert sums_of(of_all) == Sums({(0, 0, "status 1"): 1})
        coarsen(RESOLUTIONS, now_s=NOW)


def test_who_reads_a_process_is_kept_once_and_as_long_as_the_process() -> None:
    for at_s, shard in ((NOW, 0), (NOW + 50, 0), (NOW + 20, 0), (NOW + 90, 1)):
        add_feeds([Feed(1, "a:1", at_s), Feed(1, "b:2", NOW), Feed(2, "a:1", NOW)], shard=shard)
    assert sorted(read_feeds()) == [Feed(1, "a:1", NOW + 90), Feed(1, "b:2", NOW), Feed(2, "a:1", NOW)]
    add_feeds([Feed(1, "a:9", NOW + 2 * FEED_OVER_S)], shard=0)
    # Another one reads it since then; of the other process nobody knows better.
    compact(now_s=NOW + 2 * FEED_OVER_S, retention_s=1e9, fine_s=900)
    assert sorted(read_feeds()) == [Feed(1, "a:9", NOW + 2 * FEED_OVER_S), Feed(2, "a:1", NOW)]
    compact(now_s=NOW + PROCESSES_S + 1, retention_s=1e9, fine_s=900)
    assert read_feeds() == [Feed(1, "a:9", NOW + 2 * FEED_OVER_S)]


def test_what_ran_where_is_read_of_all_shards() -> None:
    assert (read_runs(), read_spoke()) == ({}, {})
    for activity, server, shard, last_s in ((1, 1, 0, NOW), (1, 1, 1, NOW + 9), (1, 2, 0, NOW + 5), (3, 2, 1, NOW)):
        Total.objects.create(activity_id=activity, server_id=server, shard=shard, last_s=last_s)
    assert {activity: sorted(set(servers.tolist())) for activity, servers in read_runs().items()} == {1: [1, 2], 3: [2]}
    assert read_spoke() == {1: NOW + 9, 2: NOW + 5}


def test_processes_are_joined_and_tracked_headers_are_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    add_processes([ProcessSight("shop", 1, NOW + 3, NOW + 13, 10, 2), ProcessSight("shop", 2, NOW, NOW, 0, 1)], shard=0)
    # What follows, what comes late, and another shard's.
    for times, shard in (
        ((NOW + 14, NOW + 90, 70, 2), 0),
        ((NOW - 50, NOW - 50, 0, 1), 0),
        ((NOW + 99, NOW + 99, 0, 1), 1),
    ):
        add_processes([ProcessSight("shop", 1, *times)], shard=shard)
    told = [one[2:] for one in read_processes(from_s=0, until_s=NOW + 100, most=9)]
    assert told == [(NOW - 50, NOW + 99, 70, 4), (NOW, NOW, 0, 1)]
    assert read_places(shard=0, within_s=80) == {("shop", 1): NOW + 90}
    entry = KeptEntry(NOW, 0, 0, Status.DONE, 0, request_id="r", tracked=(value_hash(b"s-7"), 2**63 - 1))
    for _ in range(20):
        add_tracked([entry, entry])
    assert find_tracked("s-7") == ["r"]
    monkeypatch.setattr(compaction, "TRACKED", 3)
    for number in range(4):
        for _ in range(3):
            add_tracked([replace(entry, tracked=(number,))])
        compact(now_s=NOW, retention_s=1e9, fine_s=900)
    assert sorted(TrackedValue.objects.values_list("value_hash", flat=True)) == [1, 2, 3]
    assert find_tracked("s-7") == []
    compact(now_s=NOW + 200 * 86400, retention_s=1e9, fine_s=900)
    assert (read_processes(from_s=0, until_s=NOW + 100, most=9), TrackedValue.objects.count()) == ([], 0)
