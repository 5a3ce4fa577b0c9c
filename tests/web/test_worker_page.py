"""The page about the worker says what it runs and how that fares, and echoes nothing that is secret."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
import redis
from celery.exceptions import SoftTimeLimitExceeded
from django.test import Client

from collector.models import redis_keys
from visualizer.core.job_rows import FAILED, LATE, NEVER, RUNNING, WELL, job_rows
from visualizer.interfaces import task_watch
from visualizer.interfaces.task_watch import problem_of
from visualizer.models.errors import WidthsMismatch
from visualizer.models.job import JOBS, Job
from visualizer.models.task_run import TaskRun
from visualizer.repo.task_runs import begin_run, end_run, read_task_runs

TOPOLOGY, EVIDENCE = "visualizer.build_topology", "visualizer.find_evidence"
NOW = 1e9


def words(client: Client, *, part: bool = False) -> str:
    headers = {"HX-Request": "true"} if part else {}
    page = client.get("/worker", headers=headers).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_it_says_what_ran_when_how_long_and_what_failed(live: redis.Redis, signed_in: Client) -> None:
    now_s = time.time()
    for task, problem in ((TOPOLOGY, ""), (EVIDENCE, "OperationalError at folding.py:7, in fold")):
        begin_run(live, task, worker="vm<1>:17", at_s=now_s - 5.25)
        end_run(live, task, at_s=now_s - 4, problem=problem)
    text = words(signed_in)
    assert re.search(r"Worker ended a task \d+ (s|min) ago. vm&lt;1&gt;:17", text)
    assert re.search(r"Beat asked for a task \d+ (s|min) ago", text)
    assert re.search(r"build_topology draws the graph .* well 30 s \d+ (s|min) ago 1.25 s 1.25 s 1 0 ", text)
    assert "find_evidence failed: OperationalError at folding.py:7, in fold" in text
    assert re.search(r"compact_history .*? never ran 1 min – ", text)
    assert words(signed_in, part=True).startswith(" Worker ended"), "the part alone, for htmx"


def test_it_says_that_worker_and_beat_are_gone_and_what_to_do(live: redis.Redis, signed_in: Client) -> None:
    for key in (redis_keys.WORKER, redis_keys.BEAT):
        live.set(key, '{"at_s": %s}' % (time.time() - 2405))
    text = words(signed_in)
    assert "has run nothing for 40 min" in text
    assert "has asked for nothing for 40 min" in text
    assert "systemctl status eventscope-worker" in text
    live.delete(redis_keys.WORKER, redis_keys.BEAT)
    assert "has not run anything yet" in words(signed_in)


def test_without_redis_it_says_that_nothing_is_known(no_redis: None, signed_in: Client) -> None:
    assert "nothing is known of the worker" in words(signed_in)


def test_a_state_follows_from_the_last_run() -> None:
    def state(**run: float | str) -> str:
        (row,) = job_rows({"t": TaskRun(task="t", **run)}, now_s=NOW, jobs=[Job("j", "t", 10.0)])  # type: ignore[arg-type]
        return row.state

    assert state() == NEVER
    assert state(started_s=NOW - 1) == RUNNING
    assert state(started_s=NOW - 61, ended_s=NOW - 300, runs=1) == LATE, "its worker was killed"
    assert state(started_s=NOW - 9, ended_s=NOW - 8, runs=1) == WELL
    assert state(started_s=NOW - 9, ended_s=NOW - 8, runs=1, problem="x") == FAILED
    assert state(started_s=NOW - 99, ended_s=NOW - 81, runs=1) == LATE


def test_a_problem_names_kind_and_place_and_no_value() -> None:
    with pytest.raises(AttributeError) as caught:
        read_task_runs("redis://:canary@host/0")  # type: ignore[arg-type]
    assert re.fullmatch(r"AttributeError at task_runs.py:\d+, in read_task_runs", problem_of(caught.value))
    assert problem_of(ValueError("redis://:canary@host/0")) == "ValueError"
    assert problem_of(WidthsMismatch()) == "History was begun in other widths."
    assert problem_of(SoftTimeLimitExceeded()) == "took longer than 45 s and was ended"


def test_signals_tell_how_a_task_fared(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    from visualizer.celery import app

    monkeypatch.setattr(task_watch, "_client", lambda: valkey)
    told: Iterator[str | Exception] = iter(["", "StoreUnavailable", ValueError("canary")])

    @app.task(name="test.told", ignore_result=True)
    def say() -> str:
        answer = next(told)
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        for _ in range(3):
            say.apply()
    finally:
        app.tasks.unregister("test.told")
    run = read_task_runs(valkey)["test.told"]
    assert (run.runs, run.failures, run.problem, run.last_problem) == (3, 2, "ValueError", "ValueError")
    assert valkey.exists(redis_keys.WORKER)


def test_every_job_has_a_task_and_words() -> None:
    from visualizer.celery import app
    from visualizer.interfaces.worker_page import _WHAT

    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.startswith("visualizer.")}
    assert ours == {job.task for job in JOBS} == set(_WHAT)
