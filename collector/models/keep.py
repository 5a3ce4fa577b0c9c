"""Keep: what a parser keeps whole of the lines it counts. The counts never depend on it."""

from __future__ import annotations

import msgspec


class Keep(msgspec.Struct, frozen=True):
    """For one chunk of lines."""

    #: Operations whose sample_hash (collector/lib/sampling.py) is below are kept whole; 0 for none.
    sample_below: int = 0
    #: At most so many of the chunk's newest lines, and no more than 20 of one activity.
    newest_lines: int = 0


#: Failures are kept whole all the same.
COUNTS_ONLY = Keep()
