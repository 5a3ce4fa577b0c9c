"""CeleryWorkers: the source `celery`, two loops a broker: who lives, and what they do."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial

from redis.asyncio import Redis

from collector.applications.sources.celery_workers.watched_broker import WatchedBroker
from collector.io.redaction_key import read_redaction_key
from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.bus import Bus
from collector.kernel.host_family import HostFamily
from collector.kernel.host_states import HostStates
from collector.kernel.status import SourceStatus, Status
from collector.kernel.tally import Tally
from collector.kernel.tally_rows import TallyRows
from collector.lib.backoff import next_try_s
from collector.lib.clock import now_s
from collector.lib.shown_url import without_options
from collector.models.options import Options

#: How often what was heard is counted, seconds.
COUNT_S = 0.5


class CeleryWorkers(Application):
    """Celery is imported where there is a broker to watch: without one it would be a third of the memory."""

    name = "celery"
    needs = ("store",)

    async def on_bind(self, event: Bind) -> None:
        self._options: Options = event.options
        self._bus: Bus = event.bus
        self._brokers: list[WatchedBroker] = []

    async def on_bound(self, event: Bound) -> None:
        redis, status = await event.services.aget(Redis), await event.services.aget(Status)
        self._states = HostStates(redis, source=self.name, bus=self._bus, status=status)
        self._rows = TallyRows(
            redis, status=status, rows=lambda: {broker.tally.file_id: broker.row() for broker in self._brokers}
        )
        if not self._options.celery:
            return
        urls = {without_options(url.get_secret_value()): url for url in self._options.celery}
        for position, (shown, url) in enumerate(urls.items()):
            self._brokers.append(
                WatchedBroker(
                    url,
                    family=HostFamily(
                        self._states,
                        shown=shown,
                        prefix=f"celery {shown}: ",
                        # Behind those that are asked for hopeit's configs and by HARP.
                        position=len(self._options.hosts) + len(self._options.harp) + position,
                        redaction_key=read_redaction_key(self._options.data_dir),
                    ),
                    tally=Tally(self.name, shown, redis=redis, bus=self._bus),
                    status=status,
                    turns_on=self._options.celery_events == "enable",
                )
            )
        status.add_source(self.name, lambda: SourceStatus(caught_up_s=now_s()))

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")

    async def on_shutdown(self, event: Shutdown) -> None:
        await asyncio.gather(*(asyncio.to_thread(broker.close) for broker in self._brokers))

    async def _begin(self, event: Ready) -> None:
        await self._states.begin(lambda name: any(broker.family.has(name) for broker in self._brokers))
        for broker in self._brokers:
            broker.listen()
            event.start(partial(self._ask, broker.ask), name=f"ask {broker.family.shown}")
            event.start(partial(self._count, broker.count), name=f"count {broker.family.shown}")
        if self._brokers:
            event.start(self._rows.run, name="rows")

    async def _count(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await step()
            await asyncio.sleep(COUNT_S)

    async def _ask(self, step: Callable[[], Awaitable[None]]) -> None:
        interval_s = self._options.poll_interval_s
        while True:
            await step()
            await asyncio.sleep(next_try_s(0, interval_s=interval_s, longest_s=interval_s, random=random.random))
