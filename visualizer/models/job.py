"""Jobs: what the worker is asked for by the clock, and how often."""

from __future__ import annotations

from typing import NamedTuple


class Job(NamedTuple):
    """One entry of beat's schedule."""

    #: Its name there.
    name: str
    #: The task's name.
    task: str
    #: How often it is asked for. A request that nobody took for so long is dropped.
    every_s: float


JOBS = (
    # Rollups ask for it at once when something changed; this mends what was missed.
    Job("topology", "visualizer.build_topology", 30.0),
    # An age grows by itself: what has gone quiet is found by looking. In less than 5 s a change is on the page.
    Job("evidence", "visualizer.find_evidence", 2.0),
    # So does the time for which something stands still.
    Job("standstills", "visualizer.find_standstills", 2.0),
    # A minute of history at once: it becomes wider buckets, and what is over leaves SQL a little at a time.
    Job("history", "visualizer.compact_history", 60.0),
    # Nothing is wrong for long without somebody being told.
    Job("alerts", "visualizer.judge_alerts", 5.0),
    Job("notifications", "visualizer.send_notifications", 5.0),
    # The receiver's files may take only so much room.
    Job("spool", "visualizer.tidy_spool", 10.0),
)

#: A task that takes longer is told to end; the history's ends itself after 10 s.
SOFT_LIMIT_S = 45.0
#: A worker whose task does not end then ends itself, to be started again by whoever watches it.
HARD_LIMIT_S = 60.0
#: A worker that ran nothing for longer is gone: one task may keep it for HARD_LIMIT_S.
WORKER_GONE_AFTER_S = 90.0
#: Beat asks for something every 2 s, and may have to wait for Redis.
BEAT_GONE_AFTER_S = 30.0
