"""
DocumentSource: reads the documents of one kind that the settings name, again and again, and keeps what they declare.

A file is looked at every second or so and read when it is another one. A URL is asked with the ETag of its last answer;
one that fails is asked after 1, 2, 4 … s.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from redis.asyncio import Redis

from collector.core.document_answer import document_answer, read_lean
from collector.io.document import fetch_document, read_document_file
from collector.io.redaction_key import read_redaction_key
from collector.kernel.application import Application, Bind, Bound, Ready
from collector.kernel.bus import Bus
from collector.kernel.host_states import HostStates
from collector.kernel.status import SourceStatus, Status
from collector.lib.backoff import next_try_s
from collector.lib.clock import now_s
from collector.models.document import DocumentAddress
from collector.models.document_text import DocumentText
from collector.models.errors import HostProblem
from collector.models.options import Options

if TYPE_CHECKING:
    import httpx2

#: To look at a file costs next to nothing.
FILE_INTERVAL_S = 2.0
LONGEST_PAUSE_S = 300.0
MAX_AT_ONCE = 10


class DocumentSource(Application):
    """One loop a document. What `name` is called decides which settings and which documents are meant."""

    #: Documents come after hosts, and these after other kinds: what hosts declare is known better.
    first_position: ClassVar[int]

    async def on_bind(self, event: Bind) -> None:
        self._options: Options = event.options
        self._bus: Bus = event.bus
        self._documents: Sequence[DocumentAddress] = getattr(event.options, self.name)
        self._key = read_redaction_key(event.options.data_dir)
        #: Address → what tells that it is still the same; only what this process has read.
        self._stamps: dict[str, str] = {}
        self._asked: set[str] = set()
        self._at_once = asyncio.Semaphore(MAX_AT_ONCE)
        if any(document.is_url for document in self._documents):
            from collector.io.polite_get import open_client

            self._client: httpx2.AsyncClient = open_client()
            # Under the type of this application, for others have clients, too; closed when no loop asks any more.
            event.registry.register_value(type(self), self._client, on_registry_close=self._client.aclose)

    async def on_bound(self, event: Bound) -> None:
        status = await event.services.aget(Status)
        redis = await event.services.aget(Redis)
        self._states = HostStates(redis, source=self.name, bus=self._bus, status=status)
        self._began_s = now_s()
        status.add_source(self.name, self._source_status)

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")

    async def _begin(self, event: Ready) -> None:
        """What Redis remembers, then a loop for each document."""
        shown = {document.shown for document in self._documents}
        await self._states.begin(shown.__contains__)
        for position, document in enumerate(self._documents, start=self.first_position):
            event.start(partial(self._watch, document, position), name=document.shown)

    async def _watch(self, document: DocumentAddress, position: int) -> None:
        failures = 0
        while True:
            reason, lean = await self._read(document)
            await self._keep(document, position, reason=reason, lean=lean)
            failures = failures + 1 if reason else 0
            interval_s = self._options.poll_interval_s
            if not document.is_url:
                failures, interval_s = 0, min(FILE_INTERVAL_S, interval_s)
            longest_s = max(LONGEST_PAUSE_S, interval_s)
            await asyncio.sleep(next_try_s(failures, interval_s=interval_s, longest_s=longest_s, random=random.random))

    async def _read(self, document: DocumentAddress) -> tuple[str, dict[str, object] | None]:
        """Why it cannot be read, or what it says; neither when it says what it said."""
        stamp = self._stamps.get(document.shown, "")
        try:
            async with self._at_once:
                found = await self._text(document, stamp)
            if found is None:
                return "", None
            # In a thread: a large document takes a while, and log lines do not wait for it.
            lean = await asyncio.to_thread(
                read_lean, found.text, kind=self.name, app_key=document.app_key, key=self._key
            )
        except HostProblem as problem:
            self._stamps.pop(document.shown, None)
            return str(problem), None
        self._stamps[document.shown] = found.stamp
        return "", lean

    async def _text(self, document: DocumentAddress, stamp: str) -> DocumentText | None:
        if document.is_url:
            return await fetch_document(self._client, document, stamp=stamp)
        return await asyncio.to_thread(read_document_file, document, stamp=stamp)

    async def _keep(
        self, document: DocumentAddress, position: int, *, reason: str, lean: dict[str, object] | None
    ) -> None:
        before = self._states.last(document.shown)
        answer = document_answer(
            document, kind=self.name, position=position, before=before, at_s=now_s(), reason=reason, lean=lean
        )
        self._asked.add(document.shown)
        if not await self._states.keep(answer):
            # Not kept, so it is read and compared once more.
            self._stamps.pop(document.shown, None)

    def _source_status(self) -> SourceStatus:
        """Documents are never behind. Only the first look at each is waited for, by --once."""
        all_seen = len(self._asked) >= len(self._documents)
        return SourceStatus(caught_up_s=now_s() if all_seen else self._began_s)
