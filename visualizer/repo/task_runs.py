"""Keeps in Redis how the worker's tasks fared, and when beat last asked for one."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import redis
from msgspec.structs import replace

from collector.models import redis_keys
from visualizer.models.task_run import TaskRun

_decode = msgspec.json.Decoder(TaskRun).decode


def read_task_runs(client: redis.Redis) -> Mapping[str, TaskRun]:
    """
    By the task's name; what is damaged counts as not there.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    found = {}
    for reply in client.hvals(redis_keys.TASK_RUNS):
        try:
            run = _decode(reply)
        except msgspec.DecodeError:
            continue
        found[run.task] = run
    return found


def begin_run(client: redis.Redis, task: str, *, worker: str, at_s: float) -> None:
    """A task begins."""
    _keep(client, replace(_known(client, task), worker=worker, started_s=at_s))


def end_run(client: redis.Redis, task: str, *, at_s: float, problem: str) -> None:
    """It ended; `problem` says what kept it from its work, "" when nothing did."""
    run = _known(client, task)
    took_s = max(0.0, at_s - run.started_s) if run.started_s else 0.0
    run = replace(
        run,
        ended_s=at_s,
        took_s=took_s,
        longest_s=max(run.longest_s, took_s),
        runs=run.runs + 1,
        problem=problem,
    )
    if problem:
        run = replace(run, failures=run.failures + 1, last_problem=problem, failed_s=at_s)
    _keep(client, run)
    client.set(redis_keys.WORKER, msgspec.json.encode({"at_s": at_s}))


def say_beat(client: redis.Redis, *, at_s: float) -> None:
    """Beat asked for something."""
    client.set(redis_keys.BEAT, msgspec.json.encode({"at_s": at_s}))


def _known(client: redis.Redis, task: str) -> TaskRun:
    try:
        return _decode(client.hget(redis_keys.TASK_RUNS, task) or b"")
    except msgspec.DecodeError:
        return TaskRun(task=task)


def _keep(client: redis.Redis, run: TaskRun) -> None:
    client.hset(redis_keys.TASK_RUNS, run.task, msgspec.json.encode(run))
