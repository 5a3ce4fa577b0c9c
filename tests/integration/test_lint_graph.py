from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis
from django.core.management import CommandError, call_command

from collector.models import redis_keys
from collector.models.host import ALIVE, ERROR, HostAnswer
from tests.runtime_apps import answer, app, call, connection, event, read, write
from tests.world import FIXTURES, World
from visualizer.interfaces import lint_graph as lint_flow
from visualizer.interfaces import tasks
from visualizer.management.commands import lint_graph as lint_command
from visualizer.repo.lint_report import read_lint_report

CONFIG = FIXTURES / "hopeit" / "config"
RECORDED = str(CONFIG / "cluster_apps_config.all_alive.json")


def written(folder: Path, *apps: dict[str, Any]) -> str:
    path = folder / "apps.json"
    path.write_text(json.dumps(answer(*apps)), "utf-8")
    return str(path)


def lint(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    try:
        call_command("lint_graph", *args)
        code = 0
    except SystemExit as exc:
        code = int(exc.code or 0)
    return (code, *capsys.readouterr())


def found(capsys: pytest.CaptureFixture[str], *args: str) -> list[tuple[str, str]]:
    report = json.loads(lint(capsys, *args, "--format", "json")[1])
    return [(finding["severity"], finding["acceptance"]) for finding in report["findings"]]


def test_the_recorded_fleet_has_what_its_readme_tells(capsys: pytest.CaptureFixture[str]) -> None:
    # ticker writes for nobody, and audit was made to read only one of the two queues.
    expected = [
        ("warning", "stream-never-read:orders_example.1x2.ticker"),
        ("info", "queue-skipped:orders_example.1x2.audit"),
    ]
    assert found(capsys, "--config", RECORDED) == expected
    # With the stages that hopeit makes of its events nothing else is wrong.
    assert found(capsys, "--config", RECORDED.replace(".json", ".expanded.json")) == expected


def test_a_host_alone_lacks_the_apps_of_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    client = str(CONFIG / "runtime_apps_config.client.json")
    connections = ("simple_example_auth_conn", "simple_example_conn", "simple_example_conn_unsecured")
    assert found(capsys, "--config", client) == [
        ("warning", f"connection-to-unknown-app:client_example.0x30.{name}") for name in connections
    ]
    assert found(capsys, "--config", client, str(CONFIG / "runtime_apps_config.simple.json")) == []


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_the_exit_code_follows_the_worst_severity(capsys: pytest.CaptureFixture[str], fail_on: str, code: int) -> None:
    assert lint(capsys, "--config", RECORDED, "--fail-on", fail_on)[0] == code


def test_the_text_says_where_by_what_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = event("POST", write_stream=write("orders", "expres"))
    pack = event("STREAM", read_stream=read("orders", "AUTO", "express"))
    code, out, err = lint(capsys, "--config", written(tmp_path, app("shop", {"place": place, "pack": pack})))
    assert (code, err) == (1, "")
    assert out.splitlines()[:9] == [
        "error    Queue expres of stream orders is written and never read: its messages pile up.",
        "  rule                  queue-never-read",
        "  where                 shop.1x0  events.place.write_stream.queues",
        "  written by            shop.1x0.place",
        "  queues that are read  AUTO, express",
        "  read by               shop.1x0.pack",
        "  mend                  Write to a queue that is read, or add this one to read_stream.queues of a reader.",
        "  accept                queue-never-read:shop.1x0.place",
        "",
    ]
    assert out.splitlines()[-1] == "1 error, 0 warnings, 2 infos. 1 app and 2 events checked."


def test_what_is_accepted_counts_no_more(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_LINT="stream-never-read:orders_example.*, queue-skipped, duplicate-route:gone")
    done = world.manage("lint_graph", "--config", RECORDED, "--fail-on", "warning")
    assert "by stream-never-read:orders_example.* (eventscope.toml [lint] accept)" in done.stdout
    assert "Acceptance duplicate-route:gone accepts nothing." in done.stdout
    assert done.stdout.splitlines()[-1].startswith("0 errors, 0 warnings, 1 info; 2 accepted.")


def test_github_is_told_on_one_line_each_and_hostile_names_stay_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "o\n::error::x%0A,:\x1b[31m\u202e"
    path = written(tmp_path, app("shop", {"place": event("POST", write_stream=write(name))}))
    code, out, _ = lint(capsys, "--config", path, "--format", "github", "--fail-on", "warning")
    command, summary = out.splitlines()
    assert code == 1
    assert command.startswith(f"::warning file={path},title=stream-never-read::Stream o\\n::error::x%250A,:\\x1b[31m")
    assert summary == "0 errors, 1 warning, 0 infos. 1 app and 1 event checked."
    assert "\x1b" not in lint(capsys, "--config", path)[1]


@pytest.mark.parametrize("content", ["not json", "[]", '{"apps": {}}'])
def test_input_that_cannot_be_checked_ends_with_2(tmp_path: Path, content: str) -> None:
    path = tmp_path / "apps.json"
    path.write_text(content, "utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("lint_graph", "--config", str(path))
    assert caught.value.returncode == 2


def test_without_files_the_live_store_is_checked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, valkey: redis.Redis
) -> None:
    monkeypatch.setattr(lint_flow, "open_redis", lambda: valkey)
    pay = app(
        "shop", {"pay": event("GET", connections=[call("c", "charge")])}, connections={"c": connection("billing")}
    )
    billing = app("billing", {"charge": event("GET")})
    for position, (url, status, apps) in enumerate([("http://shop", ALIVE, pay), ("http://bill", ERROR, billing)]):
        host = HostAnswer(url=url, position=position, status=status, since_s=0, polled_s=0, standard=answer(apps))
        valkey.hset(redis_keys.HOSTS, url, msgspec.json.encode(host))
    assert found(capsys) == [("error", "connection-to-stopped-app:shop.1x0.c")]


@pytest.mark.django_db
def test_the_worker_keeps_what_it_finds_and_writes_nothing_when_it_is_the_same(
    monkeypatch: pytest.MonkeyPatch, valkey: redis.Redis
) -> None:
    monkeypatch.setattr(tasks, "open_redis", lambda: valkey)
    apps = answer(app("shop", {"place": event("POST", write_stream=write("orders"))}))
    host = HostAnswer(url="http://shop", position=0, status=ALIVE, since_s=0, polled_s=0, standard=apps)
    valkey.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))
    tasks.build_topology()
    report = read_lint_report(valkey)
    assert report
    assert [finding.rule for finding in report.findings] == ["stream-never-read"]
    valkey.expire(redis_keys.LINT, 60)
    tasks.build_topology()
    # Written again it would have lost its end.
    assert valkey.ttl(redis_keys.LINT) > 0


def test_a_live_store_that_is_not_there_is_said(make_world: Callable[..., World]) -> None:
    done = make_world().manage("lint_graph", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "live store" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_an_example() -> None:
    text = lint_command.Command().create_parser("manage.py", "lint_graph").format_help()
    assert "manage.py lint_graph --config" in " ".join(text.split())


def test_app_files_are_checked_as_they_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = FIXTURES / "hopeit_app" / "config"
    assert found(capsys, "--config", str(shop / "app.json"), str(shop / "config-manager.json")) == []
    config = json.loads((shop / "app.json").read_text("utf-8"))
    config["events"]["pack_order"]["read_stream"]["name"] = "{events.place_order.write_stream.name}s"
    path = tmp_path / "app.json"
    path.write_text(json.dumps(config), "utf-8")
    code, out, _ = lint(capsys, "--config", str(path), "--format", "github", "--fail-on", "warning")
    assert code == 1
    assert f"file={path}" in out
    assert "stream-never-written" in out
    with pytest.raises(CommandError, match="the file of a server, which declares no app: leave it out"):
        lint(capsys, "--config", str(shop / "server.json"))
