"""broker_redis: asks every configured Redis or Valkey how its streams are, and keeps what it says. It only reads."""

from __future__ import annotations

import asyncio
import logging
import random
from functools import partial

from redis.asyncio import Redis

from collector.core.broker_answer import has_other_names, make_broker_answer
from collector.core.stream_flows import StreamFlows
from collector.core.stream_sweep import StreamSweep
from collector.io.broker import poll_broker
from collector.kernel.application import Application, Bind, Bound, Ready
from collector.kernel.status import SourceStatus, Status
from collector.lib.backoff import next_try_s
from collector.lib.clock import now_s
from collector.lib.shown_url import without_options
from collector.models.broker import POLL_EVERY_S, BrokerAnswer
from collector.models.errors import StoreUnavailable
from collector.models.host import ALIVE
from collector.repo.brokers import Brokers

log = logging.getLogger(__name__)
#: A broker that was just seen down is asked after 1, 2, 4 … s; one that stays down, every minute.
LONGEST_PAUSE_S = 60.0
STORE_PROBLEM = "broker_redis:store"


class BrokerRedis(Application):
    """One loop a broker, so that a slow one keeps nobody waiting."""

    name = "broker_redis"

    async def on_bind(self, event: Bind) -> None:
        urls = [url.get_secret_value() for url in event.options.brokers]
        #: URL as it may be shown → URL with user and password.
        self._urls = {without_options(url): url for url in urls}
        self._answers: dict[str, BrokerAnswer] = {}
        self._asked: set[str] = set()

    async def on_bound(self, event: Bound) -> None:
        self._repo = Brokers(await event.services.aget(Redis))
        self._status: Status = await event.services.aget(Status)
        self._began_s = now_s()
        self._status.add_source(self.name, self._source_status)

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")

    async def _begin(self, event: Ready) -> None:
        """What Redis remembers, then a loop for each broker."""
        for url in await self._repo.forget_all_but(self._urls):
            log.info("broker %s is no longer configured", url)
        self._answers = await self._repo.read()
        for position, shown in enumerate(self._urls):
            event.start(partial(self._watch, shown, position), name=shown)

    async def _watch(self, shown: str, position: int) -> None:
        sweep, flows, failures = StreamSweep(), StreamFlows(), 0
        while True:
            poll, before = await poll_broker(self._urls[shown], sweep), self._answers.get(shown)
            make = partial(
                make_broker_answer, poll, before=before, flows=flows, url=shown, position=position, at_s=now_s()
            )
            # In a thread: a thousand streams take some 100 ms, and log lines do not wait for them.
            answer = await asyncio.to_thread(make)
            await self._keep(before, answer)
            self._asked.add(shown)
            failures = failures + 1 if poll.reason else 0
            await asyncio.sleep(
                next_try_s(failures, interval_s=POLL_EVERY_S, longest_s=LONGEST_PAUSE_S, random=random.random)
            )

    async def _keep(self, before: BrokerAnswer | None, answer: BrokerAnswer) -> None:
        try:
            await self._repo.keep(answer, changed=has_other_names(before, answer))
        except StoreUnavailable as exc:
            # Not kept, so it stays news: the next round compares with what Redis had.
            self._status.tell(STORE_PROBLEM, f"brokers cannot be kept: {exc}")
            return
        self._status.clear_problem(STORE_PROBLEM)
        self._answers[answer.url] = answer
        was = before.status if before else ""
        if answer.status == ALIVE and was != ALIVE:
            log.info("broker %s answers", answer.url)
        if answer.status != ALIVE and was != answer.status:
            log.warning("broker %s: %s", answer.url, answer.reason)

    def _source_status(self) -> SourceStatus:
        """Brokers are never behind. Only the first round is waited for, by --once."""
        return SourceStatus(caught_up_s=now_s() if len(self._asked) >= len(self._urls) else self._began_s)
