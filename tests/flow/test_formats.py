"""Files of several formats at once, from the disk to SQL, each recognised by itself."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable

from tests.hopeit_line import hopeit_line
from tests.json_log_lines import AT_S, ecs, encode, structlog
from tests.sql_copy import counted_bytes, read_sql
from tests.world import FIXTURES, World, wait_until

HOPEIT = "simple_example_0x30_login_vm_29066.log"
RUNS = 3000


def test_each_file_is_read_in_its_own_format_to_the_last_byte(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,json_lines,otlp_json,harp,store")
    shutil.copy(FIXTURES / "harp" / "logs" / "json.log", world.logs / "harp.log")
    shutil.copy(FIXTURES / "hopeit" / "logs" / HOPEIT, world.logs / "hopeit.log")
    shop = [
        ecs("place", {"event.outcome": "success", "event.duration": 10**6}, at_s=AT_S + n % 50) for n in range(RUNS)
    ]
    (world.logs / "shop.log").write_bytes(b"Welcome to the shop\n" + encode(*shop))
    long_line = structlog(app="shop", event_name="long", outcome="failure", note="x" * 150_000)
    (world.logs / "long.log").write_bytes(encode(long_line))
    (world.logs / "odd.log").write_bytes(b"nobody knows me\n" * 10)
    size_bytes = sum(path.stat().st_size for path in world.logs.iterdir())

    world.start_valkey().close()
    world.start("rollup")
    world.manage("collect", "--once")
    wait_until(lambda: counted_bytes(world.sqlite) == size_bytes)

    report = world.report()
    found: Counter[tuple[str, str, str]] = Counter()
    for entry in report["entries"]:
        app, event = entry["app"], entry["event"].partition(".")[0] if entry["app"] == "harp" else entry["event"]
        found[app, event, entry["status"]] += entry["count"]
    assert {key: count for key, count in found.items() if key[0] != "simple_example.0x30"} == {
        ("shop.1.0", "place", "START"): RUNS,
        ("shop.1.0", "place", "DONE"): RUNS,
        ("shop", "long", "START"): 1,
        ("shop", "long", "FAILED"): 1,
        ("harp", "proxy", "START"): 400,
        ("harp", "proxy", "DONE"): 175,
        ("harp", "proxy", "FAILED"): 225,
        ("harp", "access", "START"): 443,
        ("harp", "access", "DONE"): found["harp", "access", "DONE"],
        ("harp", "access", "FAILED"): 443 - found["harp", "access", "DONE"],
    }
    assert found["simple_example.0x30", "basic_auth.0x30.login", "DONE"] == 29


def test_a_collector_that_starts_inside_a_traceback_knows_the_file_by_its_beginning(
    make_world: Callable[..., World],
) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,json_lines,store")
    world.start_valkey().close()
    world.start("rollup")
    path = world.logs / "shop.log"
    sizes = []
    for part in (hopeit_line(), b"Traceback (most recent call last):\n" * 3, hopeit_line()):
        with path.open("ab") as file:
            file.write(part)
        sizes.append(path.stat().st_size)
        world.manage("collect", "--once")
    wait_until(lambda: counted_bytes(world.sqlite) == sizes[-1])
    assert [entry["count"] for entry in world.report()["entries"]] == [2]
    skipped = read_sql(
        world.sqlite, "SELECT reason, sum(lines) FROM visualizer_sourcebytes WHERE fate = 'skipped' GROUP BY 1"
    )
    assert [tuple(row) for row in skipped] == [("continuation", 3)]
