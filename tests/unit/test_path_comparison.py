"""Two operations compared hop by hop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualizer.core.path_comparison import compare_paths
from visualizer.models.operation import DONE, FAILED, MISSING, RUNNING, Hop, OperationPath
from visualizer.models.path_comparison import HopPair, PathComparison

few = settings(max_examples=60)
NODES, STREAMS, STATUSES = ("a.1.x", "a.1.y", "b.1.z"), ("", ">s", ">t"), (DONE, FAILED, RUNNING, MISSING)


def hop(node: str, at_ms: float, ran_ms: float | None = 10, after: int | None = None, **more: object) -> Hop:
    began_s = 1000 + at_ms / 1000
    return Hop(node=node, status=DONE, began_s=began_s, ran_ms=ran_ms, after=after, **more)  # type: ignore[arg-type]


def path(*hops: Hop) -> OperationPath:
    return OperationPath(request_id="r", hops=hops)


@st.composite
def paths(draw: st.DrawFn) -> OperationPath:
    """Any forest of hops, with begins, ends and causes that clocks of many hosts may have told."""
    hops = list[Hop]()
    for place in range(draw(st.integers(0, 6))):
        status = draw(st.sampled_from(STATUSES))
        causes = [at for at in range(place) if hops[at].status != MISSING]
        after = draw(st.none() | st.sampled_from(causes)) if causes else None
        ran_ms = float(draw(st.integers(0, 90))) if status in (DONE, FAILED) else None
        made = hop(draw(st.sampled_from(NODES)), draw(st.integers(0, 99)), ran_ms, after)
        waited_ms = draw(st.none() | st.integers(0, 50))
        stream = draw(st.sampled_from(STREAMS))
        hops.append(replace(made, status=status, stream=stream, waited_ms=waited_ms))
    return path(*hops)


def mirrored(pair: HopPair) -> HopPair:
    def turned(value: float | None) -> float | None:
        return None if value is None else -value

    return replace(
        pair,
        a=pair.b,
        b=pair.a,
        ran_more_ms=turned(pair.ran_more_ms),
        waited_more_ms=turned(pair.waited_more_ms),
        of_ran_ms=-pair.of_ran_ms,
        of_waited_ms=-pair.of_waited_ms,
    )


def both(compared: PathComparison) -> list[tuple[int | None, int | None]]:
    return [(pair.a, pair.b) for pair in compared.pairs]


@few
@given(a=paths(), b=paths())
def test_exchanging_a_and_b_mirrors_every_pair(a: OperationPath, b: OperationPath) -> None:
    forth, back = compare_paths(a, b), compare_paths(b, a)
    assert [mirrored(pair) for pair in forth.pairs] == list(back.pairs)
    assert (forth.a_ms, forth.b_ms) == (back.b_ms, back.a_ms)


@few
@given(a=paths())
def test_an_operation_differs_in_nothing_from_itself(a: OperationPath) -> None:
    compared = compare_paths(a, a)
    assert all(pair.a == pair.b for pair in compared.pairs)
    assert {pair.ran_more_ms or pair.waited_more_ms or 0 for pair in compared.pairs} <= {0}
    assert {pair.of_ran_ms or pair.of_waited_ms for pair in compared.pairs} <= {0}
    assert compared.more_ms == compared.unknown_ms == 0


@few
@given(a=paths(), b=paths())
def test_every_hop_is_in_one_pair_behind_what_it_follows_from(a: OperationPath, b: OperationPath) -> None:
    pairs = compare_paths(a, b).pairs
    for side, told in ((a, [pair.a for pair in pairs]), (b, [pair.b for pair in pairs])):
        assert sorted(place for place in told if place is not None) == list(range(len(side.hops)))
    for place, pair in enumerate(pairs):
        before = pairs[pair.after] if pair.after is not None else HopPair(a=None, b=None, depth=-1)
        assert pair.depth == before.depth + 1
        assert pair.after is None or pair.after < place
        for side, at, cause in ((a, pair.a, before.a), (b, pair.b, before.b)):
            assert at is None or side.hops[at].after == cause
        if pair.a is not None and pair.b is not None:
            one, other = a.hops[pair.a], b.hops[pair.b]
            assert (one.node, one.stream) == (other.node, other.stream)


@few
@given(a=paths())
def test_of_an_operations_time_no_moment_is_counted_twice_and_none_is_lost(a: OperationPath) -> None:
    compared = compare_paths(path(), a)
    parts = [part for pair in compared.pairs for part in (pair.of_ran_ms, pair.of_waited_ms)]
    assert min(parts, default=0) >= 0
    assert compared.unknown_ms > -1e-6
    assert sum(parts) + compared.unknown_ms == pytest.approx(a.took_ms, abs=1e-6)


def test_where_the_time_went_is_told_of_waiting_and_running() -> None:
    fast = path(hop("place", 0, 20), hop("reserve", 120, 30, 0, stream=">s", waited_ms=100.0))
    slow = path(hop("place", 0, 25), hop("reserve", 3225, 230, 0, stream=">s", waited_ms=3200.0))
    compared = compare_paths(fast, slow)
    told = [(pair.ran_more_ms, pair.waited_more_ms, pair.of_ran_ms, pair.of_waited_ms) for pair in compared.pairs]
    assert [[round(part) if part is not None else None for part in each] for each in told] == [
        [5, None, 5, 0],
        [200, 3100, 200, 3100],
    ]
    assert round(compared.more_ms) == 3305


def test_what_a_run_calls_and_waits_for_is_counted_at_what_it_calls() -> None:
    fast = path(hop("place", 0, 100), hop("check", 10, 50, 0, waited_ms=10.0))
    slow = path(hop("place", 0, 400), hop("check", 10, 350, 0, waited_ms=10.0))
    of_ran = [round(pair.of_ran_ms) for pair in compare_paths(fast, slow).pairs]
    assert of_ran == [0, 300]
    # What comes out of a stream while its writer still runs, nobody waits for.
    async_fast, async_slow = (path(*(replace(each, stream=">s") for each in one.hops)) for one in (fast, slow))
    assert [round(pair.of_ran_ms) for pair in compare_paths(async_fast, async_slow).pairs] == [300, 0]


def test_retries_are_compared_try_by_try() -> None:
    once = path(hop("place", 0), hop("pack", 20, 10, 0, stream=">s"))
    thrice = path(hop("place", 0), *(hop("pack", at, 10, 0, stream=">s") for at in (20, 40, 60)))
    assert both(compare_paths(once, thrice)) == [(0, 0), (1, 1), (None, 2), (None, 3)]


def test_each_branch_of_a_fan_out_is_compared_with_its_own() -> None:
    wide = path(
        hop("place", 0),
        hop("bill", 20, 10, 0, stream=">s"),
        hop("pack", 21, 10, 0, stream=">s"),
        hop("mail", 40, 10, 1, stream=">t"),
        hop("mail", 41, 10, 2, stream=">t"),
    )
    narrow = path(
        hop("place", 0), hop("pack", 5, 10, 0, stream=">s"), hop("mail", 18, 10, 1, stream=">t"), hop("pack", 30, 10, 0)
    )
    compared = compare_paths(wide, narrow)
    # By when they began in either; what was packed out of no stream is another branch.
    assert both(compared) == [(0, 0), (2, 1), (4, 2), (1, None), (3, None), (None, 3)]
    assert [pair.depth for pair in compared.pairs] == [0, 1, 2, 1, 2, 1]


def test_what_is_not_seen_in_one_is_the_same_hop_as_in_the_other() -> None:
    seen = path(hop("place", 0), hop("pack", 20, 10, 0, stream=">s", waited_ms=10.0))
    unseen = path(hop("place", 0), Hop(node="pack", stream=">s", after=0, status=MISSING))
    compared = compare_paths(seen, unseen)
    assert both(compared) == [(0, 0), (1, 1)]
    assert (compared.pairs[1].ran_more_ms, compared.pairs[1].waited_more_ms) == (None, None)


def test_a_chain_of_thousands_is_compared_too() -> None:
    hops: Sequence[Hop] = [hop("loop", at, 1, at - 1 if at else None, stream=">s") for at in range(2000)]
    assert len(compare_paths(path(*hops), path(*hops[:-1])).pairs) == 2000


def test_what_lies_before_a_hop_that_follows_from_nothing_is_unknown() -> None:
    early = path(hop("place", 0, 10), hop("pack", 500, 10))
    compared = compare_paths(path(hop("place", 0, 10)), early)
    assert (round(compared.more_ms), round(compared.unknown_ms)) == (500, 500)
