"""Our map for --format hopeit against the functions of the real visualizer, in its own interpreter."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.runtime_apps import random_answer
from tests.tools import hopeit_env
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.runtime_config import filter_apps, read_runtime_apps
from visualizer.models.node_id import EXPANDED, STANDARD

pytestmark = pytest.mark.network
CASES = 240


def test_generated_configs_are_drawn_as_hopeit_draws_them() -> None:
    cases = [_case(Random(seed)) for seed in range(CASES)]
    drawn = [_ours(case) for case in cases]
    theirs = hopeit_env.ask("hopeit_graph_oracle.py", cases)
    assert len(theirs) == CASES
    for seed, (ours, expected) in enumerate(zip(drawn, theirs, strict=True)):
        assert ours == expected, f"Random({seed})"
        assert list(ours) == list(expected), f"order of Random({seed})"


def _case(random: Random) -> dict[str, Any]:
    return {
        "runtime_apps": random_answer(random),
        "expanded_view": random.random() < 0.5,
        "app_prefix": random.choice(["", "", "", "simple", "B"]),
        "host_filter": random.choice(["", "", "", "//b"]),
    }


def _ours(case: dict[str, Any]) -> dict[str, Any]:
    config = read_runtime_apps(case["runtime_apps"], source="case")
    assert config.warnings == ()
    config = filter_apps(config, app_prefix=case["app_prefix"], host_filter=case["host_filter"])
    graph, refused = hopeit_graph(config, view=EXPANDED if case["expanded_view"] else STANDARD)
    assert refused == ()
    return graph
