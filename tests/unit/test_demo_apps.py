"""What the demo's apps declare, and when things go wrong in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

import pytest

from collector.core.redact_config import redact_config
from collector.core.runtime_config import read_runtime_config
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.interfaces.demo.fleet import APPS
from visualizer.interfaces.demo.mishap import Mishap, SlowSpell
from visualizer.interfaces.demo.runtime_config import runtime_apps
from visualizer.interfaces.demo.streams import PREFIX, stream_keys
from visualizer.interfaces.demo.track import new_track, track_from_fields, track_from_headers
from visualizer.models.node_id import EXPANDED, STANDARD
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import Topology


def declared(view: str) -> RuntimeConfig:
    """All three answers as the poller would hand them on."""
    answers = [
        runtime_apps(app, url="http://h", expand_events=view == EXPANDED, host_name="h", pid="1") for app in APPS
    ]
    read = [redact_config(read_runtime_config(json.dumps(answer).encode()), key=b"k") for answer in answers]
    return merge_configs(read_runtime_apps(answer, source="demo") for answer in read)


def test_the_linter_finds_nothing_to_mend() -> None:
    assert lint_config(declared(STANDARD)).findings == ()


def ends(topology: Topology, kind: str) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in topology.edges if edge.kind == kind}


@pytest.mark.parametrize("view", [STANDARD, EXPANDED])
def test_everything_declared_fits_together(view: str) -> None:
    topology = build_topology(declared(view), view=view)
    assert topology.warnings == ()
    assert {node.kind for node in topology.nodes} == {"event", "request", "stream"}
    read = {source for source, _ in ends(topology, "read")}
    written = {target for _, target in ends(topology, "write")}
    assert read == written


def test_orders_go_from_the_shop_to_the_warehouse_and_the_mail() -> None:
    topology = build_topology(declared(STANDARD), view=STANDARD)
    assert {("shop.1x0.place_order", ">orders.placed"), ("warehouse.2x1.pick_order", ">orders.picked")} <= ends(
        topology, "write"
    )
    reads = ends(topology, "read")
    assert {(">orders.placed", "warehouse.2x1.pick_order"), (">orders.placed", "mail.1x4.send_confirmation")} <= reads
    assert (">orders.picked", "warehouse.2x1.pack_order") in reads
    assert ("shop.1x0.place_order", "warehouse.2x1.check_stock.GET") in ends(topology, "call")
    assert "shop.1x0.basic_auth.0x30.login" in {node.id for node in topology.nodes}


def test_the_expanded_view_has_queues_and_stages() -> None:
    standard, expanded = (build_topology(declared(view), view=view) for view in (STANDARD, EXPANDED))
    more = {node.id for node in expanded.nodes} - {node.id for node in standard.nodes}
    assert {">orders.placed.express", ">orders.picked.express", "mail.1x4.newsletter$deliver"} <= more


def test_streams_have_a_prefix_of_their_own() -> None:
    keys = stream_keys(APPS)
    assert {PREFIX + "orders.placed", PREFIX + "orders.picked.express"} <= keys
    assert all(key.startswith(PREFIX) for key in keys)


def test_a_mishap_happens_once_in_its_time() -> None:
    now_s = [0.0]
    mishap = Mishap(first_s=20, every_s=80, clock=lambda: now_s[0], seed=1)
    happened = []
    for second in range(600):
        now_s[0] = second
        if mishap.happens():
            happened.append(second)
    assert happened[0] == 20
    assert all(64 <= after - before <= 97 for before, after in pairwise(happened))


def test_a_slow_spell_comes_and_goes() -> None:
    now_s = [0.0]
    spell = SlowSpell(first_s=12, every_s=60, lasts_s=10, clock=lambda: now_s[0])

    def lasts_at(second: float) -> bool:
        now_s[0] = second
        return spell.lasts()

    assert [second for second in range(100) if lasts_at(second)] == [*range(12, 22), *range(72, 82)]


def test_track_ids_are_handed_on() -> None:
    track = new_track()
    headers = track.headers(app_key="shop.1x0", event="place_order")
    called = track_from_headers({name.lower(): value for name, value in headers.items()})
    assert (called.operation_id, called.request_id, called.request_ts) == (
        track.operation_id,
        track.request_id,
        track.request_ts,
    )
    assert dict(called.extras())["track.client_event_name"] == "place_order"
    read = track_from_fields(track.fields())
    assert (read.request_id, read.request_ts) == (track.request_id, track.request_ts)
    assert read.operation_id != track.operation_id


@pytest.mark.parametrize("headers", [{}, {"x-track-request-ts": "yesterday"}])
def test_a_request_without_track_ids_gets_new_ones(headers: Mapping[str, str]) -> None:
    assert track_from_headers(headers).request_id
