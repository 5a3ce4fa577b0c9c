"""What is not seen while some collectors are silent: no node more, and none less."""

from __future__ import annotations

from collections import defaultdict
from math import nan

import numpy as np
import pytest

from collector.models.activity import ActivityKey, Server
from collector.models.alert_rule import DEFAULT_RULES
from collector.models.batch import LogBatch
from collector.models.count_table import CountTable
from collector.models.heartbeat import CollectorBeat
from tests.unit.test_freshness import NOW, collector, rollup
from visualizer.core.alert_signals import blind_signals
from visualizer.core.feed_news import FeedNews
from visualizer.core.freshness import (
    FORGET_AFTER_S,
    FORGET_HIDING_AFTER_S,
    expected_collectors,
    judge_freshness,
    seen_until_s,
    silent_collectors,
)
from visualizer.core.roll_up import ClaimedBatch
from visualizer.core.unseen import PROCESS_OVER_S, hidden_words, part_words, unseen_nodes, unseen_servers, unseen_words
from visualizer.core.unseen_signals import signals_seen, unseen_subjects
from visualizer.models.alert import BAD, GOOD, Signal
from visualizer.models.feed import FEED_OVER_S, FEED_S, Feed
from visualizer.models.unseen import UnseenPart
from visualizer.models.watch import Watch

PAY, MAIL = (ActivityKey("shop.1x0", "", name, "request") for name in ("pay", "mail"))
A, B = collector("a:1", at_s=NOW - 20, caught_up_s=NOW - 20), collector("b:1")
LATELY = int(NOW) - 60


def servers(
    *feeds: Feed, collectors: tuple[CollectorBeat, ...] = (A, B), blind: str = "a:1"
) -> dict[int, tuple[str, ...]]:
    return unseen_servers(feeds, collectors, blind=[blind])


def test_a_process_is_unseen_when_all_who_read_it_are_silent() -> None:
    feeds = [Feed(1, "a:1", LATELY), Feed(2, "b:1", LATELY), Feed(3, "a:1", LATELY), Feed(3, "b:1", LATELY)]
    assert servers(*feeds) == {1: ("a:1",)}
    # Who was stopped, and has no successor, was taken away on purpose.
    assert servers(Feed(4, "c:9", LATELY)) == {}


def test_what_another_collector_has_read_for_a_day_is_that_ones() -> None:
    old = Feed(1, "b:1", LATELY - FEED_OVER_S - 1)
    assert servers(Feed(1, "a:1", LATELY), old) == {1: ("a:1",)}
    assert servers(Feed(1, "a:1", LATELY - FEED_OVER_S), Feed(1, "b:1", LATELY)) == {}


def test_who_came_after_a_collector_on_its_host_reads_what_it_read() -> None:
    heir = collector("a:2", started_s=NOW - 15)
    assert servers(Feed(1, "a:1", LATELY), collectors=(heir, B), blind="a:2") == {1: ("a:2",)}
    beside = collector("a:3", started_s=NOW - 9000)
    assert servers(Feed(1, "a:1", LATELY), collectors=(beside, B), blind="a:3") == {}


def nodes(*ran: tuple[ActivityKey, int, float], unseen: dict[int, tuple[str, ...]]) -> dict[str, UnseenPart]:
    now_s = 1_000_000.0
    runs, spoke_s = defaultdict[ActivityKey, list[int]](list), defaultdict[int, int](int)
    for key, server, ago_s in ran:
        runs[key].append(server)
        spoke_s[server] = max(spoke_s[server], int(now_s - ago_s))
    columns = {key: np.array(ids) for key, ids in runs.items()}
    until_s = dict.fromkeys(unseen, now_s - 20)
    return unseen_nodes(
        columns, spoke_s, unseen, until_s=until_s, nodes_of=lambda key: [key.event, "entry"], now_s=now_s
    )


def test_a_node_is_unknown_when_none_of_its_processes_is_seen_and_else_in_part() -> None:
    found = nodes((PAY, 1, 30), (MAIL, 1, 30), (MAIL, 2, 5), unseen={1: ("a:1",)})
    assert found == {
        "pay": UnseenPart(1, 1, ("a:1",)),
        "mail": UnseenPart(1, 2, ("a:1",)),
        "entry": UnseenPart(1, 2, ("a:1",)),
    }
    assert found["pay"].is_whole
    assert not found["mail"].is_whole
    assert nodes((PAY, 2, 5), unseen={1: ("a:1",)}) == {}


def test_a_process_that_is_over_neither_sees_nor_is_missed() -> None:
    late = PROCESS_OVER_S + 30
    # The one that is silent is held against its collector's last word, not against now.
    assert nodes((PAY, 1, 30), (PAY, 2, late), unseen={1: ("a:1",)})["pay"].is_whole
    assert nodes((PAY, 1, late), (PAY, 2, 1), unseen={1: ("a:1",)}) == {}
    # It lives, though this event ran there long ago: another one did not.
    both = nodes((PAY, 1, 30), (PAY, 2, 9 * late), (MAIL, 2, 1), unseen={1: ("a:1",)})
    assert both["pay"] == UnseenPart(1, 2, ("a:1",))


def test_words_name_the_collector_and_count_what_it_hides() -> None:
    whole, part = UnseenPart(1, 1, ("a:1",)), UnseenPart(2, 5, ("a:1", "c\u202e:1"))
    assert hidden_words({"x": whole, "y": whole, "z": part}) == {
        "a:1": "2 nodes unknown, 1 node part unseen",
        "c\u202e:1": "1 node part unseen",
    }
    assert unseen_words(whole) == "Collector a:1 has not reported"
    assert part_words(part).startswith("2 of its 5 processes are not seen. Collectors a:1, c")
    assert "\u202e" not in part_words(part)
    watch, hidden = Watch(collectors=(A, B), rollups=(rollup(),)), hidden_words({"x": whole})
    told = judge_freshness(watch, NOW, hidden=hidden)
    assert told.problems == ("1 node unknown: collector a:1 has not reported for 20 s.",)
    strange = Watch(collectors=(collector("c\u202e:1", at_s=NOW - 20), B), rollups=(rollup(),))
    assert not any("\u202e" in problem for problem in judge_freshness(strange, NOW).problems)
    (signal, *others) = blind_signals(DEFAULT_RULES, watch, hidden, now_s=NOW)
    assert (signal.level, signal.words) == (BAD, "It has said nothing for 20 s: 1 node unknown.")
    assert [other.level for other in others] == [GOOD, GOOD]


def test_time_goes_on_for_those_who_see() -> None:
    late = collector("b:1", caught_up_s=NOW - 4)
    watch = Watch(collectors=(A, late), rollups=(rollup(),))
    assert seen_until_s(watch, NOW) == NOW - 4
    assert [one.collector_id for one in silent_collectors(watch.collectors, NOW)] == ["a:1"]
    # The page is live, but for what is known to be hidden; and only while that is known of all who are silent.
    assert judge_freshness(watch, NOW, hidden={"a:1": "x"}).behind_s == 4
    assert judge_freshness(watch, NOW, hidden={"b:1": "x"}).behind_s is None
    told = judge_freshness(watch, NOW, hidden={"a:1": ""})
    assert (told.behind_s, told.problems) == (4, ("Collector a:1 has not reported for 20 s.",))
    assert judge_freshness(Watch(collectors=(A,), rollups=(rollup(),)), NOW, hidden={"a:1": "x"}).behind_s is None
    assert seen_until_s(Watch(collectors=(A,), rollups=(rollup(),)), NOW) is None
    assert seen_until_s(Watch(collectors=(B,), rollups=(rollup(at_s=NOW - 9),)), NOW) is None


@pytest.mark.parametrize(("hiding", "missed_s"), [((), FORGET_AFTER_S), (("a:1",), FORGET_HIDING_AFTER_S)])
def test_who_hides_something_is_missed_for_a_day(hiding: tuple[str, ...], missed_s: float) -> None:
    watch, hidden = Watch(collectors=(A, B), rollups=(rollup(),)), dict.fromkeys(hiding, "1 node unknown")
    at_s = {one.collector_id: one.at_s for one in (A, B)}
    for now_s, is_missed in ((at_s["a:1"] + missed_s, True), (at_s["a:1"] + missed_s + 1, False)):
        expected = expected_collectors(watch.collectors, now_s, hiding=hiding)
        assert ("a:1" in {one.collector_id for one in expected}) == is_missed
        told = " ".join(judge_freshness(watch, now_s, hidden=hidden).problems)
        assert ("ollector a:1 has not" in told) == is_missed
        signals = list(blind_signals(DEFAULT_RULES, watch, hidden, now_s=now_s))
        assert any(signal.subject.endswith("a:1") for signal in signals) == is_missed


def test_of_what_is_seen_in_part_only_what_is_bad_is_told() -> None:
    unseen = unseen_subjects({"n": UnseenPart(1, 1, ("a:1",)), "p": UnseenPart(1, 2, ("a:1",))}, {})
    signals = [
        Signal(rule, subject, level)
        for subject in ("n", "p", "other")
        for rule, level in (("failing", BAD), ("failing", GOOD), ("unusual", BAD))
    ]
    told = [(one.subject, one.rule, one.level) for one in signals_seen(signals, unseen, DEFAULT_RULES)]
    assert told == [
        ("p", "failing", BAD),
        *(("other", rule, level) for rule, level in (("failing", BAD), ("failing", GOOD), ("unusual", BAD))),
    ]


def claimed(received_s: float, *ids: int, collector: str = "a:1") -> ClaimedBatch:
    batch = LogBatch(received_s, [PAY], [Server("vm", "1")], CountTable.of([]), {})
    return ClaimedBatch(1, batch, [1], ids, collector)


def told(news: FeedNews, *batches: ClaimedBatch) -> list[Feed]:
    return news.of(batches, now_s=10_000)


def test_a_pair_is_written_when_it_is_new_and_once_in_ten_minutes() -> None:
    news = FeedNews()
    first = told(news, claimed(100.9, 2, 1), claimed(101.0, 1), claimed(100.0, 3, collector=""))
    assert first == [Feed(1, "a:1", 101), Feed(2, "a:1", 100)]
    # What was not committed is told again.
    assert told(news, claimed(101.0, 1)) == [Feed(1, "a:1", 101)]
    news.note(first)
    assert told(news, claimed(100.0 + FEED_S, 1), claimed(50, 2)) == []
    assert told(news, claimed(101.0 + FEED_S, 1)) == [Feed(1, "a:1", 101 + FEED_S)]
    news.forget()
    assert told(news, claimed(102.0, 1)) == [Feed(1, "a:1", 102)]


def test_pairs_that_go_on_are_remembered_among_many_that_are_over() -> None:
    news, goes_on = FeedNews(), Feed(1, "a:1", 5000)
    news.note([Feed(server, "a:1", 100) for server in range(2000)])
    news.note([goes_on])
    assert told(news, claimed(5000.0 + FEED_S - 1, 1)) == []
    assert told(news, claimed(5000.0, 2)) == [Feed(2, "a:1", 5000)]


@pytest.mark.parametrize("received_s", [nan, -1.0, 1e300, 10_001.0])
def test_what_says_a_time_that_cannot_be_was_read_now(received_s: float) -> None:
    # A clock that was ahead once would else hide for as long who reads it since.
    assert told(FeedNews(), claimed(received_s, 1)) == [Feed(1, "a:1", 10_000)]
