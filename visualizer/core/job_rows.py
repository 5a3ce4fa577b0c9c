"""What the worker's page says of each job: how its task last fared, and whether that is as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from visualizer.models.job import BEAT_GONE_AFTER_S, HARD_LIMIT_S, JOBS, WORKER_GONE_AFTER_S, Job
from visualizer.models.task_run import TaskRun

#: States, and how they are marked.
WELL, FAILED, RUNNING, LATE, NEVER = "well", "failed", "running", "late", "never ran"
MARKS = {WELL: "ok", FAILED: "fail", RUNNING: "ok", LATE: "warn", NEVER: "idle"}


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job and its last run."""

    job: Job
    run: TaskRun
    #: One of the states.
    state: str

    @property
    def mark(self) -> str:
        """How it is drawn."""
        return MARKS[self.state]


@dataclass(frozen=True, slots=True)
class WorkerState:
    """Of the worker and of beat, which may be one process or two."""

    #: Unix time at which it last did something; 0 when it never did.
    at_s: float
    #: Is that too long ago?
    is_gone: bool

    @property
    def mark(self) -> str:
        """How it is drawn."""
        return "fail" if self.is_gone else "ok"


def job_rows(runs: Mapping[str, TaskRun], *, now_s: float, jobs: Iterable[Job] = JOBS) -> list[JobRow]:
    """A row a job, in the schedule's order."""
    found = [(job, runs.get(job.task, TaskRun(task=job.task))) for job in jobs]
    return [JobRow(job, run, _state(job, run, now_s)) for job, run in found]


def worker_state(at_s: float, *, now_s: float) -> WorkerState:
    """Of the worker, which one task may keep for long."""
    return WorkerState(at_s, now_s - at_s >= WORKER_GONE_AFTER_S)


def beat_state(at_s: float, *, now_s: float) -> WorkerState:
    """Of beat."""
    return WorkerState(at_s, now_s - at_s >= BEAT_GONE_AFTER_S)


def _state(job: Job, run: TaskRun, now_s: float) -> str:
    if run.is_running and now_s - run.started_s < HARD_LIMIT_S:
        return RUNNING
    if not run.runs:
        return NEVER
    if run.problem:
        return FAILED
    # Another task may have kept the worker for as long as one may.
    return LATE if now_s - run.ended_s > 2 * job.every_s + HARD_LIMIT_S else WELL
