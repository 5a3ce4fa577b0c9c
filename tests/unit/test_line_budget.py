"""How many newest lines may be kept whole."""

from __future__ import annotations

import time

import pytest

from collector.kernel.line_budget import LINES_PER_S, MOST_AT_ONCE, LineBudget


def test_it_fills_with_time_up_to_what_a_second_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    budget = LineBudget()
    assert budget.most() == MOST_AT_ONCE
    budget.spend(int(LINES_PER_S) + 10)
    assert budget.most() == 0
    now += 20 / LINES_PER_S
    assert budget.most() == 10
    now += 3600
    for _ in range(int(LINES_PER_S) // 5):
        assert budget.most() > 0
        budget.spend(5)
    assert budget.most() == 0
