"""WatchedBroker: one broker of Celery: its workers, what was heard of them, and what is wrong."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from collector.core.celery_config import celery_config, queue_of
from collector.core.celery_counts import EVENT_BYTES, CeleryCounts
from collector.core.celery_nodes import GOODBYE, CeleryNodes
from collector.kernel.host_family import HostFamily
from collector.kernel.status import Status
from collector.kernel.tally import Tally
from collector.lib.clock import now_s
from collector.lib.secret import Secret
from collector.models.celery_event import CELERY
from collector.models.errors import HostProblem, StoreUnavailable
from collector.models.file_status import QUIET, READING, UNREADABLE, FileStatus
from collector.models.host import ALIVE, HostPoll

if TYPE_CHECKING:
    from collector.io.celery_broker import CeleryListener

log = logging.getLogger(__name__)
#: A broker of which something was heard lately is one that is read.
LATELY_S = 10.0
#: Names in a sentence.
MAX_NAMED = 3
LOSSY = "Events are heard while they happen: what is sent while nobody listens is not counted."


class WatchedBroker:
    """`ask` and `count` are called again and again, each by a loop of its own."""

    def __init__(
        self,
        url: Secret,
        *,
        family: HostFamily,
        tally: Tally,
        status: Status,
        turns_on: bool,
    ) -> None:
        """
        Args:
            url: with user and password.
            turns_on: have workers send events that send none.
        """
        #: The broker and its workers.
        self.family = family
        self.tally = tally
        self._url, self._status = url, status
        self._turns_on = turns_on
        self._key = f"celery:{family.shown}"
        self._nodes = CeleryNodes()
        self._counts = CeleryCounts(self._queue_of)
        self._listener: CeleryListener | None = None
        self._problem = ""
        self._is_asked = False
        self._declared: tuple[object, ...] = ()
        self._missed = self._dropped = 0
        #: Unix times: when something was heard last, and of what was counted last.
        self._heard_s = self._newest_s = 0.0

    def listen(self) -> None:
        """Begin to hear events."""
        from collector.io.celery_broker import CeleryListener

        if self._listener is None:
            self._listener = CeleryListener(self._url.get_secret_value())

    def close(self) -> None:
        """Hear nothing any more; blocks for a moment."""
        if self._listener is not None:
            self._listener.close()

    async def ask(self) -> None:
        """Ask the workers what they know."""
        from collector.io.celery_broker import ask_workers, enable_events

        url = self._url.get_secret_value()
        try:
            workers = await asyncio.to_thread(ask_workers, url)
            self._nodes.answered(workers, now_s=now_s())
            if self._turns_on and (silent := self._nodes.silent()):
                log.info("events of %s are turned on", ", ".join(silent))
                await asyncio.to_thread(enable_events, url, silent)
        except HostProblem as problem:
            self._problem = str(problem)
            await self.family.keep_asked(HostPoll(reason=self._problem))
        else:
            self._problem, self._is_asked = "", True
            await self._keep_states(anew=True)

    async def count(self) -> None:
        """Count what was heard since the last time."""
        listener, at_s = self._listener, now_s()
        if listener is None:
            return
        self._tell(listener.problem)
        if listener.problem:
            # Nobody is gone for what could not be heard.
            self._nodes.resume(now_s=at_s)
            await self.family.keep_unknown("its broker cannot be asked")
            return
        try:
            await self.tally.open(at=0)
        except StoreUnavailable:
            # They wait where they were heard.
            return
        events = listener.take()
        for event in events:
            self._nodes.hear(event, now_s=at_s)
        missed = self._nodes.take_missed() + listener.dropped - self._dropped
        self._dropped, self._missed = listener.dropped, self._missed + missed
        self._heard_s = at_s if events else self._heard_s
        await self._keep_states()
        batch = self._counts.count(events, missed=missed, received_s=at_s)
        if batch.size_bytes and await self.tally.append(batch):
            self._newest_s = float(batch.counts.newest_second or self._newest_s)

    def row(self) -> FileStatus:
        """How it is, for the page about sources."""
        record, problem = self.tally.record, self._listener.problem if self._listener else ""
        offset = record.offset // EVENT_BYTES if record else 0
        state = READING if now_s() - self._heard_s < LATELY_S else QUIET
        return FileStatus(
            path=self.family.shown,
            kind="celery",
            state=UNREADABLE if problem or self._problem else state,
            reason=problem or self._problem or " ".join(self._notes()),
            file_id=self.tally.file_id,
            generation=record.generation if record else 0,
            size_bytes=offset,
            offset=offset,
            format="celery",
            confidence=1.0,
            last_line_s=self._newest_s,
        )

    def _notes(self) -> list[str]:
        notes = []
        if silent := self._nodes.silent():
            more = f" and {len(silent) - MAX_NAMED} more" if silent[MAX_NAMED:] else ""
            notes.append(
                f"{', '.join(silent[:MAX_NAMED])}{more} sends no events of its tasks, so nothing is counted: "
                "`celery control enable_events` turns them on until it restarts, its option -E for good."
            )
        if not self._nodes.alive(now_s=now_s()):
            notes.append("No worker answers.")
        if self._missed:
            notes.append(f"At least {self._missed} events were missed.")
        return [*notes, LOSSY]

    def _queue_of(self, node: str, task: str) -> str:
        worker = self._nodes.known().get(node)
        return queue_of(worker, task) if worker else ""

    def _tell(self, problem: str) -> None:
        if problem:
            self._status.tell(self._key, f"Celery's events of {self.family.shown} cannot be heard: {problem}")
        else:
            self._status.clear_problem(self._key)

    async def _keep_states(self, *, anew: bool = False) -> None:
        """
        What lives and what does not, and what that declares where it has changed.

        Args:
            anew: also where it has not.
        """
        at_s = now_s()
        states = self._nodes.states(now_s=at_s)
        for node, (status, reason) in states.items():
            await self._keep_worker(f"{self.family.prefix}{node}", status, reason)
        declared = self._nodes.known(), self._nodes.alive(now_s=at_s), tuple(self._counts.seen_queues())
        # Before the first answer what Redis remembers is better.
        if not self._is_asked or (self._declared == declared and not anew):
            return
        self._declared = declared
        await self.family.forget_others({f"{self.family.prefix}{node}" for node in states})
        workers, alive, seen = declared
        config = celery_config(workers, alive=alive, url=self.family.shown, seen=seen)
        await self.family.keep_asked(HostPoll(standard=config, expanded=config))

    async def _keep_worker(self, name: str, status: str, reason: str) -> None:
        # One that was stopped is no news.
        version = CELERY if status == ALIVE else "" if reason == GOODBYE else None
        await self.family.keep_behind(name, status, reason, version=version)
