"""Fixtures of the faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.log_scene import LogScene
from tests.world import World


@pytest.fixture
def make_scene(make_world: Callable[..., World]) -> Iterator[Callable[..., LogScene]]:
    """Builds LogScenes; ends them after the test."""
    scenes: list[LogScene] = []

    def build(*, collect: bool = True, **env: Any) -> LogScene:
        scenes.append(LogScene(make_world(**env), collect=collect))
        return scenes[-1]

    yield build
    for scene in scenes:
        scene.close()


@pytest.fixture
def log_scene(make_scene: Callable[..., LogScene]) -> LogScene:
    """One that works."""
    return make_scene()
