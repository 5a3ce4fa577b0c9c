"""Makes the small plot of a panel: points for an SVG, which takes them as attributes and needs no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 328, 56


@dataclass(frozen=True, slots=True)
class Spark:
    """Runs a slot as a line, failures as bars from the base."""

    #: For <polyline points>.
    line: str
    #: For <polygon points>: the line and the base.
    area: str
    #: (x, y, width, height) of each bar.
    bars: tuple[tuple[float, float, float, float], ...]
    #: The highest value, runs a slot.
    top: int


def draw_spark(slots: Sequence[tuple[int, int]]) -> Spark:
    """The plot of (runs, failed) a slot, oldest first."""
    top = max((runs for runs, _ in slots), default=0)
    step = WIDTH / max(1, len(slots))
    scale = HEIGHT / top if top else 0.0
    points = [(round((i + 0.5) * step, 1), round(HEIGHT - runs * scale, 1)) for i, (runs, _) in enumerate(slots)]
    line = " ".join(f"{x},{y}" for x, y in points)
    bars = tuple(
        # One pixel at least: a single failure among thousands of runs is what people look for.
        (
            round(i * step, 1),
            round(HEIGHT - max(1.0, failed * scale), 1),
            round(step, 1),
            round(max(1.0, failed * scale), 1),
        )
        for i, (_, failed) in enumerate(slots)
        if failed
    )
    return Spark(line=line, area=f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}", bars=bars, top=top)
