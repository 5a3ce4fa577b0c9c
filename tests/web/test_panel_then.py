"""The panels of a moment: everything they tell is of then, and what is not kept is said to be left out."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.models.activity import Status
from tests.declared_host import declare
from tests.drawn_world import ENTRY, PACK, PACK_KEY, PLACE, PLACE_KEY, orders
from tests.runtime_apps import answer, app, event, read, write
from tests.web.history import A2, failed_run, remember
from tests.web.test_node_panel import told, words
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.models.node_id import EXPANDED
from visualizer.repo.drawn_models import TopologySpan
from visualizer.repo.failures import KEPT
from visualizer.repo.incident_models import KeptIncident
from visualizer.repo.models import Activity, Failure, SampledEntry, SeenServer

#: The moment that is looked at lies so long ago; by now the shop is gone.
AGO_S = 900
DAY_S = 86_400
ORDERS = orders("standard")


@pytest.fixture
def at_s(live: redis.Redis, signed_in: Client) -> int:
    """A shop took orders for a store until ten minutes ago; the store is still there, and reads another stream."""
    live.flushall()
    place = event("POST", write_stream=write("orders"), auth=["Basic", "***:0a1b2c3d"])
    shop = app("shop", {"place_order": place})
    shop["shop.1x0"]["app_config"]["effective_settings"] = {"place_order": {"response_timeout": 60.0}}
    pack = {stream: event("STREAM", read_stream=read(stream, group="packers")) for stream in ("orders", "parcels")}
    for ago_min, apps in ((30, (shop, app("store", {"pack": pack["orders"]}))), (10, ())):
        at = datetime.now(UTC) - timedelta(minutes=ago_min)
        declare(live, "http://a", answer(*(apps or (app("store", {"pack": pack["parcels"]}),))))
        refresh_topology(live, now=at)
    return int(time.time()) // 10 * 10 - AGO_S


def ago(at_s: int, seconds: int = 5) -> int:
    """How long ago it is that it was so long before the moment: in the middle of the bucket before it."""
    return int(time.time()) - at_s + seconds


def of_node(client: Client, at_s: int, node: str, *, view: str = "standard", status: int = 200) -> str:
    response = client.get(f"/nodes/{view}/panel", {"id": node, "at": str(at_s)})
    assert response.status_code == status
    return words(response)


def of_edge(client: Client, at_s: int, source: str, target: str, *, view: str = "standard", status: int = 200) -> str:
    response = client.get(f"/edges/{view}/panel", {"source": source, "target": target, "at": str(at_s)})
    assert response.status_code == status
    return words(response)


def test_an_event_that_is_gone_by_now_tells_of_then_alone(signed_in: Client, at_s: int) -> None:
    remember(PLACE_KEY, done=30, failed=10, ago_s=ago(at_s), duration_bucket=bucket_index(20.0))
    remember(PLACE_KEY, done=20, ago_s=ago(at_s), server=A2, duration_bucket=bucket_index(20.0))
    remember(PLACE_KEY, done=5, failed=400, ago_s=2)
    text = of_node(signed_in, at_s, PLACE)
    assert "As of 20" in text
    assert "It is not in the graph any more." in text
    assert "Failing 10 of 60 runs failed in the 60 s before (16.7 %)." in text
    assert "Rate 6 /s Failed 16.7 % p95 19.7 ms Started 60 Done 50 Failed 10 Ignored 0" in text
    assert "a1 · 17 67 % 25 %" in text
    assert "a2 · 18 33 % 0 %" in text
    assert "from POST shop.1x0 6/s" in text
    assert "Not kept of then, so left out: what was running, what stood still," in text
    for left_out in ("Pending", "Newest lines", "Blast radius", "Redis", "last 15 min", "last 60 s"):
        assert left_out not in text


def test_the_chart_shows_the_hour_around_it_with_the_moment(signed_in: Client, at_s: int) -> None:
    remember(PLACE_KEY, done=20, failed=10, ago_s=ago(at_s), duration_bucket=bucket_index(20.0))
    chart = told(signed_in, "data-chart", id=PLACE, at=str(at_s))
    slots = len(chart["rate"])
    assert chart["at_s"] == at_s
    assert abs(chart["end_s"] - slots * chart["slot_s"] - (at_s - 1800)) <= chart["slot_s"]
    assert chart["end_s"] <= time.time()
    (place,) = [place for place, failed in enumerate(chart["failed"]) if failed]
    start_s = chart["end_s"] - (slots - place) * chart["slot_s"]
    assert start_s <= at_s - 5 < start_s + chart["slot_s"]
    assert [count for _, _, count in told(signed_in, "data-histogram", id=PLACE, at=str(at_s))["bars"] if count] == [30]


def test_a_stream_tells_what_was_written_and_read_then(signed_in: Client, at_s: int) -> None:
    remember(PACK_KEY, done=20, ago_s=ago(at_s), duration_bucket=bucket_index(3200.0))
    text = of_node(signed_in, at_s, ORDERS)
    assert "Messages wait 20 messages were read in the 60 s before. They waited 3.17 s (p95)." in text
    assert "Read by packers 0.33 /s · 20 in 60 s" in text
    assert "what waited at its broker" in text
    assert "Waiting" not in text
    assert "20 messages were read" in of_node(signed_in, at_s, orders(EXPANDED), view=EXPANDED)
    assert "Started 0" in of_node(signed_in, at_s, ENTRY)


def test_an_edge_tells_what_passed_and_what_was_known_of_it(signed_in: Client, at_s: int) -> None:
    remember(PACK_KEY, done=10, failed=10, ago_s=ago(at_s), duration_bucket=bucket_index(3200.0))
    remember(PACK_KEY, done=7, ago_s=2)
    text = of_edge(signed_in, at_s, ORDERS, PACK)
    assert "Rate 2 /s Failed 50 % p95 3.17 s Wait p50 3.17 s Wait p95 3.17 s" in text
    assert "Declared yes, in a host's configuration Observed yes, by then First seen 20" in text
    assert "later again; when last before is not kept" in text
    assert "27 times" not in text
    assert "Observed not by then, as far as lines tell" in of_edge(signed_in, at_s, PLACE, ORDERS)
    assert "It was not in the graph then." in of_edge(signed_in, at_s, PLACE, PACK, status=404)
    assert of_edge(signed_in, at_s, orders(EXPANDED), PACK, view=EXPANDED).count("Not kept of then") == 1


def test_links_stay_in_the_moment_and_one_leads_to_now(signed_in: Client, at_s: int) -> None:
    html = signed_in.get("/nodes/standard/panel", {"id": PACK, "at": str(at_s)}).content.decode()
    assert f'data-copy-link="/?view=standard&amp;node={PACK}&amp;at_time={at_s}"' in html
    assert f'href="/?view=standard&amp;node=%3Eorders&amp;at_time={at_s}" data-node="&gt;orders"' in html
    assert f'<a href="/?view=standard&amp;node={PACK}" data-now>' in html
    assert f"/nodes/standard/declared?id={PACK}&amp;queue=&amp;at={at_s}" in html


def test_failures_and_samples_are_those_known_by_then(signed_in: Client, at_s: int) -> None:
    remember(PACK_KEY, failed=1, ago_s=ago(at_s, 60), failure=failed_run("KeyError: then", ago_s=ago(at_s, 60)))
    remember(PACK_KEY, failed=1, failure=failed_run("KeyError: since"))
    pack, server = Activity.objects.get(event="pack"), SeenServer.objects.get()
    for name, seconds in (("then", ago(at_s, 60)), ("since", 5)):
        at = time.time() - seconds
        SampledEntry.objects.create(
            activity=pack, server=server, timestamp_s=at, status=Status.DONE, request_id=f"req-{name}"
        )
    text = of_node(signed_in, at_s, PACK)
    assert ("KeyError: then" in text, "KeyError: since" in text) == (True, False)
    assert ("req-then" in text, "req-since" in text) == (True, False)
    assert "some of then are gone" not in text
    Failure.objects.filter(cause__contains="then").delete()
    Failure.objects.bulk_create(
        Failure(activity=pack, server=server, timestamp_s=time.time(), cause="x") for _ in range(KEPT)
    )
    assert "some of then are gone" in of_node(signed_in, at_s, PACK)


def test_incidents_are_told_while_they_were_open(signed_in: Client, at_s: int) -> None:
    root = {"rule": "failing", "subject": PLACE, "name": "place_order", "since_s": at_s - 60, "words": "It fails."}
    behind = {"rule": "silent", "subject": ORDERS, "name": "orders", "since_s": at_s - 30, "words": "It is silent."}
    early = behind | {"subject": PACK, "since_s": at_s - 60, "until_s": at_s - 1, "words": "It was slow."}
    line = behind | {"subject": f"{ORDERS} > {PACK}", "words": "The line is quiet."}
    KeptIncident.objects.create(
        key="k", root=PLACE, severity="critical", opened_s=at_s - 60, members=[root, behind, early, line]
    )
    KeptIncident.objects.create(
        key="over", root=PLACE, severity="critical", opened_s=at_s - 90, resolved_s=at_s - 60, members=[root]
    )
    assert "Incidents open then It fails. critical ·" in of_node(signed_in, at_s, PLACE)
    assert "It is silent. It follows from place_order." in of_node(signed_in, at_s, ORDERS)
    assert "It is silent." in of_node(signed_in, at_s, orders(EXPANDED), view=EXPANDED)
    assert "It fails." in of_node(signed_in, at_s, ENTRY)
    assert "Incidents" not in of_node(signed_in, at_s, PACK)
    assert "The line is quiet." in of_edge(signed_in, at_s, ORDERS, PACK)
    assert "The line is quiet." in of_edge(signed_in, at_s, orders(EXPANDED), PACK, view=EXPANDED)
    assert "It fails." not in of_node(signed_in, at_s - 120, PLACE)


def test_times_of_another_day_name_the_day(signed_in: Client, at_s: int) -> None:
    since_s, until_s = at_s - 2 * DAY_S, at_s + DAY_S
    root = {
        "rule": "failing",
        "subject": PLACE,
        "name": "place_order",
        "since_s": since_s,
        "until_s": until_s,
        "words": "It fails.",
    }
    KeptIncident.objects.create(
        key="k", root=PLACE, severity="critical", opened_s=since_s, resolved_s=until_s, members=[root]
    )
    remember(PLACE_KEY, failed=1, ago_s=ago(at_s), failure=failed_run("KeyError: old", ago_s=ago(at_s, DAY_S)))
    text = of_node(signed_in, at_s, PLACE)
    assert f"critical · {day_of(since_s)} – {day_of(until_s)} UTC" in text
    assert f"KeyError: old {day_of(time.time() - ago(at_s, DAY_S))[:10]} " in text
    page = words(signed_in.get("/incidents/k"))
    assert f" {day_of(since_s)[11:]} {day_of(until_s)} It fails." in page


def day_of(unix_s: float) -> str:
    return f"{datetime.fromtimestamp(unix_s, UTC):%Y-%m-%d %H:%M:%S}"


def declared(client: Client, at_s: int, node: str, *, view: str = "standard") -> str:
    return words(client.get(f"/nodes/{view}/declared", {"id": node, "at": str(at_s)}))


def test_what_was_declared_is_that_of_then(signed_in: Client, at_s: int) -> None:
    text = declared(signed_in, at_s, PLACE)
    assert "type POST auth Basic, ••• writes orders · queues AUTO · strategy DROP response_timeout 60.0" in text
    assert "0a1b2c3d" not in text
    assert "As the topology #" in text
    assert f"writes {PLACE} · queues AUTO · strategy DROP" in declared(signed_in, at_s, ORDERS)
    assert f"reads {PACK} · queues AUTO · group packers" in declared(signed_in, at_s, orders(EXPANDED), view=EXPANDED)
    assert "reads orders · queues AUTO · group packers" in declared(signed_in, at_s, PACK)
    assert "reads parcels" in declared(signed_in, int(time.time()), PACK)
    assert "No host declared it then" in declared(signed_in, at_s, "shop.1x0.other")
    assert "Not kept of then." in declared(signed_in, 5, PLACE)


def test_wider_buckets_are_said_and_the_chart_has_enough_of_them(signed_in: Client, at_s: int) -> None:
    long_ago = at_s - 20 * 86400
    live = f"/nodes/standard/panel?id={PLACE}&at={long_ago}"
    assert "no topology is kept from so long ago" in words(signed_in.get(live))
    TopologySpan.objects.filter(pk=TopologySpan.objects.order_by("pk").values("pk")[:1]).update(first_s=long_ago - 60)
    text = of_node(signed_in, long_ago, PLACE)
    assert "Finer than 10 min is no longer kept." in text
    assert "It had not been seen to run by then." in text
    assert "Runs the 4 h around it" in text


def test_what_is_no_moment_or_too_long_ago_is_said(signed_in: Client, at_s: int) -> None:
    for at in ("", "x", "-1", "nan", "1"):
        query = {"id": PLACE, "source": ORDERS, "target": PACK, "at": at}
        for path in ("/nodes/standard/panel", "/edges/standard/panel"):
            response = signed_in.get(path, query)
            assert response.status_code == 404
            assert "Nothing is known of this" in words(response)
        assert "Not kept of then." in words(signed_in.get("/nodes/standard/declared", query))


def test_without_redis_the_panel_of_then_is_whole(signed_in: Client, at_s: int, use_redis: Any) -> None:
    remember(PACK_KEY, done=20, ago_s=ago(at_s))
    use_redis("redis://127.0.0.1:1/0")
    text = of_node(signed_in, at_s, PACK)
    assert "20 runs in the 60 s before, no run failed." in text
    assert "from orders AUTO 2/s" in text
    assert "Redis" not in text


def test_drift_is_not_kept_and_not_shown_of_now(signed_in: Client, at_s: int) -> None:
    assert "Drift Not kept of then" in words(signed_in.get("/drift/standard/panel", {"at": str(at_s)}))
