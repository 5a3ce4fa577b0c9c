"""hopeit's own addresses, answered from our store: against what hopeit answered in the recorded session."""

from __future__ import annotations

import socket
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis
from django.test import Client

from collector.core.redact_config import redact_config
from collector.models import redis_keys
from collector.models.activity import ActivityKey, Server
from collector.models.host import ALIVE, ERROR
from tests.declared_host import declare
from tests.recorded_hosts import CONFIGS, PROCESSES, recorded_answer
from tests.recorded_visualizer import RECORDED, RecordedAnswer, RecordedEntry, read_recorded, recorded_entries
from tests.web.api_client import ApiClient
from visualizer.interfaces import hopeit_api
from visualizer.models.api_token import READ_CONFIG, READ_GRAPH
from visualizer.repo.history_models import Bucket
from visualizer.repo.models import Activity, SeenServer, Total

PORTS = ("18020", "18021", "18030", "18040", "18098", "18099")
URLS = [f"http://127.0.0.1:{port}" for port in PORTS]
KEY = b"k" * 32
GRAPH = "/api/apps-visualizer/0x30/apps/events-graph"
LIVE = "/api/apps-visualizer/0x30/event-stats/live"
CLUSTER = "/api/config-manager/0x30/cluster-apps-config"
ADDRESSES = (GRAPH, LIVE, f"{CLUSTER}?hosts={URLS[0]}")
#: Recording → how old what the visualizer knew was: one delay at which its answer is explained.
DELAYS_S = {"06": 2.33, "07": 3.302}
#: Elements that are lit otherwise, and rightly: docs/from-hopeit.md, told one by one in tests/unit/test_hopeit_live.py.
OTHERWISE = {"06": 5, "07": 13}


@pytest.fixture
def hosts(live: redis.Redis) -> redis.Redis:
    """The six hosts of the session, polled."""
    for position, ((name, pid), url) in enumerate(zip(PROCESSES, URLS, strict=True)):
        standard, expanded = (
            redact_config(msgspec.json.decode(recorded_answer(name, pid=pid, url=url, expanded=view)), key=KEY)
            for view in (False, True)
        )
        declare(live, url, standard, expanded=expanded, position=position)
    return live


def test_the_recorded_graphs_are_answered_again(hosts: redis.Redis, signed_in: Client) -> None:
    recorded = [read_recorded(path) for path in RECORDED if "events_graph" in path.name]
    assert [each.options["expanded_view"] for each in recorded] == [False, True]
    for each in recorded:
        answer = ask(signed_in, GRAPH, each)
        assert answer == redacted(each.answer)
        assert list(answer["graph"]["data"]) == list(each.answer["graph"]["data"])


@pytest.mark.parametrize("path", [path for path in RECORDED if path.name[:2] in DELAYS_S], ids=lambda path: path.stem)
def test_live_answers_come_from_what_is_counted(
    hosts: redis.Redis, signed_in: Client, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = read_recorded(path)
    for url, status in recorded.answer["runtime_apps"]["server_status"].items():
        host = msgspec.json.decode(hosts.hget(redis_keys.HOSTS, url))  # type: ignore[arg-type]
        hosts.hset(redis_keys.HOSTS, url, msgspec.json.encode(host | {"status": status}))
    count(entry for entry in recorded_entries() if entry.at_s < recorded.at_s - DELAYS_S[path.name[:2]])
    monkeypatch.setattr(hopeit_api, "now_s", lambda: recorded.at_s)
    answer = ask(signed_in, LIVE, recorded)
    assert answer["runtime_apps"] == redacted(recorded.answer)["runtime_apps"]
    lit = {key: element.get("classes", "") for key, element in answer["graph"]["data"].items()}
    assert len(lit.items() ^ recorded.classes.items()) == 2 * OTHERWISE[path.name[:2]]


@pytest.mark.parametrize("name", ["all_alive", "all_alive.expanded", "one_dead", "two_hosts.one_dead"])
def test_a_cluster_is_the_hosts_that_are_named_joined(live: redis.Redis, signed_in: Client, name: str) -> None:
    recorded = msgspec.json.decode((CONFIGS / f"cluster_apps_config.{name}.json").read_bytes())
    for position, (url, status) in enumerate(recorded["server_status"].items()):
        apps = {
            key: info | {"servers": [server for server in info["servers"] if server["url"] == url]}
            for key, info in recorded["apps"].items()
            if any(server["url"] == url for server in info["servers"])
        }
        declare(live, url, redact_config({"apps": apps}, key=KEY), position=position, status=status)
    declare(live, "http://not.named:1", {"apps": {"x.1": {"servers": []}}}, position=9)
    asked = {"hosts": " , ".join(f"{url}/" for url in recorded["server_status"]), "expand_events": "True"}
    assert signed_in.get(CLUSTER, asked).json() == redact_config(recorded, key=KEY)
    assert {*recorded["server_status"].values()} <= {ALIVE, ERROR}


def test_nobody_is_asked_whom_a_visitor_names(hosts: redis.Redis, signed_in: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as bait:
        bait.setblocking(False)
        url = f"http://127.0.0.1:{bait.getsockname()[1]}"
        response = signed_in.get(CLUSTER, {"hosts": f"{URLS[0]},{url}"})
        with pytest.raises(BlockingIOError):
            bait.accept()
    assert response.status_code == 400
    assert response.json() == {
        "msg": f"hosts: expected some of EVENTSCOPE_HOSTS, as nobody else is asked; found '{url}'",
        "tb": [],
    }


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (f"{GRAPH}?expanded_view=yes", 400, "expanded_view: expected true or false, found 'yes'"),
        (f"{LIVE}?live=1", 400, "live: expected true or false"),
        (f"{GRAPH}?app_prefix={'a' * 257}", 400, "at most 256 characters, found 257"),
        (CLUSTER, 400, "hosts: expected base URLs separated by commas"),
        (f"{CLUSTER}?hosts={URLS[0]}&expand_events=perhaps", 400, "expand_events"),
        (f"{CLUSTER}?hosts={','.join(str(n) for n in range(201))}", 400, "at most 200, found 201"),
        (GRAPH.replace("0x30", "0x99"), 404, "expected a version among 0x30, 0x29"),
        ("/ops/apps-visualizer?live=maybe", 400, "live: expected true or false, found 'maybe'"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_json(
    hosts: redis.Redis, signed_in: Client, address: str, status: int, said: str
) -> None:
    response = signed_in.get(address)
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    assert said in response.json()["msg"]


def test_a_version_that_a_host_answers_to_is_known(live: redis.Redis, signed_in: Client) -> None:
    declare(live, "http://a", {"apps": {}})
    host = msgspec.json.decode(live.hget(redis_keys.HOSTS, "http://a"))  # type: ignore[arg-type]
    live.hset(redis_keys.HOSTS, "http://a", msgspec.json.encode(host | {"api_version": "0x31"}))
    assert signed_in.get(GRAPH.replace("0x30", "0x31")).json()["graph"] == {"data": {}}


@pytest.mark.parametrize("address", ADDRESSES)
def test_machines_show_a_token_that_may_read_configs_and_people_a_session(
    hosts: redis.Redis, signed_in: Client, address: str
) -> None:
    refused = Client().get(address)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, 'Bearer realm="Eventscope"')
    assert "manage.py api_token create" in refused.json()["msg"]
    for scope, status in ((READ_GRAPH, 403), (READ_CONFIG, 200)):
        headers = {"Authorization": f"Bearer {ApiClient(scope, name=scope).token}"}
        assert Client().get(address, headers=headers).status_code == status
    assert signed_in.get(address).status_code == 200
    assert signed_in.post(address).status_code == 405
    assert Client().post(address).json().keys() == {"msg", "tb"}


def test_headers_say_how_old_it_is_and_what_is_wrong(hosts: redis.Redis, signed_in: Client) -> None:
    fresh = signed_in.get(LIVE)
    assert 0 <= float(fresh["Eventscope-Behind"]) < 60
    assert "Eventscope-Problems" not in fresh
    hosts.delete(redis_keys.COLLECTORS, redis_keys.rollup_beat(0))
    blind = signed_in.get(LIVE)
    assert blind["Eventscope-Problems"] == "No collector has reported. | The rollup has not reported."
    assert "Eventscope-Behind" not in blind


def test_without_redis_it_says_so(no_redis: None, signed_in: Client) -> None:
    response = signed_in.get(GRAPH)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json()["msg"] == "Redis or the database does not answer"


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("", "/"),
        ("?app_prefix=&host_filter=&expanded_view=false&live=true", "/"),
        (
            "?app_prefix=orders&host_filter=%3A18040&expanded_view=true&live=false",
            "/?view=expanded&find=app~%22orders%22+and+host~%22%3A18040%22&as=only&paused=1",
        ),
        ('?app_prefix=a" or "b', "/?find=app~%22a+or+b%22&as=only"),
    ],
)
def test_the_page_of_hopeits_visualizer_opens_ours_with_its_view(signed_in: Client, asked: str, opened: str) -> None:
    response = signed_in.get(f"/ops/apps-visualizer{asked}")
    assert (response.status_code, response["Location"]) == (302, opened)


def ask(client: Client, address: str, recorded: RecordedAnswer) -> dict[str, Any]:
    """With the options of the recorded answer, written as hopeit's page writes them."""
    options = {
        name: str(value).lower() if isinstance(value, bool) else value for name, value in recorded.options.items()
    }
    answer: dict[str, Any] = client.get(address, options).json()
    return answer


def redacted(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"runtime_apps": redact_config(answer["runtime_apps"], key=KEY)}


def count(entries: Iterable[RecordedEntry]) -> None:
    """As a rollup does: buckets of 1 s, and totals."""
    columns = {"START": "started", "DONE": "done", "FAILED": "failed", "IGNORED": "ignored"}
    buckets: defaultdict[tuple[int, ActivityKey, Server], Counter[str]] = defaultdict(Counter)
    totals: defaultdict[tuple[ActivityKey, Server], Counter[str]] = defaultdict(Counter)
    for entry in entries:
        buckets[int(entry.at_s), entry.key, entry.server][columns[entry.status]] += 1
        totals[entry.key, entry.server][columns[entry.status]] += 1
    activities = {
        key: Activity.objects.create(**msgspec.structs.asdict(key), first_seen_s=0)
        for key in {key for key, _ in totals}
    }
    servers = {
        server: SeenServer.objects.create(**msgspec.structs.asdict(server))
        for server in {server for _, server in totals}
    }
    Bucket.objects.bulk_create(
        Bucket(width_s=1, start_s=start_s, activity=activities[key], server=servers[server], **counts)
        for (start_s, key, server), counts in buckets.items()
    )
    Total.objects.bulk_create(
        Total(activity=activities[key], server=servers[server], **counts) for (key, server), counts in totals.items()
    )
