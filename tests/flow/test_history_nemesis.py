"""History is made coarser by workers that are killed, while lines are counted: every bucket has each run once."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from collector.models.activity import Status
from collector.models.resolution import read_resolutions
from tests.flow.test_alert_nemesis import start_workers
from tests.integration.history_database import on_database
from tests.ledger import Ledger
from tests.sql_copy import counted_bytes, read_sql
from tests.world import World, wait_until
from visualizer.celery import app
from visualizer.repo.history_models import StaleBucket
from visualizer.repo.history_slots import OF_ALL, read_slots
from visualizer.repo.node_details import read_keys

pytestmark = pytest.mark.django_db(transaction=True)
HISTORY = "1s=15m,10s=16m,20s=18m,1m=2h,5m=6h"
RESOLUTIONS = read_resolutions(HISTORY)
#: Lines of then are in no bucket finer than a minute soon, those of now in all.
OLD_S = 3000
TASK = "visualizer.compact_history"
#: (event, status) → runs.
Runs = Counter[tuple[str, str]]


class History:
    """A world that counts, and two ledgers of what it was given: of now, and of a while ago."""

    def __init__(self, world: World) -> None:
        self.world, self.dice = world, random.Random(4)
        self.now_s = int(time.time())
        self.ledgers = [Ledger(world.logs, seed=seed, now_s=self.now_s - seed * OLD_S) for seed in (0, 1)]
        world.start_valkey().close()
        for name in ("rollup", "collect"):
            world.start(name)

    def write(self) -> None:
        """Some more of each: what is old comes late, for buckets that are made already."""
        for ledger in self.ledgers:
            ledger.write(self.dice.randint(1, 60))

    def compacting(self, name: str, failpoint: str = "") -> None:
        """Start a worker that does nothing else."""
        env = {"EVENTSCOPE_FAILPOINT": failpoint} if failpoint else {}
        self.world.spawn(name, "-m", "tests.compacting_worker", **env)

    def is_dead(self, name: str) -> bool:
        return self.world.processes[name].poll() is not None

    def let_go(self) -> None:
        """Wait until what is old is in wide buckets alone: what comes then is added to them."""
        self.wait_until_counted()
        fine = f"SELECT 1 FROM visualizer_bucket WHERE width_s = 10 AND start_s < {self.now_s - OLD_S}"
        wait_until(lambda: not read_sql(self.world.sqlite, fine))

    def wait_until_counted(self) -> None:
        size_bytes = sum(ledger.size_bytes for ledger in self.ledgers)
        wait_until(lambda: counted_bytes(self.world.sqlite) == size_bytes)

    def settle(self) -> None:
        """Wait until all is counted, and made of what is over."""
        self.wait_until_counted()
        over = f"SELECT 1 FROM visualizer_stalebucket WHERE start_s + width_s < {self.now_s}"
        wait_until(lambda: not read_sql(self.world.sqlite, over))

    def assert_exact(self) -> None:
        """Every resolution that is kept for a time has the runs of it, and so have the sums over all."""
        with on_database(f"sqlite:///{self.world.sqlite}"):
            assert not StaleBucket.objects.filter(start_s__lt=self.now_s - 600).exists()
            wrote = [written(ledger) for ledger in self.ledgers]
            for width_s in (60, 300):
                assert self.runs(width_s, ago_s=OLD_S + 900) == wrote[0] + wrote[1], width_s
            for width_s in (10, 20):
                assert self.runs(width_s, ago_s=600) == wrote[0], width_s
            connection.close()

    def runs(self, width_s: int, *, ago_s: int) -> Runs:
        """What history says in buckets of this width."""
        from_s = (self.now_s - ago_s) // 300 * 300
        span = {"from_s": from_s, "until_s": self.now_s // 300 * 300 + 600}
        events, found, of_all = {pk: key.event for pk, key in read_keys().items()}, Runs(), Counter[str]()
        for (_, activity, _), counts in read_slots(RESOLUTIONS, width_s, activities=None, **span):
            found.update({(events[activity], status.name): counts.statuses[status] for status in Status})
        for _, counts in read_slots(RESOLUTIONS, width_s, activities=OF_ALL, **span):
            of_all.update({status.name: counts.statuses[status] for status in Status})
        assert +of_all == Counter(by_status(found)), width_s
        return +found


def written(ledger: Ledger) -> Runs:
    runs = Runs()
    for (_, event, status, _), count in ledger.runs.items():
        runs[event, status] += count
    return runs


def by_status(runs: Runs) -> dict[str, int]:
    found = Counter[str]()
    for (_, status), count in runs.items():
        found[status] += count
    return +found


def test_workers_that_die_before_each_commit_count_nothing_twice_and_lose_nothing(
    make_world: Callable[..., World],
) -> None:
    history = History(make_world(EVENTSCOPE_HISTORY=HISTORY))
    history.write()
    history.compacting("one")
    history.let_go()
    history.world.kill("one")
    names = ("one", "two")
    for place, name in enumerate(names):
        history.compacting(name, f"before_fold_commit:{2 + 3 * place}")

    def one_is_dead() -> bool:
        history.write()
        return any(map(history.is_dead, names))

    for deaths in range(2):
        wait_until(one_is_dead)
        for name in filter(history.is_dead, names):
            assert history.world.processes[name].returncode == -9
            history.compacting(name, "before_fold_commit:3" if not deaths else "")
    history.settle()
    for name in names:
        history.world.kill(name)
    history.assert_exact()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("SOAK_SEEDS", "3"))))
def test_celery_workers_with_a_beat_each_are_killed_and_tasks_come_twice(
    make_world: Callable[..., World], seed: int
) -> None:
    history = History(make_world(EVENTSCOPE_HISTORY=HISTORY))
    world, dice = history.world, random.Random(seed)
    start_workers(world)
    history.write()
    history.let_go()
    for _ in range(20):
        history.write()
        with app.connection_for_write(world.redis_url) as broker:
            for _ in range(2):
                app.send_task(TASK, connection=broker)
        time.sleep(dice.uniform(0.1, 3))
        victim = dice.choice(("one", "two", "rollup", "collect"))
        world.kill(victim)
        if victim in ("one", "two"):
            start_workers(world, victim)
        else:
            world.start(victim)
    with app.connection_for_write(world.redis_url) as broker:
        app.send_task(TASK, connection=broker)
    history.settle()
    history.assert_exact()
