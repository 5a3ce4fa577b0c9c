"""TaskRun: how a task of the worker last fared; JSON in redis_keys.TASK_RUNS."""

from __future__ import annotations

import msgspec


class TaskRun(msgspec.Struct, kw_only=True, frozen=True):
    """The last run of one task, and what came before it. Times are unix seconds."""

    #: "visualizer.build_topology".
    task: str
    #: "<host name>:<process id>" of the worker.
    worker: str = ""
    #: When it began, and when it ended: before `started_s` while it runs.
    started_s: float = 0
    ended_s: float = 0
    #: How long the last one that ended took, and the longest one.
    took_s: float = 0
    longest_s: float = 0
    #: Runs that ended, and those that failed, since Redis began.
    runs: int = 0
    failures: int = 0
    #: What kept the last one from its work; "" when nothing did. It names no value of a setting.
    problem: str = ""
    #: The same of the last one that failed, and when that was.
    last_problem: str = ""
    failed_s: float = 0

    @property
    def is_running(self) -> bool:
        """Has it begun, and not said that it ended?"""
        return self.started_s > self.ended_s
