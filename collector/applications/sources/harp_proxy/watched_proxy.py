"""WatchedProxy: one HARP proxy: what it answers, how far it is counted, and what is wrong with it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from collector.core.harp_reading import HarpReading, open_ones
from collector.core.harp_system import HarpApp, harp_config, pools, remote_states
from collector.core.harp_transactions import MESSAGE_BYTES, count_transactions, has_begun_anew
from collector.core.labels import clean_label
from collector.kernel.host_family import HostFamily
from collector.kernel.status import Status
from collector.kernel.tally import Tally
from collector.lib.clock import now_s
from collector.models.activity import ActivityKey
from collector.models.errors import HostProblem, StoreUnavailable
from collector.models.file_record import FileRecord
from collector.models.file_status import QUIET, READING, UNREADABLE, FileStatus
from collector.models.host import ALIVE, HostPoll

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger(__name__)
#: A proxy through which something came lately is one that is read.
LATELY_S = 30.0


class WatchedProxy:
    """`ask_health` and `count` are called again and again, each by a loop of its own."""

    def __init__(
        self,
        url: str,
        *,
        family: HostFamily,
        client: httpx2.AsyncClient,
        tally: Tally,
        status: Status,
        from_end: bool,
    ) -> None:
        """
        Args:
            url: of its dashboard; it may hold a name and a password.
            from_end: leave alone what was there before the first look.
        """
        #: The proxy and its remotes.
        self.family = family
        self.tally = tally
        #: Whether it was asked for transactions at least once.
        self.is_asked = False
        self._url, self._client = url, client
        self._status, self._from_end = status, from_end
        self._key = f"harp_proxy:{family.shown}"
        self._asking = asyncio.Lock()
        self._app: HarpApp | None = None
        self._pools: dict[str, list[ActivityKey]] = {}
        self._open: list[str] = []
        #: Why it cannot be asked, and why it is not counted, in words.
        self._away = self._complaint = ""
        self._missing = 0
        #: Unix times: when something was counted last, and of what was counted last.
        self._counted_s = self._newest_s = 0.0

    async def ask_health(self) -> bool:
        """What it is now, and how its remotes are; False when it cannot be asked."""
        async with self._asking:
            return await self._ask_health()

    async def _ask_health(self) -> bool:
        from collector.io.harp_dashboard import ask_proxy

        began_s = now_s()
        try:
            system, proxy = await ask_proxy(self._client, self._url)
        except HostProblem as problem:
            self._away = str(problem)
            await self.family.keep_asked(HostPoll(reason=self._away))
            await self.family.keep_unknown("the proxy in front of it cannot be asked")
            return False
        self._app = app = HarpApp(self.family.shown, clean_label(system.version.encode()))
        self._pools = pools(proxy, app)
        config, latency_ms = harp_config(proxy, app), (now_s() - began_s) * 1000
        poll = HostPoll(api_version=app.version, latency_ms=latency_ms, standard=config, expanded=config)
        await self.family.keep_asked(poll)
        remotes = remote_states(proxy, app)
        for name, (status, reason) in remotes.items():
            await self._keep_remote(name, status, reason)
        await self.family.forget_others(remotes)
        return True

    async def count(self) -> bool:
        """Count what went through since the last time; False when it cannot be asked."""
        try:
            record = self.tally.record or await self.tally.find()
            async with self._asking:
                # The other loop may just have asked.
                if self._app is None and not await self._ask_health():
                    raise HostProblem(self._away)
            await self._count(record)
        except (HostProblem, StoreUnavailable) as problem:
            self._complaint = str(problem)
            self._status.tell(self._key, f"HARP {self.family.shown} is not counted: {problem}")
            return False
        finally:
            self.is_asked = True
        self._complaint = ""
        self._status.clear_problem(self._key)
        return True

    async def _count(self, record: FileRecord | None) -> None:
        from collector.io.harp_dashboard import ask_transaction, ask_transactions

        asked_s = now_s()
        named = [await ask_transaction(self._client, self._url, each) for each in self._open]
        reading = HarpReading(record, self._from_end, [each for each in named if each is not None])
        pages = await ask_transactions(self._client, self._url, enough=reading.is_enough)
        numbered, end = reading.numbered(pages), reading.end(pages)
        self._open = open_ones([*(each for page in pages for each in page.items), *reading.named])
        if record is None:
            before = end if self._from_end else min(numbered, default=1) - 1
            record = await self.tally.open(at=min(before, end) * MESSAGE_BYTES)
        last = record.offset // MESSAGE_BYTES
        if has_begun_anew(numbered, last=last, tail_hash=record.tail_hash):
            log.info("HARP %s numbers its messages anew", self.family.shown)
            last = min(numbered) - 1
            await self.tally.begin_anew(at=last * MESSAGE_BYTES)
        if end <= last or self._app is None:
            return
        counts = count_transactions(numbered, after=last, end=end, app=self._app, pools=self._pools, received_s=asked_s)
        if await self.tally.ship(counts.batch, end=end * MESSAGE_BYTES, tail_hash=counts.tail_hash):
            self._counted_s, self._newest_s = now_s(), float(counts.batch.counts.newest_second or asked_s)
            self._missing += counts.missing

    def row(self) -> FileStatus:
        """How it is, for the page about sources."""
        record = self.tally.record
        offset = record.offset // MESSAGE_BYTES if record else 0
        state = UNREADABLE if self._complaint else READING if now_s() - self._counted_s < LATELY_S else QUIET
        note = f"{self._missing} messages were gone from HARP before they were counted" if self._missing else ""
        return FileStatus(
            path=self.family.shown,
            kind="harp",
            state=state,
            reason=self._complaint or note,
            file_id=self.tally.file_id,
            generation=record.generation if record else 0,
            size_bytes=offset,
            offset=offset,
            format="harp",
            confidence=1.0,
            last_line_s=self._newest_s,
        )

    async def _keep_remote(self, name: str, status: str, reason: str) -> None:
        version = self._app.version if status == ALIVE and self._app else None
        await self.family.keep_behind(name, status, reason, version=version)
