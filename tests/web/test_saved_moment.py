"""A moment, or an incident, as one file that needs no server."""

from __future__ import annotations

import json
import re
import time
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest
import redis
from django.core.management import CommandError, call_command
from django.test import Client

from collector.models.activity import ActivityKey
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event
from tests.web.history import remember
from visualizer.core.graph_state import Picture, apply
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.models.delta import Delta
from visualizer.repo.drawn_models import TopologySpan
from visualizer.repo.incident_models import KeptIncident

pytestmark = pytest.mark.django_db
HOSTILE = "</script><script>alert(1)</script>\u202e"
PAY = ActivityKey("shop.1x0", "", "pay", "request")
PAY_ID = "shop.1x0.pay"


@pytest.fixture
def shop(live: redis.Redis, db: None) -> redis.Redis:
    """A shop that was drawn an hour ago, with a name that is meant to break out."""
    live.flushall()
    declare(live, "http://10.9.8.7:8020", answer(app("shop", {"pay": event("GET"), HOSTILE: event("GET")})))
    refresh_topology(live, now=datetime.fromtimestamp(time.time() - 3600, UTC))
    return live


def incident(*, ago_s: float, took_s: float = 0, **member: Any) -> KeptIncident:
    began_s = time.time() - ago_s
    one = {"rule": "failing", "subject": PAY_ID, "name": "pay", "words": "9 % of 90 runs failed.", **member}
    return KeptIncident.objects.create(
        key="k1",
        root=one["subject"],
        severity="critical",
        opened_s=began_s,
        resolved_s=began_s + took_s if took_s else 0,
        members=[{"since_s": began_s, **one}],
    )


def saved(client: Client, query: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """The file's name, the file, and what it holds."""
    response = client.get("/time/saved", query)
    assert response.status_code == 200, response.content
    name, html = response["Content-Disposition"].split('"')[1], response.content.decode()
    return name, html, part(html, "saved")


def part(html: str, name: str) -> Any:
    found = re.search(rf'<script[^>]* id="{name}"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def picture(frames: list[dict[str, Any]]) -> Picture:
    """What a browser makes of them."""
    graph = Picture()
    for frame in frames:
        graph = apply(graph, msgspec.convert(frame["delta"], Delta, strict=False))
    return graph


def test_a_moment_is_one_file_with_its_numbers_and_what_happened_around_it(
    shop: redis.Redis, signed_in: Client
) -> None:
    at_s = int(time.time()) - 600
    remember(PAY, done=80, failed=20, ago_s=615)
    incident(ago_s=900, took_s=200)
    query = {"at_time": at_s, "find": "err>1%", "focus": PAY_ID, "follow": "req-1", "kiosk": "1"}
    _, html, told = saved(signed_in, query)
    (frame,) = told["frames"]
    stats = picture([frame]).nodes[PAY_ID].stats
    assert (stats.done, stats.failed, frame["at_s"]) == (80, 20, at_s)
    assert sum(told["time"]["failed"]) == 20
    assert [(mark["kind"], mark["href"]) for mark in told["time"]["marks"]] == [("incident", "")]
    state = parse_qs(part(html, "config")["query"])
    assert (state["find"], state["focus"], state["at_time"]) == (["err>1%"], [PAY_ID], [str(at_s)])
    assert not state.keys() & {"follow", "kiosk"}


def test_an_incident_is_saved_from_its_beginning_to_its_end(shop: redis.Redis, signed_in: Client) -> None:
    row, now_s = incident(ago_s=300, took_s=150, name=HOSTILE), time.time()
    for ago_s in (250, 200):
        remember(PAY, done=9, failed=9, ago_s=ago_s, now_s=now_s)
    name, _, told = saved(signed_in, {"incident": row.key})
    times = [frame["at_s"] for frame in told["frames"]]
    assert name == f"eventscope-incident-{datetime.fromtimestamp(times[0], UTC):%Y-%m-%dT%H%M}Z.html"
    assert row.opened_s - 10 < times[0] < times[-1] <= row.resolved_s
    assert len(times) > 10
    failed = [picture(told["frames"][: place + 1]).nodes[PAY_ID].stats.failed for place in range(len(times))]
    assert (min(failed), max(failed), failed[-1]) == (0, 18, 9)
    assert told["members"][0]["subject"] == PAY_ID
    assert not told["goes_on"]
    page = signed_in.get(f"/incidents/{row.key}").content.decode()
    assert f'href="/time/saved?incident={row.key}"' in page


def test_an_incident_that_began_with_the_first_topology_is_saved(shop: redis.Redis, signed_in: Client) -> None:
    first_s = int(time.time() - 3600) // 10 * 10 + 5
    TopologySpan.objects.update(first_s=first_s)
    row = incident(ago_s=time.time() - first_s - 2, took_s=60)
    _, _, told = saved(signed_in, {"incident": row.key})
    assert told["frames"][0]["at_s"] == first_s + 5


def test_nothing_in_it_runs_but_our_script_and_nothing_is_asked_of_anybody(
    shop: redis.Redis, signed_in: Client
) -> None:
    _, html, told = saved(signed_in, {"at_time": int(time.time()) - 60})
    assert any(HOSTILE in node["name"] for node in told["frames"][0]["delta"]["add"]["nodes"])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    scripts = re.findall(r'<script(?: type="module")?>(.*?)</script>', html, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert (len(scripts), len(styles)) == (2, 1)
    for text in scripts + styles:
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy[1]
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall(r"""\s(?:src|action|hx-\w+)=|href="(?!data:image/svg)""", markup) == []
    assert "alert(1)" not in markup


def test_it_tells_nothing_of_who_saved_it_or_of_the_house(shop: redis.Redis, signed_in: Client) -> None:
    words = "http://10.9.8.7:8020 does not answer."
    row = incident(ago_s=300, subject="host:http://10.9.8.7:8020", name="http://10.9.8.7:8020", words=words)
    signed_in.post(f"/incidents/{row.key}/take-care")
    _, html, told = saved(signed_in, {"incident": row.key})
    cookies = [cookie.value for cookie in signed_in.cookies.values()]
    assert cookies
    for secret in ("csrf", "admin", "10.9.8.7", "testserver", "takes care", *cookies):
        assert secret not in html
    assert (told["title"], told["members"]) == ("a host a host does not answer", [])


@pytest.mark.parametrize(
    ("query", "status", "why"),
    [
        ({}, 400, "Expected ?at_time="),
        ({"at_time": "x"}, 400, "Expected ?at_time="),
        ({"at_time": "5", "view": "sideways"}, 400, "Expected ?at_time="),
        ({"incident": "\0"}, 400, "Expected ?at_time="),
        ({"at_time": "5"}, 404, "no topology is kept from so long ago"),
        ({"at_time": "0"}, 404, "no topology is kept from so long ago"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_words(
    shop: redis.Redis, signed_in: Client, query: dict[str, str], status: int, why: str
) -> None:
    response = signed_in.get("/time/saved", query)
    assert (response.status_code, response["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert why in response.content.decode()


def test_a_command_saves_the_same(shop: redis.Redis, tmp_path: Path) -> None:
    row, file = incident(ago_s=300, took_s=60), tmp_path / "saved.html"
    call_command("save_moment", incident=row.key, output=file)
    assert part(file.read_text("utf-8"), "saved")["title"] == "pay: 9 % of 90 runs failed"
    call_command("save_moment", at="10m", output=file)
    assert part(file.read_text("utf-8"), "saved")["title"] == ""
    for options, why in (
        ({"incident": "k9"}, "no incident 'k9'"),
        ({"at": "9d"}, "so long ago"),
        ({"at": "x"}, "such as"),
    ):
        with pytest.raises(CommandError, match=why):
            call_command("save_moment", output=file, **options)
