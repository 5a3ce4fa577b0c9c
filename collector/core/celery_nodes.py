"""
CeleryNodes: which workers of a broker live, by their heartbeats and by what they answer; which of them send no events
of their tasks, and how many of those were missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from collector.models.celery_event import CeleryEvent, CeleryWorker
from collector.models.host import ALIVE, ERROR

#: A worker that is silent for so many beats of its heart is gone, and never before GONE_AFTER_S.
GONE_AFTER_BEATS = 3.0
GONE_AFTER_S = 6.0
#: Why one that was stopped is not there.
GOODBYE = "it was stopped: it said goodbye"
#: One that is gone for so long was taken away on purpose.
FORGET_AFTER_S = 600.0


@dataclass(slots=True)
class _Node:
    """One worker."""

    #: What it answered last; None before the first answer.
    worker: CeleryWorker | None = None
    #: When anything was heard of it last, by our clock; and how often its heart beats, 0 when it sends no beats.
    heard_s: float = 0.0
    freq_s: float = 0.0
    #: It said goodbye.
    has_ended: bool = False
    #: Whether it answered when all were asked last.
    answers: bool = False
    #: Process id; another one is another worker of the name.
    pid: str = ""
    #: Whether it was seen to send events of tasks.
    sends_events: bool = False
    #: Tasks it says it has begun: when we first heard of that, by its last beat but one, and by its last.
    first_processed: int = -1
    former_processed: int = -1
    last_processed: int = -1
    #: Begun tasks we were told of since then.
    started: int = 0
    #: Of those it has begun, not told: at least.
    missed: int = 0


class CeleryNodes:
    """Of one broker."""

    def __init__(self) -> None:
        self._nodes: dict[str, _Node] = {}
        self._untold = 0

    def hear(self, event: CeleryEvent, *, now_s: float) -> None:
        """An event came."""
        is_worker = event.type.startswith("worker-")
        if not is_worker and event.node not in self._nodes:
            # Of what calls tasks, or of a worker without a heart: it is no node until it answers.
            return
        node = self._nodes.setdefault(event.node, _Node())
        if event.pid and event.pid != node.pid:
            node = self._nodes[event.node] = _Node(worker=node.worker, pid=event.pid)
        node.heard_s, node.has_ended = now_s, event.type == "worker-offline"
        if is_worker:
            node.freq_s = event.freq_s
            self._compare(node, event.processed)
        else:
            if not node.sends_events:
                # What it did before was not to be heard.
                node.sends_events, node.first_processed = True, -1
            node.started += event.type == "task-started"

    def answered(self, workers: Mapping[str, CeleryWorker], *, now_s: float) -> None:
        """These answered when all were asked."""
        for name, worker in workers.items():
            node = self._nodes.setdefault(name, _Node())
            if worker.pid and worker.pid != node.pid:
                node = self._nodes[name] = _Node(pid=worker.pid)
            node.worker, node.heard_s, node.has_ended = worker, now_s, False
            if not node.freq_s:
                self._compare(node, worker.processed)
        for name, node in self._nodes.items():
            node.answers = name in workers

    def resume(self, *, now_s: float) -> None:
        """Nothing could be heard for a while: nobody is gone for that."""
        for node in self._nodes.values():
            if self._state(node, node.heard_s)[0] == ALIVE:
                node.heard_s = now_s

    def alive(self, *, now_s: float) -> frozenset[str]:
        """Those that live."""
        return frozenset(name for name, node in self._nodes.items() if self._state(node, now_s)[0] == ALIVE)

    def known(self) -> dict[str, CeleryWorker]:
        """Node → what it answered last, of all that are not forgotten."""
        return {name: replace(node.worker, pid=node.pid) for name, node in self._nodes.items() if node.worker}

    def states(self, *, now_s: float) -> dict[str, tuple[str, str]]:
        """Node → its status and, in words, why."""
        self._nodes = {name: node for name, node in self._nodes.items() if now_s - node.heard_s < FORGET_AFTER_S}
        return {name: self._state(node, now_s) for name, node in self._nodes.items()}

    def silent(self) -> list[str]:
        """Workers that have begun tasks and tell nothing of them."""
        return [
            name
            for name, node in self._nodes.items()
            if not node.sends_events and not node.has_ended and node.former_processed > node.first_processed >= 0
        ]

    def take_missed(self) -> int:
        """Events that were missed since this was asked last; a lower bound."""
        untold, self._untold = self._untold, 0
        return untold

    def _compare(self, node: _Node, processed: int) -> None:
        """Events leave in groups, so a beat is compared with what came until the next one."""
        if processed < 0:
            return
        if node.first_processed < 0:
            node.first_processed, node.started = processed, 0
        elif node.sends_events:
            missed = node.last_processed - node.first_processed - node.started
            if missed > node.missed:
                self._untold += missed - node.missed
                node.missed = missed
        node.former_processed, node.last_processed = node.last_processed, processed

    def _state(self, node: _Node, now_s: float) -> tuple[str, str]:
        if node.has_ended:
            return ERROR, GOODBYE
        if node.freq_s and now_s - node.heard_s > max(GONE_AFTER_S, GONE_AFTER_BEATS * node.freq_s):
            return ERROR, f"no heartbeat for more than {max(GONE_AFTER_S, GONE_AFTER_BEATS * node.freq_s):g} s"
        if not node.freq_s and not node.answers:
            return ERROR, "it does not answer any more"
        return ALIVE, ""
