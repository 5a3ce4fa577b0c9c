"""
config_manager: polls the config endpoint of every configured host and keeps what it declares.

What speaks HTTP is imported where there is a host: without one it would be a fifth of the collector's memory.
"""

from __future__ import annotations

import asyncio
import logging
import random
from functools import partial
from typing import TYPE_CHECKING

from redis.asyncio import Redis

from collector.core.api_version import api_version, versions_to_try
from collector.core.host_answer import make_host_answer, repeat_host_answer
from collector.io.redaction_key import read_redaction_key
from collector.kernel.application import Application, Bind, Bound, Ready
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed
from collector.kernel.host_states import HostStates
from collector.kernel.status import SourceStatus, Status
from collector.lib.backoff import next_try_s
from collector.lib.clock import now_s
from collector.lib.shown_url import without_userinfo
from collector.models.errors import StoreUnavailable
from collector.models.host import HostPoll
from collector.models.options import Options
from collector.repo.host_answers import HostAnswers

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger(__name__)
ENGINE = "hopeit.engine"
#: A host that was just seen down is asked after 1, 2, 4 … s; one that stays down, every 5 min.
LONGEST_PAUSE_S = 300.0
#: Connections at a time; with thousands of hosts the rest waits its turn, which does not count as the host's time.
MAX_AT_ONCE = 100


class ConfigManager(Application):
    """One loop a host, so that a slow one keeps nobody waiting."""

    name = "config_manager"

    async def on_bind(self, event: Bind) -> None:
        self._options: Options = event.options
        self._bus: Bus = event.bus
        #: Engine versions seen in log lines, newest first.
        self._seen: list[str] = []
        #: Hash of the bytes that each host's state was made of.
        self._raw_hashes: dict[str, bytes] = {}
        self._asked: set[str] = set()
        self._at_once = asyncio.Semaphore(MAX_AT_ONCE)
        if event.options.hosts:
            self._open_client(event)
        self._key = read_redaction_key(event.options.data_dir)
        event.bus.listen(BatchesParsed, self._on_batches_parsed)

    async def on_bound(self, event: Bound) -> None:
        redis = await event.services.aget(Redis)
        self._repo = HostAnswers(redis, source=self.name)
        self._status: Status = await event.services.aget(Status)
        self._states = HostStates(redis, source=self.name, bus=self._bus, status=self._status)
        self._began_s = now_s()
        self._status.add_source(self.name, self._source_status)

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")

    async def _begin(self, event: Ready) -> None:
        """What Redis remembers, then a loop for each host."""
        hosts = {without_userinfo(url): url for url in self._options.hosts}
        await self._states.begin(hosts.__contains__)
        self._saw_version((await self._repo.read_engine_versions()).get(ENGINE, ""))
        for position, (shown, url) in enumerate(hosts.items()):
            event.start(partial(self._watch, shown, url, position), name=shown)

    async def _watch(self, shown: str, url: str, position: int) -> None:
        failures = 0
        while True:
            poll = await self._poll(shown, url)
            await self._take(poll, url=shown, position=position)
            failures = failures + 1 if poll.reason else 0
            await asyncio.sleep(
                next_try_s(
                    failures,
                    interval_s=self._options.poll_interval_s,
                    longest_s=max(LONGEST_PAUSE_S, self._options.poll_interval_s),
                    random=random.random,
                )
            )

    def _open_client(self, event: Bind) -> None:
        from collector.io.polite_get import open_client

        self._client: httpx2.AsyncClient = open_client()
        # Closed with the registry, when no loop asks any more.
        event.registry.register_value(type(self._client), self._client, on_registry_close=self._client.aclose)

    async def _poll(self, shown: str, url: str) -> HostPoll:
        before = self._states.last(shown)
        versions = versions_to_try(
            configured=self._options.hopeit_version,
            remembered=before.api_version if before else "",
            seen=self._seen,
        )
        from collector.io.config_host import poll_host

        async with self._at_once:
            return await poll_host(self._client, url, versions=versions)

    async def _take(self, poll: HostPoll, *, url: str, position: int) -> None:
        before, at_s = self._states.last(url), now_s()
        if before is not None and poll.raw_hash and poll.raw_hash == self._raw_hashes.get(url):
            answer = repeat_host_answer(poll, before=before, position=position, at_s=at_s)
        else:
            # In a thread: a large config takes some 100 ms to redact, and log lines do not wait for it.
            make = partial(make_host_answer, poll, before=before, url=url, position=position, at_s=at_s, key=self._key)
            answer = await asyncio.to_thread(make)
        self._asked.add(url)
        if await self._states.keep(answer) and poll.raw_hash:
            self._raw_hashes[url] = poll.raw_hash

    async def _on_batches_parsed(self, event: BatchesParsed) -> None:
        for version in sorted({part.engine_versions.get(ENGINE, "") for part in event.parts}):
            if version and self._seen[:1] != [version] and self._saw_version(version):
                try:
                    await self._repo.keep_engine_version(ENGINE, version)
                except StoreUnavailable:
                    log.warning("engine version %s is not remembered: Redis does not answer", version)

    def _saw_version(self, version: str) -> bool:
        """Remember it, newest first; False for what is no version."""
        if not api_version(version):
            return False
        self._seen = [version, *(known for known in self._seen if known != version)][:8]
        return True

    def _source_status(self) -> SourceStatus:
        """Hosts are never behind: a slow one says so itself. Only the first round is waited for, by --once."""
        first_round_done = len(self._asked) >= len(set(map(without_userinfo, self._options.hosts)))
        return SourceStatus(caught_up_s=now_s() if first_round_done else self._began_s)
