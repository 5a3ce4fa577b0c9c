from __future__ import annotations

from visualizer.core.state_memory import ENTER_S, LEAVE_S, StateMemory


def test_what_is_seen_first_is_shown_at_once() -> None:
    assert StateMemory().show("n", "fail", 0) == "fail"


def test_a_worse_state_has_to_hold_before_it_is_shown() -> None:
    memory = StateMemory()
    memory.show("n", "ok", 0)
    assert memory.show("n", "fail", 1) == "ok"
    assert memory.show("n", "fail", 1 + ENTER_S - 0.1) == "ok"
    assert memory.show("n", "fail", 1 + ENTER_S) == "fail"


def test_a_moment_of_trouble_is_never_shown() -> None:
    memory = StateMemory()
    memory.show("n", "ok", 0)
    memory.show("n", "warn", 1)
    memory.show("n", "ok", 5)
    assert memory.show("n", "warn", 12) == "ok"


def test_a_better_state_takes_longer_and_shows_what_is_true_then() -> None:
    memory = StateMemory()
    memory.show("n", "fail", 0)
    assert memory.show("n", "warn", 1) == "fail"
    assert memory.show("n", "ok", LEAVE_S) == "fail"
    assert memory.show("n", "ok", 1 + LEAVE_S) == "ok"


def test_a_node_that_ran_dry_is_idle_at_once() -> None:
    memory = StateMemory()
    memory.show("n", "fail", 0)
    assert memory.show("n", "idle", 1) == "idle"
    assert memory.show("n", "ok", 2) == "ok"


def test_time_alone_makes_a_state_due() -> None:
    memory = StateMemory()
    memory.show("n", "ok", 0)
    memory.show("n", "fail", 1)
    assert memory.due(1 + ENTER_S - 0.1) == []
    assert memory.due(1 + ENTER_S) == ["n"]


def test_nodes_that_are_no_longer_drawn_are_forgotten() -> None:
    memory = StateMemory()
    memory.show("n", "ok", 0)
    memory.show("n", "fail", 1)
    memory.keep_only(["other"])
    assert memory.due(1000) == []
    assert memory.show("n", "fail", 2) == "fail"
