"""Fixtures that every folder of tests may use."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, settings

from tests.world import World

# A busy machine makes slow examples, and time is not what is tested. Hypothesis' own profile holds for the rest.
settings.register_profile(
    "eventscope",
    parent=settings.get_profile(settings.get_current_profile_name()),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("eventscope")

#: Folders whose files take a second each, in the order in which they are run, behind all others.
_QUICK = ("integration", "web", "unit")


class _Failures:
    """Says at once what fails: a run that is ended from outside, for it takes too long, says nothing in the end."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            told = (line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E "))
            self._terminal.ensure_newline()
            self._terminal.write_line(f"{report.nodeid} failed: {next(told, report.when)}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Only one process has a terminal."""
    if terminal := config.pluginmanager.get_plugin("terminalreporter"):
        config.pluginmanager.register(_Failures(terminal))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, else in the order that chance has given: in the end no worker waits for another's long file."""
    items.sort(key=lambda item: _QUICK.index(name) + 1 if (name := item.path.parent.name) in _QUICK else 0)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, to copy: the first worker makes it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = folder / "migrated.sqlite3"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            world = World(tmp_path_factory.mktemp("migrated"))
            world.manage("migrate", "--verbosity=0")
            world.sqlite.rename(made)
    return made


@pytest.fixture
def make_world(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., World]]:
    """Builds Worlds with a migrated database; ends them after the test."""
    worlds: list[World] = []

    def build(**env: str) -> World:
        worlds.append(World(tmp_path / f"world{len(worlds)}", migrated=migrated, **env))
        return worlds[-1]

    yield build
    for world in worlds:
        world.close()


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Valkey for all tests that need nothing more of it."""
    world = World(tmp_path_factory.mktemp("valkey"))
    world.start_valkey().close()
    yield world.redis_url
    world.close()


@pytest.fixture
def valkey(valkey_url: str) -> Iterator[redis.Redis]:
    """A client on an emptied Valkey."""
    client = redis.Redis.from_url(valkey_url, socket_timeout=60)
    client.flushall()
    yield client
    client.close()
