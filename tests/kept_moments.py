"""What is remembered of moments: each test has a database of its own, in which numbers begin anew."""

from __future__ import annotations

from visualizer.interfaces import graph_moment


def forget_moments() -> None:
    """As a process that just began."""
    graph_moment.draw_kept.cache_clear()
    graph_moment._read_moving.cache_clear()
