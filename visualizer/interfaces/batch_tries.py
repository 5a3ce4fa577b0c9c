"""
What happens to a batch that cannot be counted: it is tried five times, then put aside, and never stops the others for
longer than that. One that was damaged after it was sent is left out, once, as its lines stand in the file still: that
makes a gap, and they are read again. A batch of a newer Eventscope is not damaged: it waits for a rollup that can read
it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from django.db import DataError, IntegrityError, connection

from collector.models.errors import UnknownBatchVersion
from visualizer.core.incoming import Incoming, read_incoming
from visualizer.interfaces.history_writer import Counted, HistoryWriter
from visualizer.repo.batches import Message

log = logging.getLogger(__name__)
#: Batches read at once: as many as may wait in a shard when they are small.
MOST_BATCHES = 1024
#: A batch that cannot be read is tried so often before it is put aside.
MOST_TRIES = 5
#: Places that are remembered as damaged: far more than anybody has, and little memory.
MOST_TORN = 10_000


class BatchTries:
    """Reads and counts messages, and remembers which of them failed."""

    def __init__(self, history: HistoryWriter) -> None:
        self._history = history
        #: Message id → how often it could not be counted.
        self._tries: dict[bytes, int] = {}
        #: (file id, generation, start) → id of the first message from there that was damaged.
        self._torn: dict[tuple[str, int, int], bytes] = {}
        #: How many batches the next transaction may have: one, while the guilty one of several is looked for.
        self.limit = MOST_BATCHES

    def read(self, messages: Sequence[Message]) -> tuple[list[Incoming], str]:
        """The messages up to the first that stands in the way, and why it does."""
        incoming: list[Incoming] = []
        for message_id, fields in messages:
            try:
                message = read_incoming(message_id, fields)
            except UnknownBatchVersion as exc:
                return incoming, str(exc)
            if message.is_torn and self._comes_again(message):
                message = replace(message, envelope=None)
            elif message.error and self._try(message_id) < MOST_TRIES:
                return incoming, f"a batch cannot be read: {message.error}"
            incoming.append(message)
        return incoming, ""

    def count(self, incoming: Sequence[Incoming], *, now_s: float) -> Counted:
        """
        Add them to history.

        Raises:
            django.db.DatabaseError: nothing was added; read them again.
        """
        try:
            counted = self._history.count(incoming, now_s=now_s)
        except (DataError, IntegrityError, OverflowError) as exc:
            # SQL refuses something in a batch: find out in which, and put it aside when it stays so. Whatever else
            # goes wrong (a lock, a connection, space, a damaged file) is of no batch's making, and waited out.
            self.limit = 1
            if len(incoming) > 1 or self._try(incoming[0].message_id) < MOST_TRIES:
                raise DataError(str(exc)) from exc
            connection.close()
            self._history.forget()
            refused = replace(incoming[0], batch=None, error=f"{type(exc).__name__}: {exc}")
            counted = self._history.count([refused], now_s=now_s)
        self.limit = MOST_BATCHES
        for message in incoming:
            self._tries.pop(message.message_id, None)
        return counted

    def _comes_again(self, message: Incoming) -> bool:
        """Whether nothing from the place of a damaged message was damaged before."""
        log.warning("batch_damaged message=%s envelope=%s", message.message_id.decode(), message.envelope)
        if message.envelope is None:
            return True
        if len(self._torn) >= MOST_TORN:
            self._torn.clear()
        place = (message.envelope.file_id, message.envelope.generation, message.envelope.start)
        return self._torn.setdefault(place, message.message_id) == message.message_id

    def _try(self, message_id: bytes) -> int:
        self._tries[message_id] = self._tries.get(message_id, 0) + 1
        return self._tries[message_id]
