"""When to try again."""

from __future__ import annotations

from collections.abc import Callable


def next_try_s(
    failures: int, *, interval_s: float, longest_s: float, random: Callable[[], float], first_s: float = 1.0
) -> float:
    """
    Seconds until the next try.

    Args:
        failures: tries that failed since the last that worked. 0: the regular interval, ± 10 %, so that many things
            with one interval spread out.
        longest_s: doubling from `first_s` ends here; jitter takes up to a half off, so that what failed together does
            not come back together.
        random: numbers in [0, 1).
    """
    if failures == 0:
        return interval_s * (0.9 + 0.2 * random())
    # 2 ** 63 s is beyond any longest_s, and more would not fit a float at some point.
    return float(min(longest_s, first_s * 2 ** min(failures - 1, 63)) * (1 - 0.5 * random()))
