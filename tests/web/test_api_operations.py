"""Operations, incidents and alerts, as the API tells them."""

from __future__ import annotations

import msgspec
import pytest
import redis

from collector.models.activity import Status
from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, orders
from tests.drawn_world import ran as runs
from tests.web.api_client import ApiClient, problem_of
from tests.web.kept_requests import NOW, fails, ran
from tests.web.shift import Shift
from visualizer.models.api_answer import Page
from visualizer.models.api_incident import AlertRuleState, IncidentReport, IncidentRow
from visualizer.models.api_operation import OperationComparison, OperationReport
from visualizer.models.node_id import STANDARD
from visualizer.repo.incidents import acknowledge, read_incident_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(live: redis.Redis) -> ApiClient:
    return ApiClient()


def test_an_operation_is_told_by_any_of_its_ids(script: ApiClient) -> None:
    ran(PLACE_KEY, Status.START, 0, operation="a")
    ran(PLACE_KEY, Status.DONE, 20, operation="a", took_ms=20)
    assert script.json("operations/r-1")["missing"] == 1
    ran(PACK_KEY, Status.START, 60, operation="b/c", message="7-0")
    for any_id in ("r-1", "a", "7-0"):
        told = msgspec.json.decode(script.get(f"operations/{any_id}").content, type=OperationReport)
        assert (told.id, told.began, round(told.took_ms), told.running, told.missing) == ("r-1", NOW, 60, 1, 0)
        place, pack = told.hops
        assert (place.node, place.status, place.ran_ms, place.waited_ms) == (PLACE, "done", 20, None)
        assert (pack.node, pack.stream, pack.status, pack.after) == (PACK, orders(STANDARD), "running", 0)
        assert (round(pack.waited_ms or 0), pack.operation_id, pack.message_id) == (40, "b/c", "7-0")
    etag = script.get("operations/r-1")["ETag"]
    assert script.get("operations/r-1", known=etag).status_code == 304
    assert "Expected the id of an operation that is kept" in problem_of(script.get("operations/nobody"), 404)
    assert "Expected the id" in problem_of(script.get("operations/r-1/compare/nobody"), 404)
    assert "at most 128 characters" in problem_of(script.get(f"operations/{'x' * 129}"), 422)


def test_two_operations_are_compared(script: ApiClient) -> None:
    for request, at_ms, took_ms in (("one", 0, 20), ("two", 5000, 320)):
        ran(PLACE_KEY, Status.DONE, at_ms + took_ms, request=request, took_ms=took_ms)
    fails(PLACE_KEY, 9000, request="bad", cause="no stock")
    content = script.get("operations/one/compare/two").content
    told = msgspec.json.decode(content, type=OperationComparison)
    assert (told.a.id, told.b.id, round(told.more_ms), told.partings) == ("one", "two", 300, ())
    assert told.words == "B took 300 ms more: 320 ms against 20 ms. That is 300 ms running place_order."
    place = told.pairs[0]
    assert (place.a, place.b, round(place.ran_more_ms or 0), round(place.of_ran_ms)) == (0, 0, 300, 300)
    bad = script.json("operations/one/compare/bad")
    assert "A is done, and B failed (no stock)" in bad["partings"][0]
    assert bad["b"]["is_failure_alone"] is True


def test_incidents_are_told_with_their_timeline_and_by_state(script: ApiClient, live: redis.Redis) -> None:
    shift = Shift(live)
    shift.runs(runs(PACK_KEY, done=10, failed=10))
    shift.passes(50)
    (row,) = msgspec.json.decode(script.get("incidents").content, type=Page[IncidentRow]).items
    assert (row.root, row.severity, row.resolved, row.acknowledged_by) == (PACK, "critical", None, "")
    kept = read_incident_row(row.id)
    assert kept
    acknowledge(kept, by="ada", now_s=shift.now_s)
    told = msgspec.json.decode(script.get(f"incidents/{row.id}").content, type=IncidentReport)
    assert told.acknowledged_by == "ada"
    assert told.timeline[0].kind == "opened"
    assert "ada takes care of it." in [line.words for line in told.timeline]
    assert [(each.rule, each.subject, each.until) for each in told.members] == [("failing", PACK, None)]
    assert (told.page, f"node={PACK}" in told.graph) == (f"/incidents/{row.id}", True)
    assert "at_time=" in told.graph_then
    assert script.json("incidents", state="over")["items"] == []
    shift.runs(runs(PACK_KEY, done=40))
    shift.passes(120)
    over = script.json("incidents", state="over", limit=1)
    assert (over["total"], over["next"], over["items"][0]["resolved"] is not None) == (1, None, True)
    assert script.json("incidents", state="open")["total"] == 0
    assert script.json("incidents", since=int(shift.now_s) + 1000)["total"] == 0
    assert script.json("incidents", page=2)["items"] == []
    assert "as /incidents has them" in problem_of(script.get("incidents/nobody"), 404)


def test_rules_tell_what_they_find(script: ApiClient, live: redis.Redis) -> None:
    shift = Shift(live)
    shift.runs(runs(PACK_KEY, done=10, failed=10))
    for seconds, state in ((5, "waiting"), (60, "firing")):
        shift.passes(seconds)
        (rule,) = msgspec.json.decode(script.get("alerts", state=state).content, type=Page[AlertRuleState]).items
        assert (rule.id, rule.above, rule.wrong, rule.firing) == ("failing", 0.1, 1, int(state == "firing"))
        assert [(each.subject, each.state) for each in rule.alerts] == [(PACK, state)]
    assert "10 of 20 runs failed" in rule.alerts[0].words
    shift.runs(runs(PACK_KEY, done=40))
    shift.passes(10)
    (rule,) = msgspec.json.decode(script.get("alerts", state="firing").content, type=Page[AlertRuleState]).items
    assert rule.alerts[0].state == "ending"
    assert script.json("alerts", state="ok")["total"] == script.json("alerts")["total"] - 1
