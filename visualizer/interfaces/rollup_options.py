"""What a rollup is told from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from collector.models.heartbeat import BEAT_INTERVAL_S
from collector.models.name_caps import NameCaps
from collector.models.resolution import DEFAULT_RESOLUTIONS, Resolution

#: Records are compared with SQL so often.
RECONCILE_S = 30.0
#: How often gone servers are looked for: hosts are polled every 10 s.
JUDGE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupOptions:
    """What a shard's rollup needs from outside."""

    #: How long counts are kept, seconds.
    retention_s: float
    #: Unix time, seconds.
    clock: Callable[[], float]
    #: Asks for the topology to be built; False when nobody could be asked.
    request_topology: Callable[[], bool]
    #: Of history, the finest first.
    resolutions: tuple[Resolution, ...] = DEFAULT_RESOLUTIONS
    #: How many names are kept apart.
    caps: NameCaps = field(default_factory=NameCaps)
    #: Seconds between two comparisons of the records with SQL.
    reconcile_s: float = RECONCILE_S
    #: Seconds between two beats, which also slide the live window.
    beat_s: float = BEAT_INTERVAL_S
    #: Seconds between two looks for servers that are gone.
    judge_s: float = JUDGE_S
    #: False: the tests' negative control, which counts repeats.
    claims: bool = True
