"""HarpProxySource: the source `harp_proxy`, two loops a proxy: how it is, and what it does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial

from redis.asyncio import Redis

from collector.applications.sources.harp_proxy.watched_proxy import WatchedProxy
from collector.core.harp_system import HarpApp
from collector.io.redaction_key import read_redaction_key
from collector.kernel.application import Application, Bind, Bound, Ready
from collector.kernel.bus import Bus
from collector.kernel.host_family import HostFamily
from collector.kernel.host_states import HostStates
from collector.kernel.status import SourceStatus, Status
from collector.kernel.tally import Tally
from collector.kernel.tally_rows import TallyRows
from collector.lib.backoff import next_try_s
from collector.lib.clock import now_s
from collector.lib.shown_url import without_userinfo
from collector.models.options import Options

#: Of the interval at which transactions are asked for: how it is, is asked for twice as often.
HEALTH_SHARE = 0.5
#: A proxy that stays away is asked this seldom, seconds.
LONGEST_PAUSE_S = 60.0


class HarpProxySource(Application):
    """What speaks HTTP is imported where there is a proxy: without one it would be a fifth of the memory."""

    name = "harp_proxy"
    needs = ("store",)

    async def on_bind(self, event: Bind) -> None:
        self._options: Options = event.options
        self._bus: Bus = event.bus
        self._proxies: list[WatchedProxy] = []

    async def on_bound(self, event: Bound) -> None:
        redis, status = await event.services.aget(Redis), await event.services.aget(Status)
        self._states = HostStates(redis, source=self.name, bus=self._bus, status=status)
        self._rows = TallyRows(
            redis, status=status, rows=lambda: {proxy.tally.file_id: proxy.row() for proxy in self._proxies}
        )
        if not self._options.harp:
            return
        from collector.io.polite_get import open_client

        client = open_client()
        # Closed with the registry, when no loop asks any more.
        event.services.registry.register_value(HarpProxySource, self, on_registry_close=client.aclose)
        for position, url in enumerate(dict.fromkeys(self._options.harp)):
            shown = without_userinfo(url)
            self._proxies.append(
                WatchedProxy(
                    url,
                    family=HostFamily(
                        self._states,
                        shown=shown,
                        prefix=f"{HarpApp(shown, '').name}: ",
                        position=len(self._options.hosts) + position,
                        redaction_key=read_redaction_key(self._options.data_dir),
                    ),
                    client=client,
                    tally=Tally(self.name, shown, redis=redis, bus=self._bus),
                    status=status,
                    from_end=self._options.read_from == "end",
                )
            )
        self._began_s = now_s()
        status.add_source(self.name, self._source_status)

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")

    async def _begin(self, event: Ready) -> None:
        await self._states.begin(lambda name: any(proxy.family.has(name) for proxy in self._proxies))
        interval_s = self._options.poll_interval_s
        for proxy in self._proxies:
            health = partial(self._repeat, proxy.ask_health, HEALTH_SHARE * interval_s)
            event.start(health, name=f"health {proxy.family.shown}")
            event.start(partial(self._repeat, proxy.count, interval_s), name=f"transactions {proxy.family.shown}")
        if self._proxies:
            event.start(self._rows.run, name="rows")

    async def _repeat(self, step: Callable[[], Awaitable[bool]], interval_s: float) -> None:
        failures = 0
        while True:
            failures = 0 if await step() else failures + 1
            await asyncio.sleep(
                next_try_s(
                    failures,
                    interval_s=interval_s,
                    longest_s=max(LONGEST_PAUSE_S, interval_s),
                    random=random.random,
                    first_s=interval_s,
                )
            )

    def _source_status(self) -> SourceStatus:
        """Proxies are never behind: one that cannot be asked says so itself. --once waits for the first round."""
        is_asked = all(proxy.is_asked for proxy in self._proxies)
        return SourceStatus(caught_up_s=now_s() if is_asked else self._began_s)
