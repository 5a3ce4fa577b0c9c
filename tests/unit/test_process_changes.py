"""What is told of processes that came and went, and that silence alone tells nothing."""

from __future__ import annotations

from collector.models.activity import Server
from visualizer.core.process_changes import MOST_OF_APP, find_loops, find_process_changes
from visualizer.core.process_ends import DAY_S, Listed, ProcessEnds
from visualizer.models.process_change import FEWER, LOOP, MORE, RESTART, ProcessChange
from visualizer.models.seen_process import SeenProcess

#: The restart of most tests.
AT = 100_000
Told = list[tuple[str, int, tuple[str, ...], float, float]]


def process(
    pid: int, first: int, last: int, *, host: str = "a", app: str = "shop.1x0", gap: int = 10, pace: int = 10
) -> SeenProcess:
    """One that was seen from then until then, after AT."""
    return SeenProcess(app, Server(host, str(pid)), AT + first, AT + last, gap, (last - first) // pace + 1)


def find(*processes: SeenProcess, read_to: int = 1000, listed: Listed | None = None) -> list[ProcessChange]:
    return find_process_changes(processes, ProcessEnds(AT + read_to, {} if listed is None else listed))


def told(*processes: SeenProcess, read_to: int = 1000, listed: Listed | None = None) -> Told:
    """(kind, count, hosts, from, until) after AT."""
    found = find(*processes, read_to=read_to, listed=listed)
    return [(one.kind, one.count, one.hosts, one.at_s - AT, one.until_s - AT) for one in found]


def lists(*pids: int, host: str = "a", app: str = "shop.1x0") -> Listed:
    return {app: frozenset(Server(host, str(pid)) for pid in pids)}


def test_a_rolling_restart_is_one_change_with_its_numbers() -> None:
    old = [process(n, -9000, 10 * n - 2, host="ab"[n % 2]) for n in range(4)]
    new = [process(10 + n, 10 * n, 995, host="ab"[n % 2]) for n in range(4)]
    assert told(*old, *new) == [(RESTART, 4, ("a", "b"), 0, 30)]
    drained = [one._replace(last_s=AT + 40) for one in old]
    assert told(*drained, *new) == [(RESTART, 4, ("a", "b"), 0, 30)]


def test_another_version_and_other_hosts_are_a_restart_too() -> None:
    old, new = process(1, -9000, -5), process(1, 0, 995, host="pod-2", app="shop.1x1")
    (change,) = find(old, new)
    assert (change.kind, change.before, change.after) == (RESTART, ("shop.1x0",), ("shop.1x1",))
    assert change.hosts == ("pod-2",)


def test_a_process_that_goes_on_beside_a_new_one_means_more() -> None:
    assert told(process(1, -9000, 990), process(2, 0, 990), process(3, 4, 990)) == [(MORE, 2, ("a",), 0, 4)]


def test_one_that_seldom_says_something_is_neither_gone_nor_new() -> None:
    seldom = process(1, -90_000, -300, pace=3600, gap=7200)
    assert told(seldom, process(2, -90_000, 990), process(3, 0, 990)) == [(MORE, 1, ("a",), 0, 0)]
    first_heard = process(4, 0, 0)
    assert told(process(2, -9000, 990), first_heard) == []
    assert told(process(2, -9000, 990), process(4, 0, 990, pace=200), read_to=1000) == [(MORE, 1, ("a",), 0, 0)]
    assert told(process(2, -900, 990), process(4, 0, 990, pace=200), read_to=1000) == []


def test_what_is_silent_together_is_not_gone() -> None:
    assert told(process(1, -9000, 0), process(2, -9000, 3), read_to=5000) == []
    assert told(process(1, -9000, 0), process(2, -9000, 300), read_to=5000) == []
    # They go on, but they pause for longer at this time of the day than it was silent.
    assert told(process(1, -9000, 0), process(2, -9000, 990, gap=400)) == []


def test_one_without_which_the_others_go_on_is_one_fewer() -> None:
    others = process(2, -9000, 990), process(3, -9000, 992, host="b")
    assert told(process(1, -9000, 0), *others) == [(FEWER, 1, ("a",), 0, 0)]
    assert told(process(1, -9000, 0), *others, listed=lists(1)) == []


def test_who_took_the_place_decides_how_long_silence_may_be() -> None:
    old = process(1, -90_000, -5, gap=7200, pace=20)
    # The old one had a night of 2 h behind it; the new one says something all the time.
    assert told(old, process(2, 0, 995)) == [(RESTART, 1, ("a",), 0, 0)]
    assert told(old, process(2, 0, 190), read_to=195) == []
    assert told(old, process(2, 0, 995, gap=600, pace=40)) == []
    assert told(old, process(2, 0, 2995, gap=600, pace=40), read_to=3000) == [(RESTART, 1, ("a",), 0, 0)]


def test_what_hosts_list_decides_before_silence() -> None:
    quiet, new = process(1, -9000, -4000, pace=3000), process(2, 0, 0)
    assert told(quiet, new, listed=lists(2)) == [(RESTART, 1, ("a",), 0, 0)]
    assert told(quiet, new, listed=lists(1, 2)) == []
    assert told(quiet, new, listed=lists(2), read_to=-3950) == []
    # Listed are those of the next restart; the one before stays told.
    third = process(3, 500, 500)
    assert told(quiet, new, third, listed=lists(3)) == [(RESTART, 1, ("a",), 0, 0), (RESTART, 1, ("a",), 500, 500)]


def test_while_nobody_looks_only_a_day_of_silence_tells() -> None:
    both = process(1, -9000, -5), process(2, 0, 995)
    blind = ProcessEnds(AT + 1000, None)
    assert find_process_changes(both, blind) == []
    late = find_process_changes(both, ProcessEnds(AT + DAY_S, None))
    assert [one.kind for one in late] == [RESTART]


def test_short_lives_one_after_the_other_are_a_loop() -> None:
    stayed = process(1, -9000, -5)
    short = [process(10 + n, 30 * n, 30 * n + 12) for n in range(5)]
    assert told(stayed, *short) == [(LOOP, 5, ("a",), 0, 132)]
    back = process(99, 200, 995)
    assert told(stayed, *short, back) == [(LOOP, 5, ("a",), 0, 132)]
    assert told(stayed, *short[:3]) == []


def test_a_loop_that_goes_on_for_hundreds_of_lives_is_still_one() -> None:
    lives = [process(n, 20 * n, 20 * n + 5) for n in range(1, 2 * MOST_OF_APP)]
    (loop,) = find_loops([process(0, -9000, -5), *lives], ProcessEnds(lives[-1].last_s + 200, {}))
    assert (loop.kind, loop.count, loop.at_s) == (LOOP, len(lives), AT + 20)


def test_jobs_that_come_and_go_beside_a_process_that_stays_are_no_loop() -> None:
    jobs = [process(10 + n, 60 * n, 60 * n + 3) for n in range(8)]
    assert told(process(1, -9000, 990), *jobs) == []
    # Nobody knows of one that was meant to stay.
    assert told(*jobs) == []
    elsewhere = process(1, -9000, 990, host="b")
    assert [kind for kind, *_ in told(elsewhere, *jobs)] == [LOOP]
