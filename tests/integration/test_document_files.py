"""Documents given to commands, and our own export read back."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from collector.models.activity import ActivityKey
from tests.runtime_apps import answer, app, event, read, write
from tests.spec_documents import BILLING, ORDERS, STREETLIGHTS, document, flows
from tests.world import FIXTURES
from visualizer.core.graph_asyncapi import asyncapi_json
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.io.config_file import read_config_file
from visualizer.models.node_id import EXPANDED, STREAM
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import Topology

RECORDED = FIXTURES / "hopeit" / "config" / "cluster_apps_config.all_alive.expanded.json"


def written(path: Path, told: object) -> Path:
    path.write_text(json.dumps(told), "utf-8")
    return path


def output(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    with suppress(SystemExit):
        call_command(*args)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def told_of_streams(drawn: Topology) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Apps that read or write, streams, and who reads and writes what."""
    found = flows(drawn)
    apps = {node.app for node in drawn.nodes if any(node.id in ends for ends in found) and node.kind != STREAM}
    return apps, {node.id for node in drawn.nodes if node.kind == STREAM}, found


def test_our_export_read_back_is_the_same_apps_streams_and_lines(tmp_path: Path) -> None:
    config = read_runtime_apps(read_config_file(RECORDED), source="recorded")
    drawn = build_topology(config, view=EXPANDED)
    path = written(tmp_path / "all.json", asyncapi_json(drawn, config))
    back = read_runtime_apps(read_config_file(path), source="back")
    again = build_topology(back, view=EXPANDED)
    assert told_of_streams(again) == told_of_streams(drawn)
    assert back.warnings == ()
    # Once more, it is the same text.
    assert asyncapi_json(again, back) == asyncapi_json(drawn, config)


def test_what_was_seen_of_an_app_becomes_a_document_that_says_it(tmp_path: Path) -> None:
    run, stream = ActivityKey("web.1", "", "POST /orders", "request"), partial(ActivityKey, "web.1", "", kind="publish")
    sent = [stream(event="send", stream=name) for name in ("placed", "audit", "mails")]
    read = ActivityKey("web.1", "", "POST /orders", "stream", "answers", "", "web")
    drawn = build_topology(RuntimeConfig(), [run, read, *sent], [(run, one) for one in sent], view=EXPANDED)
    path = written(tmp_path / "web.json", asyncapi_json(drawn, RuntimeConfig())["web.1"])
    again = build_topology(read_runtime_apps(read_config_file(path), source="back"), view=EXPANDED)
    assert told_of_streams(again) == told_of_streams(drawn)
    assert len(flows(again)) == 4


def test_the_linter_reads_documents_beside_configs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = app("shop", {"place": event("SERVICE", write_stream=write("shop.orders"))})
    files = [str(BILLING), str(written(tmp_path / "shop.json", answer(shop)))]
    found = output(capsys, "lint_graph", "--config", *files, "--format", "json")["findings"]
    assert {(one["rule"], one["places"][0]["path"]) for one in found} == {
        ("stream-never-read", "#/operations/emitInvoice"),
        ("stream-never-read", "#/operations/askQuote"),
        ("stream-never-written", "#/operations/askQuote/reply"),
    }


def test_two_documents_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = document(BILLING)
    told["operations"]["onOrder"]["x-consumer-group"] = "billing-2"
    del told["operations"]["giveQuote"]
    after = written(tmp_path / "after.json", told)
    changes = output(capsys, "diff_graph", str(BILLING), str(after), "--format", "json")["changes"]
    assert {(one["how"], one["id"]) for one in changes} >= {
        ("removed", "billing.1.2.0.giveQuote"),
        ("changed", "billing.1.2.0.onOrder"),
    }
    assert "billing-2" in json.dumps([one for one in changes if one["id"] == "billing.1.2.0.onOrder"])


def test_a_config_and_the_document_that_should_tell_the_same_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = app("shop", {"pack": event("STREAM", read_stream=read("orders"))})
    before = written(tmp_path / "before.json", answer(config))
    call_command("export_graph", "--config", str(before), "--format", "asyncapi", "--output", str(tmp_path / "a.json"))
    found = output(capsys, "diff_graph", str(before), str(tmp_path / "a.json"), "--format", "json")
    assert [one for one in found["changes"] if one["how"] != "changed"] == []


@pytest.mark.parametrize("path", [BILLING, STREETLIGHTS, ORDERS], ids=lambda path: path.stem)
def test_documents_become_graphs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = output(capsys, "export_graph", "--config", str(path))
    assert len(graph["apps"]) == 1
    assert all(node["declared"] and not node["observed"] for node in graph["nodes"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"asyncapi": "1.2.0"}', "#/asyncapi: expected version 2.x or 3.x, came '1.2.0'"),
        ('{"openapi": "4.0.0"}', "#/openapi: expected version 3.0, 3.1 or 3.2, came '4.0.0'"),
        (
            '{"a": {"asyncapi": "3.0.0"}, "b": {"asyncapi": 3}}',
            "#/b/asyncapi: expected version 2.x or 3.x, came no text",
        ),
        ("asyncapi: 3.0.0\ninfo:\n  title: a\n", "expected JSON, came YAML: convert it"),
        ("# of ours\n---\nopenapi: 3.0.0\n", "expected JSON, came YAML: convert it"),
        ('{"asyncapi": "3.0.0"', "expected JSON"),
    ],
)
def test_what_is_no_document_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "d.json"
    path.write_text(text, "utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("lint_graph", "--config", str(path))
    assert said in str(refused.value)
