"""What edges rest on is worked out from SQL and told to everybody who watches."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import redis

from collector.models import redis_keys
from collector.models.activity import CALLER, Server
from tests.declared_host import declare
from tests.drawn_world import beat_in_redis
from tests.fed import feed, tell_collectors
from tests.runtime_apps import answer, app, event
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.find_evidence import EvidenceFinder
from visualizer.models.evidence import QUIET, UNDECLARED, AcceptedEdge, Evidence, edge_identity
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.seen_hour import Pair
from visualizer.repo.accepted_edges import accept_edge, read_accepted, reject_edge
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import read_evidence
from visualizer.repo.models import Activity, CallEdge, SeenServer, Total
from visualizer.repo.seen_hours import add_seen_hours

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = 86400, 3600, 60
#: A Monday, 00:00 UTC.
BEGIN = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())
ENTRY = "shop.1x0.get.GET"


def run(event_name: str, *slots: int, kind: str = "request") -> Activity:
    """An activity of the shop that ran in these slots."""
    activity, _ = Activity.objects.get_or_create(
        app="shop.1x0", event=event_name, kind=kind, defaults={"first_seen_s": slots[0]}
    )
    server, _ = SeenServer.objects.get_or_create(host_name="vm", pid="1")
    total, _ = Total.objects.get_or_create(activity=activity, server=server)
    total.last_s, total.started = slots[-1], total.started + len(slots)
    total.save()
    add_seen_hours({Pair(activity.pk): list(slots)}, shard=0)
    return activity


def called(callee: Activity, *, last_s: int) -> None:
    """A caller of no config called it."""
    caller, _ = Activity.objects.get_or_create(app="bot.1x0", event="sync", kind=CALLER, first_seen_s=BEGIN)
    CallEdge.objects.create(caller=caller, callee=callee, count=3, first_s=BEGIN, last_s=last_s)


def night(day: int) -> list[int]:
    """Two in the night, for ten minutes."""
    begin = BEGIN + day * DAY + 2 * HOUR
    return list(range(begin, begin + 10 * MINUTE, 10))


def draw(client: redis.Redis, *, now_s: float) -> None:
    declare(client, "http://a", answer(app("shop", {"get": event("GET"), "put": event("GET")})))
    refresh_topology(client, now=datetime.fromtimestamp(now_s, UTC))


def found(client: redis.Redis, finder: EvidenceFinder, *, now_s: float) -> dict[str, Evidence]:
    """Edge id → what it rests on, as of now."""
    beat_in_redis(client, now_s=now_s)
    finder.refresh(client, now_s=now_s)
    return read_evidence(client, STANDARD)


def test_a_nightly_job_is_never_missed_until_it_stops(valkey: redis.Redis) -> None:
    finder, missed = EvidenceFinder(), list[float]()
    run("get", *night(0))
    draw(valkey, now_s=BEGIN + DAY)
    for day in range(10):
        run("get", *night(day))
        for now_s in range(BEGIN + day * DAY + 3 * HOUR, BEGIN + (day + 1) * DAY + 2 * HOUR, 3 * HOUR):
            assert found(valkey, finder, now_s=now_s).get(ENTRY) is None
    for now_s in range(BEGIN + 10 * DAY + 2 * HOUR, BEGIN + 10 * DAY + 6 * HOUR, 30 * MINUTE):
        if ENTRY in found(valkey, finder, now_s=now_s):
            missed.append(now_s)
    # At four: the hour it runs in, and the one behind it, are waited for.
    assert missed[0] == BEGIN + 10 * DAY + 4 * HOUR
    evidence = found(valkey, finder, now_s=missed[-1])[ENTRY]
    assert (evidence.state, evidence.last_s, evidence.count, evidence.asks) == (QUIET, night(9)[-1], 660, True)
    assert HOUR < evidence.allowed_s < 8 * HOUR


def test_who_does_not_see_finds_nothing_new_and_takes_nothing_back(valkey: redis.Redis) -> None:
    finder, until = EvidenceFinder(), BEGIN + 8 * DAY
    run("get", *range(BEGIN, until, MINUTE))
    draw(valkey, now_s=until)
    assert ENTRY not in found(valkey, finder, now_s=until)
    later = until + 2 * HOUR
    # No collector has said a word for two hours.
    finder.refresh(valkey, now_s=later)
    assert ENTRY not in read_evidence(valkey, STANDARD)
    assert found(valkey, finder, now_s=later)[ENTRY].state == QUIET
    finder.refresh(valkey, now_s=later + HOUR)
    assert read_evidence(valkey, STANDARD)[ENTRY].state == QUIET


def test_only_of_what_a_silent_collector_reads_nothing_is_missed(valkey: redis.Redis) -> None:
    finder, until = EvidenceFinder(), BEGIN + 8 * DAY
    for event_name in ("get", "put"):
        run(event_name, *range(BEGIN, until, MINUTE))
    put_server = SeenServer.objects.create(host_name="vm", pid="2")
    Total.objects.filter(activity__event="put").update(server=put_server)
    feed("a:1", [Server("vm", "1")], at_s=until)
    feed("b:1", [Server("vm", "2")], at_s=until)
    draw(valkey, now_s=until)
    later, put = until + 2 * HOUR, "shop.1x0.put.GET"
    found(valkey, finder, now_s=until)
    beat_in_redis(valkey, now_s=later)
    tell_collectors(valkey, {"a:1": 30, "b:1": 0}, now_s=later)
    finder.refresh(valkey, now_s=later)
    assert {edge: one.state for edge, one in read_evidence(valkey, STANDARD).items()} == {put: QUIET}
    tell_collectors(valkey, {"a:1": 0, "b:1": 30}, now_s=later)
    finder.refresh(valkey, now_s=later)
    # The one that is not seen now is not well again for that.
    assert {edge: one.state for edge, one in read_evidence(valkey, STANDARD).items()} == {put: QUIET, ENTRY: QUIET}


def test_an_undeclared_call_is_told_once_in_both_views(valkey: redis.Redis) -> None:
    finder, now_s = EvidenceFinder(), BEGIN + HOUR
    called(run("get", now_s), last_s=now_s)
    draw(valkey, now_s=now_s)
    (call,) = [e for e in found(valkey, finder, now_s=now_s).values() if e.state == UNDECLARED]
    assert (call.first_s, call.count, call.told, call.asks) == (BEGIN, 3, True, True)
    assert all(read_evidence(valkey, view) for view in VIEWS)
    version = valkey.get(redis_keys.EVIDENCE_VERSION)
    assert not finder.refresh(valkey, now_s=now_s)
    assert valkey.get(redis_keys.EVIDENCE_VERSION) == version


def test_an_undeclared_call_that_is_over_for_long_asks_no_more_until_it_comes_again(valkey: redis.Redis) -> None:
    finder, now_s = EvidenceFinder(), BEGIN + HOUR
    callee = run("get", now_s)
    called(callee, last_s=now_s)
    draw(valkey, now_s=now_s)

    def old_and_asks(at_s: int, *, blind: bool = False) -> tuple[bool, bool]:
        if not blind:
            beat_in_redis(valkey, now_s=at_s)
        finder.refresh(valkey, now_s=at_s, old_after_s=7 * DAY)
        (call,) = [e for e in read_evidence(valkey, STANDARD).values() if e.state == UNDECLARED]
        return call.old, call.asks

    assert old_and_asks(now_s + 7 * DAY) == (False, True)
    # Nothing is seen: nothing is known to be over.
    assert old_and_asks(now_s + 9 * DAY, blind=True) == (False, True)
    assert old_and_asks(now_s + 9 * DAY) == (True, False)
    CallEdge.objects.update(last_s=now_s + 9 * DAY)
    assert old_and_asks(now_s + 9 * DAY) == (False, True)


def test_what_is_accepted_asks_no_more_until_it_is_something_else(valkey: redis.Redis) -> None:
    finder, now_s = EvidenceFinder(), BEGIN + HOUR
    called(run("get", now_s), last_s=now_s)
    draw(valkey, now_s=now_s)
    drawn = read_drawn(valkey, STANDARD)
    assert drawn is not None
    (edge,) = [edge for edge in drawn.topology.edges if edge.kind == "call"]
    identity = edge_identity(edge)
    taken = AcceptedEdge(UNDECLARED, "the partner's bot", "ana", BEGIN)
    accept_edge(identity, taken)
    assert read_accepted() == {identity: taken}
    evidence = found(valkey, finder, now_s=now_s)[edge.id]
    assert (evidence.accepted, evidence.asks) == (True, False)
    accept_edge(identity, taken._replace(state=QUIET))
    assert found(valkey, finder, now_s=now_s)[edge.id].asks
    reject_edge(identity)
    assert read_accepted() == {}


def test_how_often_is_told_in_two_digits_and_when_by_the_minute(valkey: redis.Redis) -> None:
    finder, now_s = EvidenceFinder(), BEGIN + HOUR
    called(run("get", now_s), last_s=now_s + 59)
    draw(valkey, now_s=now_s)
    for count, told in ((99, 99), (100, 100), (1234, 1200), (987_654, 980_000)):
        CallEdge.objects.update(count=count)
        (call,) = [e for e in found(valkey, finder, now_s=now_s).values() if e.state == UNDECLARED]
        assert (call.count, call.last_s) == (told, now_s)


def test_what_takes_long_is_done_less_often(valkey: redis.Redis) -> None:
    finder = EvidenceFinder()
    assert finder.is_due
    finder.refresh(valkey, now_s=BEGIN)
    assert not finder.is_due
