"""Says how many operations are kept whole."""

from __future__ import annotations

from collector.lib.sampling import EVERYTHING


def sampling_words(threshold: int) -> str:
    """2**26 → "1 of 64 operations kept whole"."""
    if threshold <= 0:
        return "no operations kept whole"
    if threshold >= EVERYTHING:
        return "all operations kept whole"
    return f"1 of {EVERYTHING / threshold:,.0f} operations kept whole"
