from __future__ import annotations

import time

import pytest
import redis

from tests.drawn_world import ENTRY, PACK, PACK_KEY, PLACE, PLACE_KEY, SHOP, STORE, orders
from tests.told_brokers import group, stream, tell_broker
from tests.web.api_client import ApiClient, problem_of
from tests.web.history import failed_run, remember
from visualizer.config import read_options
from visualizer.core.history_steps import MOST_POINTS
from visualizer.models.evidence import QUIET, Evidence
from visualizer.models.lint_finding import LintFinding, LintPlace, LintReport
from visualizer.repo.evidence import keep_evidence
from visualizer.repo.lint_report import keep_lint_report

READ = f"{orders('standard')}_{PACK}"


@pytest.fixture
def script(live: redis.Redis, db: None) -> ApiClient:
    """A script in front of a drawn graph."""
    return ApiClient()


def names(graph: dict[str, list[dict[str, str]]]) -> set[str]:
    return {node["id"] for node in graph["nodes"]}


@pytest.mark.parametrize("view", ["standard", "expanded"])
def test_the_graph_is_told_whole(script: ApiClient, view: str) -> None:
    graph = script.json("graph", view=view)
    assert (graph["view"], graph["version"]) == (view, "v1")
    assert names(graph) == {ENTRY, PLACE, orders(view), PACK}
    assert {edge["kind"]: edge["state"] for edge in graph["edges"]} == dict.fromkeys(
        ("request", "write", "read"), "confirmed"
    )
    assert [app["key"] for app in graph["apps"]] == [SHOP, STORE]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"app": STORE}, {PACK, ">orders"}),
        ({"app": "nobody.1x0"}, set()),
        ({"host": "http://a1:8020"}, {ENTRY, PLACE, ">orders"}),
        ({"host": "http://a1"}, set()),
        ({"find": "PLACE order"}, {ENTRY, PLACE}),
        ({"find": "pack nothing"}, set()),
        ({"app": STORE, "find": "pack"}, {PACK}),
    ],
)
def test_the_filters_leave_a_part_of_it(script: ApiClient, query: dict[str, str], expected: set[str]) -> None:
    graph = script.json("graph", **query)
    assert names(graph) == expected
    assert all({edge["source"], edge["target"]} <= expected for edge in graph["edges"])


def test_who_has_the_graph_already_is_told_so(script: ApiClient, valkey: redis.Redis) -> None:
    etag = script.get("graph")["ETag"]
    again = script.get("graph", known=etag)
    assert (again.status_code, again.content) == (304, b"")
    keep_evidence(valkey, {"standard": {READ: Evidence(state=QUIET)}})
    changed = script.get("graph", known=etag)
    assert changed.status_code == 200
    assert {edge["id"]: edge["state"] for edge in changed.json()["edges"]}[READ] == "quiet"


def test_before_the_first_topology_the_graph_is_empty(script: ApiClient, valkey: redis.Redis) -> None:
    valkey.flushall()
    assert script.json("graph") == {
        "view": "standard",
        "version": "",
        "apps": [],
        "nodes": [],
        "edges": [],
        "warnings": [],
    }


def test_a_node_tells_its_last_minute_and_its_neighbours(script: ApiClient) -> None:
    remember(PLACE_KEY, done=3, failed=1)
    told = script.json("node", id=PLACE)
    assert (told["node"]["name"], told["state"]) == ("place_order", "ok")
    assert (told["last_60_s"]["done"], told["last_60_s"]["failed"], told["last_60_s"]["pending"]) == (3, 1, 0)
    assert [(one["host_name"], one["pid"], one["runs"]) for one in told["instances"]] == [("a1", "17", 4)]
    assert {(one["way"], one["id"]) for one in told["neighbours"]} == {("from", ENTRY), ("to", ">orders")}


def test_a_stream_tells_what_its_broker_says(script: ApiClient, live: redis.Redis) -> None:
    assert script.json("node", id=">orders")["queues"] == []
    tell_broker(live, stream("orders", group(trimmed=4), group("spies", waiting=None, read=None)))
    told = script.json("node", id=">orders")
    (queue,) = told["queues"]
    assert (queue["key"], queue["length"], queue["written"], queue["window_s"]) == ("orders", 500, 600, 60.0)
    packers, spies = queue["groups"]
    assert (packers["waiting"], packers["oldest_s"], packers["read"], packers["is_known"]) == (200, 40.0, 300, False)
    assert (spies["waiting"], spies["read"], spies["drain"]) == (None, None, {"when": "unknown", "in_s": None})
    assert "4 messages or more were trimmed unread" in [trouble["headline"] for trouble in told["troubles"]]


def test_a_node_that_is_not_there_is_a_problem(script: ApiClient) -> None:
    for path in ("node", "node/series", "node/lines"):
        assert "as /graph has them" in problem_of(script.get(path, id="nobody"), 404)


@pytest.mark.parametrize("points", [1000, 80, 2])
def test_a_series_counts_every_run_once(script: ApiClient, points: int) -> None:
    remember(PLACE_KEY, done=3, failed=1, ago_s=200, duration_bucket=300)
    remember(PLACE_KEY, done=2, ago_s=400)
    told = script.json("node/series", id=PLACE, since=int(time.time()) - 800, points=points)
    assert len(told["points"]) <= points
    assert (sum(one["ended"] for one in told["points"]), sum(one["failed"] for one in told["points"])) == (6, 1)
    assert [one["at"] for one in told["points"]] == list(range(told["since"], told["until"], told["step"]))
    assert sum(one["p95"] is not None for one in told["points"]) == 1


def test_a_series_says_what_it_tells(script: ApiClient) -> None:
    now_s = int(time.time())
    for query in ({"since": now_s, "until": now_s}, {"since": now_s + 100}, {"since": now_s - 5, "until": now_s - 50}):
        told = script.json("node/series", id=PLACE, **query)
        assert (told["points"], told["since"]) == ([], told["until"])
    hour = script.json("node/series", id=PLACE)
    assert now_s - 3700 <= hour["since"] <= time.time() - 3600
    ever = script.json("node/series", id=PLACE, since=0)
    assert len(ever["points"]) <= MOST_POINTS
    assert ever["since"] > now_s - 2 * read_options().retention_s


def test_the_history_of_everything_and_of_an_app_count_every_run_once(script: ApiClient) -> None:
    remember(PLACE_KEY, done=3, failed=1, ago_s=200, duration_bucket=300)
    remember(PACK_KEY, done=2, ago_s=400)
    since = int(time.time()) - 800
    for app, expected in (("", (6, 1)), (SHOP, (4, 1)), (STORE, (2, 0)), ("nobody", (0, 0))):
        told = script.json("history", since=since, app=app)
        counted = sum(one["ended"] for one in told["points"]), sum(one["failed"] for one in told["points"])
        assert (told["app"], counted) == (app, expected)
    assert script.json("history", since=since, until=since)["points"] == []


def test_failures_are_told_to_those_who_may_read_lines(script: ApiClient) -> None:
    remember(PLACE_KEY, failed=1, failure=failed_run("no stock", traceback="Traceback …"))
    (failure,) = script.json("node/lines", id=PLACE)["failures"]
    assert (failure["cause"], failure["count"], failure["traceback"]) == ("no stock", 1, "Traceback …")
    assert "no stock" not in script.get("node", id=PLACE).content.decode()


def test_drift_is_listed_by_state(script: ApiClient, valkey: redis.Redis) -> None:
    keep_evidence(valkey, {"standard": {READ: Evidence(state=QUIET, first_s=1, last_s=2, count=3, asks=True)}})
    told = script.json("drift", asks="true")
    assert (told["total"], told["next"]) == (1, None)
    (row,) = told["items"]
    assert (row["edge"]["id"], row["state"], row["count"], row["asks"]) == (READ, "quiet", 3, True)
    assert row["cause"]
    assert script.json("drift", state="dangling")["items"] == []


def finding(n: int, severity: str = "error", accepted_by: str = "") -> LintFinding:
    return LintFinding(
        rule="queues",
        severity=severity,
        what=f"finding {n}",
        evidence=(("queue", "a"),),
        mend="Mend it.",
        places=(LintPlace("shop.1x0", "events"),),
        subjects=(f"shop.1x0.{n}",),
        accepted_by=accepted_by,
    )


def test_pages_of_findings_are_whole_and_lead_to_one_another(script: ApiClient, valkey: redis.Redis) -> None:
    findings = (*(finding(n) for n in range(5)), finding(5, "info"), finding(6, accepted_by="[lint]"))
    keep_lint_report(valkey, LintReport(findings=findings))
    told, found = script.json("lint", limit=2, severity="error"), list[str]()
    assert told["total"] == 5
    while True:
        found += [one["what"] for one in told["items"]]
        if not told["next"]:
            break
        assert "severity=error" in told["next"]
        told = script.follow(told["next"])
    assert found == [f"finding {n}" for n in range(5)]
    assert [one["accepted_by"] for one in script.json("lint", accepted="true")["items"]] == ["[lint]"]
    assert script.json("lint", page=900)["items"] == []


def test_a_blast_is_told_for_a_node_and_for_a_host(script: ApiClient) -> None:
    told = script.json("blast", of=">orders")
    assert told["starts"] == [">orders"]
    assert {(row["id"], row["when"]) for row in told["items"]} == {(PACK, "now"), (PLACE, "now")}
    assert PLACE in script.json("blast", of="host:http://a1:8020")["starts"]
    assert {row["id"] for row in script.json("blast", of=PACK, way="causes")["items"]} >= {">orders"}
    assert "in the graph" in problem_of(script.get("blast", of="host:http://nowhere"), 404)


def test_a_diff_is_told_as_the_command_tells_it(script: ApiClient) -> None:
    told = script.json("diff", before="live")
    assert (told["before"], told["after"], told["items"], told["total"]) == ("live", "live", [], 0)
    assert "Expected live" in problem_of(script.get("diff", before="/etc/passwd"), 404)
    assert "Expected live" in problem_of(script.get("diff", before="apps.json", after="live"), 404)
    assert "nobody else is asked" in problem_of(script.get("diff", before="http://169.254.169.254/"), 404)


def test_activities_of_a_stream_are_in_its_series(script: ApiClient) -> None:
    remember(PACK_KEY, done=2, duration_bucket=100, ago_s=30)
    points = script.json("node/series", id=">orders")["points"]
    assert sum(point["started"] for point in points) == 2
