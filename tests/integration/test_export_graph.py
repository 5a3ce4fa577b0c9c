from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import networkx
import pytest
import redis
from django.core.management import CommandError, call_command

from collector.models import redis_keys
from collector.models.host import ALIVE, ERROR, HostAnswer
from tests.runtime_apps import answer, app, call, connection, event
from tests.world import FIXTURES, World
from visualizer.interfaces import export_graph as export_flow
from visualizer.management.commands import export_graph as export_command
from visualizer.repo.models import Activity

CONFIG = FIXTURES / "hopeit" / "config"
VISUALIZER = FIXTURES / "hopeit" / "visualizer"
#: The hosts in the order in which the recording's visualizer was told of them.
PROCESSES = ("simple", "client", "orders", "visualizer", "streamer")


def export(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[Any, str]:
    """What the command prints: the graph, and stderr."""
    call_command("export_graph", *args)
    out, err = capsys.readouterr()
    return json.loads(out), err


def written(folder: Path, content: object) -> str:
    path = folder / "answer.json"
    path.write_text(json.dumps(content), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "view"), [("01_events_graph.standard.idle", "standard"), ("03_events_graph.expanded", "expanded")]
)
def test_an_answer_of_the_visualizer_gives_its_graph_again(
    capsys: pytest.CaptureFixture[str], name: str, view: str
) -> None:
    path = VISUALIZER / f"{name}.json"
    graph, err = export(capsys, "--config", str(path), "--view", view, "--format", "hopeit")
    assert graph == json.loads(path.read_text("utf-8"))["graph"]["data"]
    assert err == ""


def test_answers_of_single_hosts_join_to_the_clusters_graph(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(CONFIG / f"runtime_apps_config.{name}.json") for name in PROCESSES]
    joined, _ = export(capsys, "--config", *files, "--format", "hopeit")
    recorded = json.loads((VISUALIZER / "01_events_graph.standard.idle.json").read_text("utf-8"))
    assert joined == recorded["graph"]["data"]


def test_filters_narrow_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(CONFIG / "cluster_apps_config.all_alive.json"), "--app-prefix", "orders"]
    hopeit, _ = export(capsys, *config, "--format", "hopeit")
    ours, _ = export(capsys, *config)
    assert all("orders" in key for key in hopeit)
    assert [one["key"] for one in ours["apps"]] == ["orders_example.1x2"]
    nothing, _ = export(capsys, *config, "--host-filter", ":18020")
    assert nothing["nodes"] == []


def test_json_is_the_topology_with_its_mended_edges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = {"e": event("GET", connections=[call("c", "charge")])}
    path = written(tmp_path, answer(app("a", events, connections={"c": connection("billing")})))
    graph, _ = export(capsys, "--config", path, "--format", "json")
    assert [node["id"] for node in graph["nodes"] if node["kind"] == "dangling"] == ["?billing.1x0.charge.GET"]


def test_cytoscape_can_be_read_by_others(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(CONFIG / "cluster_apps_config.all_alive.json")
    ours, _ = export(capsys, "--config", path)
    document, _ = export(capsys, "--config", path, "--format", "cytoscape")
    nodes, edges = (document["elements"][part] for part in ("nodes", "edges"))
    ids = [element["data"]["id"] for element in (*nodes, *edges)]
    assert len(ids) == len(set(ids)) == len(ours["nodes"]) + len(ours["apps"]) + len(ours["edges"])
    assert {edge["data"]["source"] for edge in edges} <= {node["data"]["id"] for node in nodes}
    graph = networkx.cytoscape_graph(document)
    assert networkx.has_path(graph, "client_example.0x30.count_and_save", "simple_example.0x30.list_somethings")


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("dot", "digraph eventscope {"), ("mermaid", "flowchart LR"), ("graphml", "<graphml "), ("structurizr", "{")],
)
def test_formats_of_others_are_written(capsys: pytest.CaptureFixture[str], kind: str, begins: str) -> None:
    config = str(CONFIG / "cluster_apps_config.all_alive.json")
    call_command("export_graph", "--config", config, "--format", kind)
    out, err = capsys.readouterr()
    assert out.startswith(begins)
    assert "place_order" in out
    assert err == ""


def test_asyncapi_is_one_document_or_those_of_all_apps_by_key(capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(CONFIG / "cluster_apps_config.all_alive.json"), "--format", "asyncapi"]
    documents, _ = export(capsys, *config)
    assert {"orders_example.1x2", "simple_example.0x30", "log_streamer.0x30"} <= documents.keys()
    one, _ = export(capsys, *config, "--app", "orders_example.1x2")
    assert one == documents["orders_example.1x2"]
    none, err = export(capsys, *config, "--app", "config_manager.0x30")
    assert none == {}
    assert "no app reads or writes a stream" in err


def test_one_app_is_exported_with_what_it_touches(capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(CONFIG / "cluster_apps_config.all_alive.json"), "--app", "client_example.0x30"]
    graph, _ = export(capsys, *config)
    assert [app["key"] for app in graph["apps"]] == ["simple_example.0x30", "client_example.0x30"]
    assert "orders_example.1x2.audit" not in {node["id"] for node in graph["nodes"]}


def test_a_flowchart_that_mermaid_will_not_draw_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = {f"e{number}": event("GET") for number in range(501)}
    call_command("export_graph", "--config", written(tmp_path, answer(app("a", many))), "--format", "mermaid")
    assert "Mermaid draws 500" in capsys.readouterr().err


def test_the_graph_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(CONFIG / "cluster_apps_config.all_alive.json")
    call_command("export_graph", "--config", config, "--output", str(tmp_path / "graph.json"))
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "graph.json").read_text("utf-8"))["view"] == "standard"


def test_what_hopeit_would_refuse_is_said_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = {"good": event("GET", connections=[call("nobody", "x")]), "bad": event("TELEPATHY")}
    graph, err = export(capsys, "--config", written(tmp_path, answer(app("a", events))), "--format", "hopeit")
    assert sorted(graph) == ["a.1x0.good", "a.1x0.good.GET", "edge_a.1x0.good.GET"]
    assert err.count("warning: ") == 2


def test_answers_of_the_wrong_kind_for_a_view_are_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = export(capsys, "--config", str(CONFIG / "cluster_apps_config.all_alive.expanded.json"))
    assert "--view expanded" in err


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"not json", "not JSON"),
        (b"[]", "holds no apps"),
        (b'{"apps": []}', "holds no apps"),
        (b'{"runtime_apps": 7}', "holds no apps"),
        (b"[" * 100_000, "nested too deeply"),
        (b'"\xff"', "not JSON"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=complaint) as caught:
        call_command("export_graph", "--config", str(path))
    assert caught.value.returncode == 2


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file") as caught:
        call_command("export_graph", "--config", str(tmp_path / "none.json"))
    assert caught.value.returncode == 2


def test_files_need_neither_redis_nor_a_database(make_world: Callable[..., World]) -> None:
    world = make_world(DATABASE_URL="sqlite:////nowhere/at/all.sqlite3")
    done = world.manage("export_graph", "--config", str(VISUALIZER / "03_events_graph.expanded.json"))
    assert json.loads(done.stdout)["view"] == "standard"
    bad = world.manage("export_graph", "--config", "/nowhere.json", check=False)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "Traceback" not in bad.stderr


@pytest.mark.django_db
def test_without_files_the_live_store_is_exported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, valkey: redis.Redis
) -> None:
    monkeypatch.setattr(export_flow, "open_redis", lambda: valkey)
    apps = answer(app("a", {"e": event("GET")}))
    for position, (url, status) in enumerate([("http://dead", ERROR), ("http://alive", ALIVE)]):
        host = HostAnswer(url=url, position=position, status=status, since_s=0, polled_s=0, standard=apps)
        valkey.hset(redis_keys.HOSTS, url, msgspec.json.encode(host))
        # As hopeit's visualizer, the map in its format forgets hosts that are down; ours does not.
        assert len(export(capsys, "--format", "hopeit")[0]) == 3 * position
        assert [node["id"] for node in export(capsys)[0]["nodes"]] == ["a.1x0.e.GET", "a.1x0.e"]
    Activity.objects.create(app="ghost.1x0", event="run", kind="service", first_seen_s=1)
    assert export(capsys)[0]["nodes"][-1]["declared"] is False


def test_a_live_store_that_is_not_there_is_said(make_world: Callable[..., World]) -> None:
    done = make_world().manage("export_graph", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "live store" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_an_example() -> None:
    text = export_command.Command().create_parser("manage.py", "export_graph").format_help()
    assert "manage.py export_graph --config" in " ".join(text.split())
