"""One of two collectors falls silent: what only it reads is unknown and all else is judged, on every page."""

from __future__ import annotations

import time

import pytest
import redis
from asgiref.sync import sync_to_async
from django.test import Client

from collector.models import redis_keys
from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, beat_in_redis, publish, ran
from tests.fed import feed, tell_collectors
from tests.web.history import A1, A2, remember
from tests.web.shift import Shift
from tests.web.test_hub import Watcher
from tests.web.test_node_panel import panel
from tests.web.test_sources import page, words
from tests.web.test_standstills import shown
from visualizer.interfaces.find_standstills import StandstillFinder
from visualizer.interfaces.hub import Hub
from visualizer.interfaces.unseen_watch import UnseenWatch
from visualizer.interfaces.view_feed import ViewFeed
from visualizer.models.alert import COLLECTOR_MARK
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.standstill import UNREAD, Standstill
from visualizer.repo.drawn import read_drawn
from visualizer.repo.incident_models import KeptAlert, KeptIncident
from visualizer.repo.standstills import keep_standstills, read_standstills
from visualizer.repo.watch import read_watch


def read_by_two(*, now_s: float) -> None:
    """place_order runs where only a:1 reads; pack there, and where b:1 reads."""
    for key, server in ((PLACE_KEY, A1), (PACK_KEY, A1), (PACK_KEY, A2)):
        remember(key, done=30, server=server, now_s=now_s)
    feed("a:1", [A1], at_s=now_s)
    feed("b:1", [A2], at_s=now_s)


@pytest.mark.django_db(transaction=True)
async def test_only_nodes_that_nobody_reads_are_unknown_until_their_collector_is_back(
    live: redis.Redis, hub: Hub
) -> None:
    now_s = time.time()
    await sync_to_async(read_by_two)(now_s=now_s)
    publish(live, ran(PLACE_KEY, done=30), ran(PACK_KEY, done=30))
    tell_collectors(live, {"a:1": 20, "b:1": -60}, now_s=now_s)
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: w.done() == 30 and shown(w, PLACE)[0] == "unknown")
    assert shown(watcher, PACK)[0] == "ok"
    # place_order and its entry; pack and its stream.
    hides = "2 nodes unknown, 2 nodes part unseen: collector a:1 has not reported for"
    await watcher.until(lambda w: w.problem.startswith(hides))
    assert watcher.beat
    assert watcher.beat.behind_s is not None
    tell_collectors(live, {"a:1": -60, "b:1": -60}, now_s=now_s)
    await watcher.until(lambda w: shown(w, PLACE)[0] == "ok" and not w.problem)


def test_the_panel_and_the_sources_name_the_collector_and_what_it_hides(live: redis.Redis, signed_in: Client) -> None:
    now_s = time.time()
    read_by_two(now_s=now_s)
    tell_collectors(live, {"a:1": 20, "b:1": 0}, now_s=now_s)
    assert "Collector a:1 has not reported: what it does now is not known." in panel(signed_in, PLACE)
    told = panel(signed_in, PACK)
    assert "Healthy" in told
    assert "1 of its 2 processes is not seen. Collector a:1 has not reported." in told
    assert "2 nodes unknown, 2 nodes part unseen" in words(page(signed_in))
    # Of whom nothing was ever read nothing is hidden.
    tell_collectors(live, {"c:1": 20, "b:1": 0}, now_s=now_s)
    assert "Healthy" in panel(signed_in, PLACE)
    assert "unknown" not in words(page(signed_in)).partition("Problems")[2].partition("Brokers")[0]


def test_who_hides_something_is_missed_until_somebody_says_that_it_was_taken_away(
    live: redis.Redis, signed_in: Client
) -> None:
    now_s = time.time()
    read_by_two(now_s=now_s)
    tell_collectors(live, {"a:1": 20 * 3600, "b:1": 0, "c:1": 20 * 3600}, now_s=now_s)
    told = page(signed_in)
    assert "Forget collector a:1" in told
    assert "Forget collector b:1" not in told
    assert "c:1" not in told
    for asked in ("b:1", "<b>", "a:1"):
        assert "what it does now is not known" in panel(signed_in, PLACE)
        assert signed_in.post("/sources/forget-collector", {"collector": asked})["Location"] == "/sources"
    assert "a:1" not in page(signed_in)
    assert sorted(live.hkeys(redis_keys.COLLECTORS)) == [b"b:1", b"c:1"]
    assert "Healthy" in panel(signed_in, PLACE)


@pytest.mark.django_db(transaction=True)
async def test_what_is_hidden_is_looked_up_again_when_it_is_drawn(live: redis.Redis) -> None:
    now_s = time.time()
    await sync_to_async(read_by_two)(now_s=now_s)
    tell_collectors(live, {"a:1": 20, "b:1": 0}, now_s=now_s)
    feed_of = ViewFeed(STANDARD, hub="h", clock=time.time)
    watch, unseen = read_watch(live), UnseenWatch({STANDARD: feed_of}, clock=time.time)
    # The watch says what is drawn before it is read.
    await unseen.look(watch)
    assert unseen.hidden == {}
    feed_of.set_topology(read_drawn(live, STANDARD), list)
    await unseen.look(watch)
    assert unseen.hidden == {"a:1": "2 nodes unknown, 2 nodes part unseen"}


@pytest.mark.django_db(transaction=True)
async def test_the_page_is_live_while_others_read_the_same(live: redis.Redis, hub: Hub) -> None:
    now_s = time.time()
    await sync_to_async(read_by_two)(now_s=now_s)
    await sync_to_async(feed)("b:1", [A1], at_s=now_s)
    tell_collectors(live, {"a:1": 20, "b:1": -60}, now_s=now_s)
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: w.problem.startswith("Collector a:1") and w.beat and w.beat.behind_s is not None)


def judge(shift: Shift, seconds: float, *, silent: str = "") -> set[str]:
    """Time passes in which one collector says nothing; returns what is wrong in the end."""
    shift.speaks = {one: one != silent for one in ("a:1", "b:1")}
    shift.passes(seconds)
    return set(KeptAlert.objects.filter(firing_s__gt=0).values_list("subject", flat=True))


@pytest.mark.django_db
def test_alerts_of_what_is_not_seen_stand_still_and_others_go_on(live: redis.Redis) -> None:
    shift, a_is_silent, b_is_silent = Shift(live), f"{COLLECTOR_MARK}a:1", f"{COLLECTOR_MARK}b:1"
    read_by_two(now_s=shift.now_s)
    shift.runs(ran(PLACE_KEY, failed=30), ran(PACK_KEY, done=30))
    assert judge(shift, 40) == {PLACE}
    # What is bad where one reads is told; what was bad where nobody does is not over.
    shift.runs(ran(PLACE_KEY, done=30), ran(PACK_KEY, failed=30))
    assert judge(shift, 100, silent="a:1") == {PLACE, PACK, a_is_silent}
    silent = KeptIncident.objects.get(root=a_is_silent)
    assert "2 nodes unknown, 2 nodes part unseen" in str(silent.members)
    # Of pack a part is not seen: it is not well for that.
    shift.runs(ran(PLACE_KEY, done=30), ran(PACK_KEY, done=30))
    assert judge(shift, 100, silent="a:1") == {PLACE, PACK, a_is_silent}
    assert judge(shift, 100, silent="b:1") == {PACK, b_is_silent}
    assert judge(shift, 100) == set()


@pytest.mark.django_db
def test_what_stood_still_stands_still_while_it_is_not_seen(live: redis.Redis) -> None:
    now_s = time.time()
    read_by_two(now_s=now_s)
    known = {PACK: Standstill(kind=UNREAD, since_s=now_s)}
    keep_standstills(live, dict.fromkeys(VIEWS, known))
    beat_in_redis(live, now_s=now_s)
    for silent_s, left in ((20, known), (0, {})):
        tell_collectors(live, {"a:1": silent_s, "b:1": 0}, now_s=now_s)
        StandstillFinder().refresh(live, now_s=now_s)
        assert read_standstills(live, STANDARD) == left
