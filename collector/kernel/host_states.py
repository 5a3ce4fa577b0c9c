"""HostStates: keeps in Redis what the hosts of one source answer, and tells the bus what is new of it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from msgspec.structs import replace
from redis.asyncio import Redis

from collector.core.host_answer import has_changed
from collector.kernel.bus import Bus
from collector.kernel.events import ConfigChanged, HostDown, HostUp
from collector.kernel.status import Status
from collector.models.errors import StoreUnavailable
from collector.models.host import ALIVE, HostAnswer
from collector.repo.host_answers import HostAnswers

log = logging.getLogger(__name__)
#: How often what has not changed is kept by keep_news(), seconds.
SAME_S = 5.0


class HostStates:
    """`begin` once, then `keep` each answer."""

    def __init__(self, redis: Redis, *, source: str, bus: Bus, status: Status) -> None:
        """
        Args:
            source: name of the application that polls: others' hosts are left alone.
        """
        self._repo = HostAnswers(redis, source=source)
        self._source = source
        self._bus = bus
        self._status = status
        self._problem = f"{source}:store"
        #: URL → what Redis holds of it, as far as we know.
        self._answers: dict[str, HostAnswer] = {}

    async def begin(self, is_ours: Callable[[str], bool]) -> None:
        """
        Read what Redis remembers, and forget what is no longer configured.

        Raises:
            StoreUnavailable.
        """
        self._answers = await self._repo.read()
        await self.forget_all_but(is_ours)

    async def forget_all_but(self, is_ours: Callable[[str], bool]) -> None:
        """
        Forget hosts of this source that are not there any more.

        Raises:
            StoreUnavailable.
        """
        left = {url: answer for url, answer in self._answers.items() if is_ours(url)}
        if len(left) < len(self._answers):
            for url in await self._repo.forget_all_but(left):
                log.info("%s: %s is no longer there", self._source, url)
            self._answers = left

    def last(self, url: str) -> HostAnswer | None:
        """What it answered last."""
        return self._answers.get(url)

    def names(self, prefix: str) -> list[str]:
        """Hosts whose names begin like this."""
        return [url for url in self._answers if url.startswith(prefix)]

    async def keep(self, answer: HostAnswer) -> bool:
        """Keep what a host answered; False while Redis does not take it: then it stays news."""
        before, answer = self._answers.get(answer.url), replace(answer, source=self._source)
        try:
            await self._repo.keep(answer, changed=has_changed(before, answer))
        except StoreUnavailable as exc:
            self._status.tell(self._problem, f"hosts cannot be kept: {exc}")
            return False
        self._status.clear_problem(self._problem)
        self._answers[answer.url] = answer
        await self._tell(before, answer)
        return True

    async def keep_news(self, answer: HostAnswer) -> None:
        """keep() what has changed, and now and then what has not: of what is looked at all the time."""
        before = self._answers.get(answer.url)
        is_young = before is not None and answer.polled_s - before.polled_s < SAME_S
        if not is_young or has_changed(before, answer) or (before and before.reason != answer.reason):
            await self.keep(answer)

    async def _tell(self, before: HostAnswer | None, answer: HostAnswer) -> None:
        was = before.status if before else ""
        if answer.status == ALIVE and was != ALIVE:
            log.info("%s: %s answers", self._source, answer.url)
            await self._bus.publish(HostUp(url=answer.url, latency_ms=answer.latency_ms or 0.0))
        if answer.status != ALIVE and was != answer.status:
            log.warning("%s: %s: %s", self._source, answer.url, answer.reason)
            await self._bus.publish(HostDown(url=answer.url, reason=answer.reason))
        if answer.content_hash and answer.content_hash != (before.content_hash if before else ""):
            await self._bus.publish(ConfigChanged(url=answer.url, content_hash=answer.content_hash))
