"""
What a rollup tells the web processes: LiveUpdate, the wire form of {sNN}:live and {sNN}:snapshot.

Numbers are per activity, not per node, and are sums: updates of several shards are added up by the hub, which
alone knows views and nodes.
"""

from __future__ import annotations

import msgspec

from collector.models.activity import ActivityKey

#: A node's state looks back this far.
STATE_WINDOW_S = 60
#: Its rate looks back this far.
RATE_WINDOW_S = 10


class ActivityStats(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One activity in the last STATE_WINDOW_S seconds of one shard. Additive, but for `last_s` (the maximum)."""

    key: ActivityKey
    started: int = 0
    done: int = 0
    failed: int = 0
    ignored: int = 0
    #: Runs ended (or, where ends carry nothing, started) in the last RATE_WINDOW_S.
    recent: int = 0
    #: Started and not ended, over all time and all servers that still live.
    pending: int = 0
    #: Duration bucket → count.
    durations: dict[int, int] = {}
    #: Stream age bucket → count.
    stream_ages: dict[int, int] = {}
    #: Unix time of the last entry, seconds.
    last_s: float = 0


class LiveUpdate(msgspec.Struct, kw_only=True):
    """What changed since the update before; in a snapshot, everything."""

    #: Unix time of the rollup's clock when it was made, seconds.
    at_s: float
    #: Activities that changed, whole. One whose counts are all 0 and which is not pending has left the window.
    changed: list[ActivityStats]
    #: True: a rollup began (again); forget everything its shard said before, `changed` is everything.
    reset: bool = False


encode_live = msgspec.msgpack.Encoder().encode
decode_live = msgspec.msgpack.Decoder(LiveUpdate).decode
