"""What stands still is found from what is open, what ran lately and who answers; without any configuration."""

from __future__ import annotations

from typing import Any

import pytest

from collector.models.activity import ActivityKey, Server
from collector.models.host import ALIVE, ERROR, HostAnswer
from tests.runtime_apps import answer, app, event, read, write
from visualizer.core.halted import Halts
from visualizer.core.run_timeouts import DEFAULT_S, UNTIMED_S, RunTimeouts
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.standstill_words import standstill_trouble
from visualizer.core.standstills import (
    FED_S,
    Standstills,
    find_gone,
    find_stopped,
    find_stuck,
    find_unread,
    hold_unseen,
    worst_of,
)
from visualizer.core.stopped_services import service_gap_s
from visualizer.core.topology import build_topology
from visualizer.models.delta import NodeStats
from visualizer.models.node_id import EXPANDED, STANDARD, stream_id
from visualizer.models.open_run import OpenPlace, OpenRun
from visualizer.models.seen_hour import SeenHour
from visualizer.models.standstill import GONE, STOPPED, STUCK, UNREAD, Flow, HeldRuns, Standstill

NOW = 1_000_000.0
PLACE = ActivityKey("shop.1x0", "", "place", "request")
PACK = ActivityKey("store.1x0", "", "pack", "stream", "orders", "AUTO", "group")
TICK = ActivityKey("shop.1x0", "", "tick", "service")
SETTINGS = {"pack": {"stream": {"timeout": 2.0}, "response_timeout": 9.0}}
SHOP = app("shop", {"place": event("POST", write_stream=write("orders")), "tick": event("SERVICE")})
STORE = app("store", {"pack": event("STREAM", read_stream=read("orders"))}, settings=SETTINGS)
CONFIG = read_runtime_apps(answer(SHOP, STORE), source="here")
TOPOLOGY = build_topology(CONFIG, {PLACE, PACK, TICK}, set(), view=STANDARD)
TIMEOUTS = RunTimeouts(CONFIG)


def held(*ages_s: float, key: ActivityKey = PACK, pid: str = "7", more: int = 0) -> HeldRuns:
    runs = tuple(OpenRun(NOW - age_s, number, f"op {age_s}") for number, age_s in enumerate(ages_s))
    return HeldRuns(key, Server("vm", pid), OpenPlace(runs, more, NOW))


def stuck(*places: HeldRuns) -> dict[str, Standstill]:
    return find_stuck(places, TIMEOUTS, view=STANDARD, now_s=NOW)


def test_runs_beyond_their_declared_timeout_are_stuck_the_oldest_first() -> None:
    found = stuck(held(1.9, 3, more=4), held(50, pid="8"))["store.1x0.pack"]
    assert (found.kind, found.count, found.more, found.limit_s) == (STUCK, 2, 4, 2.0)
    assert [(run.operation_id, run.pid) for run in found.oldest] == [("op 50", "8"), ("op 3", "7")]
    assert found.since_s == NOW - 48
    assert stuck(held(1.9, more=9)) == {}


@pytest.mark.parametrize(
    ("key", "seconds", "is_default"),
    [
        (PACK, 2.0, False),
        (PLACE, 60.0, False),
        (TICK, UNTIMED_S, True),
        (ActivityKey("shop.1x0", "", "place$later", "stream", "s"), 60.0, False),
        (ActivityKey("else.1", "", "where", "request"), DEFAULT_S, True),
        (ActivityKey("else.1", "", "begin", "setup"), UNTIMED_S, True),
    ],
)
def test_a_timeout_is_the_declared_one_or_a_default_that_is_said(
    key: ActivityKey, seconds: float, is_default: bool
) -> None:
    assert TIMEOUTS.of(key) == (seconds, is_default)


def test_the_expanded_view_has_a_stuck_stage_on_its_own_node() -> None:
    stage = ActivityKey("shop.1x0", "", "place$later", "request")
    assert set(find_stuck([held(99, key=stage)], TIMEOUTS, view=EXPANDED, now_s=NOW)) == {"shop.1x0.place$later"}


def unread(written: int, read_lately: int, *, silent_s: int = FED_S, total: int = 1000) -> dict[str, Standstill]:
    flows = {PLACE: Flow(written, 1000, int(NOW)), PACK: Flow(read_lately, total, int(NOW) - silent_s)}
    return find_unread(TOPOLOGY, flows, now_s=NOW)


def test_a_stream_that_is_fed_and_not_consumed_is_told_on_it_and_its_consumer() -> None:
    found = unread(9, 0)
    assert set(found) == {">orders", "store.1x0.pack"}
    assert (found[">orders"].kind, found[">orders"].count, found[">orders"].names) == (UNREAD, 9, ("group",))


@pytest.mark.parametrize(
    "flow",
    [
        {"written": 9, "read_lately": 1},
        {"written": 2, "read_lately": 0},
        # Of a hundred runs of the writer two bring a message.
        {"written": 90, "read_lately": 0, "total": 20},
        {"written": 9, "read_lately": 0, "total": 19},
        {"written": 9, "read_lately": 0, "silent_s": FED_S - 1},
        {"written": 9, "read_lately": 0, "silent_s": 90_000},
    ],
)
def test_what_is_read_as_ever_or_hardly_written_is_not_told(flow: dict[str, Any]) -> None:
    assert unread(**flow) == {}


def hours(gap_s: int, *, minutes: int = 50) -> list[SeenHour]:
    start_s = int(NOW) // 3600 * 3600
    return [SeenHour(start_s, start_s, start_s + 60 * minutes, gap_s)]


def test_a_service_may_be_silent_for_three_times_its_usual_gap() -> None:
    assert service_gap_s(hours(40), now_s=NOW) == 3 * (40 + 10)
    assert service_gap_s(hours(0), now_s=NOW) == 60
    # Seldom for as long as it is known.
    assert service_gap_s(hours(400), now_s=NOW) is None
    found = find_stopped([(TICK, int(NOW) - 151, 150.0), (PLACE, int(NOW) - 149, 150.0)], view=STANDARD, now_s=NOW)
    assert {node: (one.kind, one.since_s) for node, one in found.items()} == {"shop.1x0.tick": (STOPPED, NOW - 151)}
    assert find_stopped([(TICK, int(NOW) - 90_000, 150.0), (TICK, 0, None)], view=STANDARD, now_s=NOW) == {}


def host(status: str, *, for_s: float = 60, url: str = "http://a", **more: Any) -> HostAnswer:
    told = more.pop("standard", answer(STORE))
    return HostAnswer(url=url, position=0, status=status, since_s=NOW - for_s, polled_s=NOW, standard=told, **more)


def gone(*hosts: HostAnswer, seen_s: float = 0.0) -> dict[str, Standstill]:
    return find_gone(TOPOLOGY, hosts, {"store.1x0": seen_s}, now_s=NOW)


def test_an_app_whose_hosts_are_all_gone_and_that_does_not_run_is_told() -> None:
    found = gone(host(ERROR), host(ERROR, for_s=20, url="http://b"))
    assert {node: (one.kind, one.since_s, one.names) for node, one in found.items()} == {
        "store.1x0.pack": (GONE, NOW - 20, ("http://a", "http://b"))
    }
    assert gone(host(ERROR), host(ALIVE, url="http://b")) == {}
    assert gone(host(ERROR, for_s=3)) == gone(host(ERROR, for_s=90_000)) == {}
    assert gone(host(ERROR), seen_s=NOW - 5) == {}
    assert gone(host(ERROR, standard=None)) == gone(host(ERROR, source="asyncapi")) == {}


def test_nothing_is_stuck_after_the_last_word_of_who_reads_it() -> None:
    silent = held(9, 3)._replace(seen_until_s=NOW - 5)
    assert stuck(silent)["store.1x0.pack"].count == 1
    assert stuck(silent._replace(seen_until_s=NOW - 8)) == {}


def test_where_something_is_not_seen_nothing_begins_and_nothing_ends_until_it_was_seen() -> None:
    pack, orders, tick = "store.1x0.pack", stream_id(stream="orders", view=STANDARD), "shop.1x0.tick"
    unread = Standstill(kind=UNREAD, since_s=NOW - 90)
    stopped, still = Standstill(kind=STOPPED, since_s=NOW - 90), Standstill(kind=STUCK, since_s=NOW - 9)

    def hold(found: Standstills, known: Standstills, *unseen: str, **ran_s: float) -> Standstills:
        return hold_unseen(found, known, unseen, TOPOLOGY, ran_s={pack: ran_s.get("pack", 0)})

    both = {pack: unread, orders: unread}
    assert hold({**both, tick: stopped}, {}, pack, orders) == {tick: stopped}
    assert hold({tick: still}, {}, tick) == {tick: still}
    assert hold(both, both, pack, orders) == hold({}, both, pack, orders) == both
    assert hold({}, both, pack, orders, pack=NOW - 80) == {orders: unread}
    # Who writes is not seen: the stream is fed, nobody knows how much.
    assert hold({}, both, "shop.1x0.place") == both
    assert hold({}, {tick: stopped}, pack) == {}


def test_of_several_the_worst_is_shown_where_it_is_drawn() -> None:
    found = worst_of(
        [stuck(held(9)), gone(host(ERROR)), {"elsewhere": Standstill(kind=STUCK, since_s=0)}], {"store.1x0.pack"}
    )
    assert {node: one.kind for node, one in found.items()} == {"store.1x0.pack": GONE}


@pytest.mark.parametrize(
    ("state", "kind", "is_blind", "shown"),
    [
        ("ok", STUCK, False, "wait"),
        ("fail", STUCK, False, "fail"),
        ("idle", GONE, False, "fail"),
        ("ok", "", True, "unknown"),
        ("idle", "", True, "unknown"),
        ("warn", "", True, "warn"),
        ("idle", STUCK, True, "wait"),
        ("ok", "", False, "ok"),
    ],
)
def test_a_node_shows_what_stands_still_and_is_never_well_while_nobody_looks(
    state: str, kind: str, is_blind: bool, shown: str
) -> None:
    stats = NodeStats(state=state)
    found = {"a": Standstill(kind=kind, since_s=5.0, count=3)} if kind else {}
    Halts(found, is_blind).mark(stats, "a", is_known=True)
    assert (stats.state, stats.halt, stats.halts, stats.since) == (shown, kind, *((3, 5.0) if kind else (0, 0)))


def test_only_what_is_not_seen_is_unknown() -> None:
    halts, shown = Halts(unseen=frozenset({"a"})), {}
    for node in ("a", "b"):
        stats = NodeStats(state="ok")
        halts.mark(stats, node, is_known=True)
        shown[node] = stats.state
    assert shown == {"a": "unknown", "b": "ok"}
    assert list(Halts().changed(halts, dict.fromkeys("ab"))) == ["a"]  # type: ignore[arg-type]


def test_the_words_say_what_it_rests_on_and_what_to_do() -> None:
    run = stuck(held(62, 3, more=5))["store.1x0.pack"]
    trouble = standstill_trouble(run, now_s=NOW)
    assert trouble.headline == "2 runs are stuck"
    for part in ("within 2 s (as declared)", "began 1 min ago", "on 'vm' · '7'", "5 more are open", "start it again"):
        assert part in trouble.sentence
    told = Standstill(kind=STUCK, since_s=NOW, limit_s=60, is_default=True, count=1)
    assert standstill_trouble(told, now_s=NOW).headline == "1 run is stuck"
    assert "the default, as nobody declares one" in standstill_trouble(told, now_s=NOW).sentence
    for kind, headline, part in (
        (GONE, "Host gone", "its host 'http://a' has not answered"),
        (STOPPED, "Service stopped", "up to 2 min of silence is right"),
        (UNREAD, "Fed, and not consumed", "the consumer group 'http://a' started nothing"),
    ):
        one = Standstill(kind=kind, since_s=NOW - 60, limit_s=120, count=1, names=("http://a",))
        trouble = standstill_trouble(one, now_s=NOW)
        assert (trouble.headline, part in trouble.sentence) == (headline, True)
