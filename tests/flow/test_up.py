"""`manage.py up`, as people start and stop it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.process_tree import command_of, descendants
from tests.hopeit_line import hopeit_line
from tests.ports import own_port
from tests.world import World, wait_until

#: It does within five, where nobody else uses the machine.
STOPS_WITHIN_S = 60


class Up:
    """One `manage.py up` on a World's folder."""

    def __init__(self, world: World, **env: str) -> None:
        self.world = world
        self.port = own_port()
        world.env.pop("REDIS_URL", None)
        self.name = f"up-{self.port}"
        self.process = world.start("up", name=self.name, PORT=str(self.port), **env)
        self.link = wait_until(self._link)

    def _link(self) -> str:
        found = re.search(r"Sign in: (http://\S+)", self.output)
        assert self.process.poll() is None, self.output
        return found[1] if found else ""

    @property
    def output(self) -> str:
        """What it has said."""
        return self.world.output(self.name)

    def ready(self) -> dict[str, Any]:
        """The parts of /readyz, once all are well."""

        def parts() -> dict[str, Any]:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=20) as answer:
                    found: dict[str, Any] = json.load(answer)
                    return found
            except urllib.error.HTTPError as exc:
                exc.close()
                return {}
            except OSError:
                return {}

        return wait_until(parts)

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it; everything it started has to end with it."""
        wait_until(lambda: len(descendants(self.process.pid)) >= 6)
        pids = descendants(self.process.pid)
        self.process.send_signal(how)
        self.process.wait(timeout=STOPS_WITHIN_S)
        wait_until(lambda: not [pid for pid in pids if is_alive(pid)], timeout_s=STOPS_WITHIN_S)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def count(world: World) -> int:
    return sum(entry["count"] for entry in world.report()["entries"])


def test_it_stops_whole_and_goes_on_where_it_stopped(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_RETENTION="5000w")
    log = world.logs / "a.log"
    log.write_bytes(hopeit_line("START") + hopeit_line("DONE"))
    up = Up(world)
    assert up.ready()
    wait_until(lambda: count(world) == 2)
    up.stop()
    with log.open("ab") as more:
        more.write(hopeit_line("START"))
    again = Up(world)
    assert again.link != up.link
    wait_until(lambda: count(world) == 3)
    again.stop()
    assert world.report()["bytes"]["read"] == log.stat().st_size


def test_a_part_that_is_killed_is_started_again_and_nothing_outlives_a_killed_up(
    make_world: Callable[..., World],
) -> None:
    world = make_world(EVENTSCOPE_RETENTION="5000w")
    up = Up(world)
    up.ready()
    (killed,) = [pid for pid in descendants(up.process.pid) if command_of(pid) == "rollup"]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: "rollup ended with -9" in up.output)
    (world.logs / "a.log").write_bytes(hopeit_line("START"))
    wait_until(lambda: count(world) == 1)
    up.stop(signal.SIGKILL)


def test_a_taken_port_and_a_folder_in_use_are_said_with_the_way_out(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_RETENTION="5000w")
    port = own_port()
    with socket.create_server(("127.0.0.1", port)):
        world.env["PORT"] = str(port)
        done = world.manage("up", check=False)
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    assert f"PORT={port + 1} make up" in done.stderr
    up = Up(world)
    world.env["PORT"] = str(own_port())
    done = world.manage("up", check=False)
    assert (done.returncode, "EVENTSCOPE_DATA_DIR=… make up" in done.stderr) == (1, True)
    up.stop()


def test_without_valkey_to_start_it_says_what_to_do(make_world: Callable[..., World], tmp_path: Path) -> None:
    world = make_world(EVENTSCOPE_RETENTION="5000w")
    world.env.pop("REDIS_URL", None)
    code = "import collector.lib.valkey_server as v; v.find_valkey = lambda: None; import manage; manage.main()"
    (tmp_path / "up.py").write_text(f"import sys; sys.argv = ['manage.py', 'up']; {code}")
    process = world.spawn("up", str(tmp_path / "up.py"), PORT=str(own_port()))
    assert process.wait(timeout=120) == 1
    assert "or set REDIS_URL" in world.output("up")


def test_the_demo_moves_by_itself_and_is_forgotten_when_there_are_real_sources(
    make_world: Callable[..., World],
) -> None:
    world = make_world(EVENTSCOPE_LOGS="", EVENTSCOPE_RETENTION="5000w")
    demo = Up(world)
    wait_until(lambda: {"shop.1x0", "warehouse.2x1", "mail.1x4"} <= apps(world))
    demo.stop()
    (world.logs / "a.log").write_bytes(hopeit_line("START"))
    real = Up(world, EVENTSCOPE_LOGS=str(world.logs / "*.log"))
    wait_until(lambda: apps(world) == {"simple_example.0x30"})
    topology = wait_until(lambda: world.manage("export_graph", check=False).stdout)
    real.stop()
    assert "shop" not in topology
    assert not (world.data_dir / "demo").exists()
    assert world.report()["bytes"]["read"] == (world.logs / "a.log").stat().st_size


def apps(world: World) -> set[str]:
    return {entry["app"] for entry in world.report()["entries"]}
