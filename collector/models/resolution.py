"""Resolution: how wide buckets of history are, and for how long such are kept. EVENTSCOPE_HISTORY sets them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from collector.lib.setting_readers import pairs, seconds

#: What the rollup writes itself: everything else is made of the second.
WRITTEN_S = (1, 10)
#: Buckets of a coarser resolution that stand in one row of SQL together (docs/history.md).
BUCKETS_A_BLOCK = 60
#: The page's panel shows so much of the finest ones.
_LEAST_KEEP_S = 900
_EXPECTED = (
    "expected width=time pairs such as 1s=15m,10s=6h,1m=14d,10m=90d,1h=1095d: 1s and 10s first, one more at least; "
)


class Resolution(NamedTuple):
    """One of the resolutions of history."""

    #: Width of a bucket.
    width_s: int
    #: For how long buckets are kept.
    keep_s: int

    def __str__(self) -> str:
        """As it is set: "10s=6h"."""
        return f"{_words(self.width_s)}={_words(self.keep_s)}"

    @property
    def block_s(self) -> int:
        """What one block of such buckets covers."""
        return self.width_s * BUCKETS_A_BLOCK


DAY_S = 86400
DEFAULT_RESOLUTIONS = (
    Resolution(1, 900),
    Resolution(10, 6 * 3600),
    Resolution(60, 14 * DAY_S),
    Resolution(600, 90 * DAY_S),
    Resolution(3600, 1095 * DAY_S),
)


def read_resolutions(value: Any) -> tuple[Resolution, ...]:
    """
    The resolutions of a setting, the finest first.

    Raises:
        ValueError: widths that cannot be summed up to each other, or times that do not grow with them.
    """
    parted = [pair.split("=") for pair in pairs("width", "time")(value)]
    found = tuple(Resolution(_whole_s(width), _whole_s(keep)) for width, keep in parted)
    widths = tuple(each.width_s for each in found)
    if widths[:2] != WRITTEN_S or len(widths) < 3:
        raise ValueError(_EXPECTED + "other widths came")
    for finer, coarser in pairwise(found):
        if coarser.width_s <= finer.width_s or coarser.width_s % finer.width_s:
            raise ValueError(_EXPECTED + "a width is no multiple of the finer one")
        if finer.width_s >= widths[2] and BUCKETS_A_BLOCK % (coarser.width_s // finer.width_s):
            raise ValueError(_EXPECTED + f"from the third on a width is 2, 3, 4, 5, 6 … {BUCKETS_A_BLOCK} finer ones")
        if coarser.keep_s <= finer.keep_s:
            raise ValueError(_EXPECTED + "a wider bucket is kept no longer than a finer one")
    if found[0].keep_s < _LEAST_KEEP_S:
        raise ValueError(_EXPECTED + f"1s is kept for less than {_LEAST_KEEP_S // 60}m")
    return found


def resolutions_within(found: tuple[Resolution, ...], most_s: float) -> tuple[Resolution, ...]:
    """The same, none kept for longer than that."""
    return tuple(each._replace(keep_s=min(each.keep_s, int(most_s))) for each in found)


def _words(length_s: int) -> str:
    """Whole weeks are shown as days: nobody counts three years in weeks."""
    units = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
    return next(f"{length_s // size_s}{unit}" for unit, size_s in units if length_s % size_s == 0)


def _whole_s(text: str) -> int:
    length_s = seconds(text)
    if length_s != int(length_s):
        raise ValueError(_EXPECTED + "a time has parts of a second")
    return int(length_s)
