"""Faults of every kind, in an order of chance, while lines are written: every line is counted once."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.faults.scene import Scene, counted_totals, totals_of
from tests.store_nemesis import StoreNemesis
from tests.world import World, wait_until

APPLICATIONS = "log_files,hopeit,store"
#: One for every day, more for a night.
SEEDS = [1]
SOAK_SEEDS = [pytest.param(2 + n, marks=pytest.mark.soak) for n in range(int(os.environ.get("SOAK_SEEDS", "10")))]


@pytest.mark.parametrize("seed", [*SEEDS, *SOAK_SEEDS])
def test_any_faults_in_any_order_change_no_count(make_world: Callable[..., World], seed: int) -> None:
    scene = Scene(make_world(EVENTSCOPE_APPLICATIONS=APPLICATIONS), seed=seed, is_proxied=True)
    scene.begin()
    nemesis = strike(scene, seed=seed, times=6)
    try:
        scene.assert_exact()
    except AssertionError as exc:
        raise AssertionError("; ".join(nemesis.done)) from exc
    finally:
        scene.close()


def test_without_the_claim_the_same_faults_change_counts(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS=APPLICATIONS, EVENTSCOPE_NEGATIVE_CONTROL="no_claim")
    scene = Scene(world, seed=1, is_proxied=True)
    scene.write_until(scene.counted)
    # Killed where it has committed and not deleted: all that comes again.
    scene.world.kill("rollup")
    doomed = scene.world.start("rollup", EVENTSCOPE_FAILPOINT="after_commit:2")
    scene.write_until(lambda: doomed.poll() is not None)
    scene.world.start("rollup")
    wait_until(lambda: counted_totals(scene.read).total() > totals_of(scene.ledger).total())
    scene.close()


def strike(scene: Scene, *, seed: int, times: int) -> StoreNemesis:
    """Do so many faults, and write while and after each."""
    assert scene.proxy
    nemesis = StoreNemesis(scene.world, scene.proxy, seed=seed)
    for _ in range(times):
        scene.write_for(0.3)
        nemesis.strike()
        scene.write_for(0.2)
    return nemesis
