from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.management import CommandError, call_command

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event, write
from tests.web.history import remember
from tests.world import World
from visualizer.interfaces import diff_sides
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.repo.drawn_models import TopologySpan

SHOP = app("shop", {"pay": event("GET")})
ROUTED = app("shop", {"pay": event("GET", route="/pay")})
STORE = app("store", {"pack": event("SERVICE", write_stream=write("packed"))})
PAY = ActivityKey("shop.1x0", "", "pay", "request")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """What the command prints as JSON."""

    def run(*args: str) -> Any:
        call_command("diff_graph", *args, "--format", "json")
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def live(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch, db: None) -> redis.Redis:
    """The live store has two versions of the shop: an hour old, and a minute old."""
    monkeypatch.setattr(diff_sides, "open_redis", lambda: valkey)
    for minutes, shop in ((60, SHOP), (1, ROUTED)):
        declare(valkey, "http://a", answer(shop))
        declare(valkey, "http://b", answer(STORE), position=1)
        refresh_topology(valkey, now=datetime.now(UTC) - timedelta(minutes=minutes))
    return valkey


def written(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return str(path)


def changed(diff: Any) -> list[tuple[str, str]]:
    return [(change["how"], change["name"]) for change in diff["changes"]]


def test_two_files_need_neither_redis_nor_database(tmp_path: Path) -> None:
    world = World(tmp_path / "world", REDIS_URL="redis://127.0.0.1:1/0", DATABASE_URL="sqlite:////nowhere/at/all")
    files = [written(tmp_path, "a.json", answer(SHOP)), written(tmp_path, "b.json", answer(ROUTED))]
    done = world.manage("diff_graph", *files, "--fail-on-change", "--format", "markdown", check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "| `shop.1x0.pay` | `route` | not set | `/pay` |" in done.stdout
    assert world.manage("diff_graph", files[0], files[0], "--fail-on-change").stdout.endswith("nothing changed\n")


def test_an_answer_in_a_file_is_compared_with_what_is_live(
    live: redis.Redis, tmp_path: Path, told: Callable[..., Any]
) -> None:
    path = written(tmp_path, "a.json", answer(SHOP))
    diff = told(path, "live", "--app-prefix", "shop")
    assert changed(diff) == [("changed", "shop.1x0.pay")]
    assert ("added", "store.1x0") in changed(told(path, "live"))


def test_a_host_is_compared_with_another_one(live: redis.Redis, told: Callable[..., Any]) -> None:
    assert ("removed", "shop.1x0.pay") in changed(told("http://a/", "http://b"))


def test_versions_and_times_are_compared_with_how_it_behaved_before_and_after(
    live: redis.Redis, told: Callable[..., Any]
) -> None:
    remember(PAY, done=90, ago_s=100, duration_bucket=bucket_index(20.0))
    remember(PAY, done=3, failed=1, ago_s=20, duration_bucket=bucket_index(300.0))
    first, second = TopologySpan.objects.order_by("pk")
    for sides in ((f"#{first.pk}", f"#{second.pk}"), ("30m", "live"), (first.content.version[:8], "10s")):
        diff = told(*sides)
        assert changed(diff) == [("changed", "shop.1x0.pay")]
        (row,) = diff["behaviour"]
        assert (row["before"]["runs"], row["before"]["failed"]) == (90, 0)
        assert (row["after"]["runs"] >= 4, row["after"]["failed"]) == (True, 1)
    assert row["before"]["p95_ms"] < 25 < 250 < row["after"]["p95_ms"]


@pytest.mark.parametrize(
    ("side", "complaint"),
    [
        ("nonsense", "'nonsense' is nothing that can be compared. Expected live"),
        ("#99", "no topology is kept for '#99'"),
        ("abcdef01", "no topology is kept for 'abcdef01'"),
        ("2001-01-01", "no topology is kept for '2001-01-01'"),
        ("http://nobody", "is no polled host, or has not answered yet"),
        ("missing.json", "missing.json: No such file"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(live: redis.Redis, side: str, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint.replace("#", r"\#")) as refused:
        call_command("diff_graph", side, "live")
    assert refused.value.returncode == 2


def test_before_the_first_drawing_there_is_nothing_live(live: redis.Redis) -> None:
    live.flushall()
    with pytest.raises(CommandError, match="nothing is drawn yet"):
        call_command("diff_graph", "live", "live")


def test_a_diff_goes_to_a_file(live: redis.Redis, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "diff.txt"
    call_command("diff_graph", "1h", "live", "--output", str(output))
    assert capsys.readouterr().out == ""
    assert output.read_text("utf-8").splitlines()[2:] == ["~ event shop.1x0.pay", "    route: (not set) → /pay"]
