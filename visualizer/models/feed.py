"""Feed: that a collector read lines of a process. What is not seen while the collector is silent rests on these."""

from __future__ import annotations

from typing import NamedTuple

#: One that goes on is written again so often.
FEED_S = 600
#: What was not read by a collector for so long, while another one read it, is that one's.
FEED_OVER_S = 86400


class Feed(NamedTuple):
    """One pair."""

    #: Id of the process.
    server: int
    #: Id of the collector: "<host id>:<pid>".
    collector: str
    #: Unix second at which it read some last; it may be FEED_S later by now.
    last_s: int
