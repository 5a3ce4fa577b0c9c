"""Sizes, counts and rates in the fewest characters that say enough, for tables."""

from __future__ import annotations

_STEPS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def bytes_words(size_bytes: int) -> str:
    """0 → "0 B", 1536 → "1.5 kB", 12_345_678 → "12 MB"."""
    for step, unit in _STEPS:
        # What would be rounded up to 1000 of a unit is 1 of the next.
        if size_bytes >= 0.9995 * step:
            return f"{_short(size_bytes / step)} {unit}B"
    return f"{size_bytes} B"


def rate_words(per_s: float) -> str:
    """0.04 → "0.04/s", 12.34 → "12/s", 4120 → "4.1k/s"."""
    for step, unit in _STEPS:
        if per_s >= 0.9995 * step:
            return f"{_short(per_s / step)}{unit}/s"
    return f"{per_s:.2g}/s" if per_s < 10 else f"{per_s:.0f}/s"


def grouped(number: int) -> str:
    """18204113 → "18,204,113"."""
    return f"{number:,}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"
