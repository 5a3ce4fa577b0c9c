"""
Settling: finds out who a file is and from where it is read: a known one, a new one, a copy, or one that was rewritten.
Runs in one task, one file after the other, so that its answers do not race each other. docs/delivery.md, items 1 and 9.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from collector.applications.sources.log_files.copies import Copies
from collector.applications.sources.log_files.followed_file import COPY, NO_LINE, STRANGE_RECORD, TOO_OLD, FollowedFile
from collector.applications.sources.log_files.identity import Identity
from collector.applications.sources.log_files.new_files import NewFiles, known
from collector.io.log_file import describes, last_line_start, read_head, read_tail_hash
from collector.io.open_files import OpenFiles
from collector.kernel.bus import Bus
from collector.kernel.events import SourceEnded, SourceTruncated
from collector.models.file_record import FileRecord
from collector.models.ingest_answer import Answer
from collector.repo.file_records import FileRecords

#: A copy that has not grown for this long is finished.
COPY_FINISHED_S = 5.0
log = logging.getLogger(__name__)


class Settling:
    """One per process."""

    def __init__(
        self,
        *,
        identity: Identity,
        records: FileRecords,
        open_files: OpenFiles,
        copies: Copies,
        bus: Bus,
        look: Callable[[], object],
        settled: Callable[[FollowedFile], None],
    ) -> None:
        """
        Args:
            settled: told of every file that has got its record.
            look: looks at the folders again, so that a copy made just before a truncation is known.
        """
        self._identity = identity
        self._records = records
        self._open_files = open_files
        self._copies = copies
        self._bus = bus
        self._look = look
        self._settled = settled
        self._new_files = NewFiles(
            identity=identity, records=records, open_files=open_files, copies=copies, settle=self._settle
        )

    async def settle_new(self, files: Sequence[FollowedFile]) -> None:
        """
        Give records to those of the files that are new and like no other.

        Raises:
            StoreUnavailable: also while no rollup has made Redis ready.
        """
        await self._new_files.make(files)

    async def settle(self, file: FollowedFile, *, only_known: bool = False) -> None:
        """
        Give the file its record, or a reason to rest; when it gets neither, try again.

        Args:
            only_known: leave a file that has no record yet. At the start all that have one come first, so that
                a renamed file is not taken for the missing original of a copy.

        Raises:
            StoreUnavailable: also while no rollup has made Redis ready.
            OSError: the file cannot be read.
        """
        descriptor = self._open_files.get(file.key, file.path)
        if file.former is not None and not file.former_told:
            await self._leave(file, file.former)
        head = read_head(descriptor)
        if head is None:
            file.resting = NO_LINE
            return
        blank, stored = await self._identity.find_record(file, head)
        shard = self._identity.shard(blank)
        if stored is None:
            if not only_known:
                await self._first_seen(file, descriptor, blank)
        elif _is_same_generation(file.former, stored):
            known(await self._records.raise_generation(shard, stored, path=file.shown_path))
            file.former = None
        elif describes(stored, descriptor):
            # The inode of a file that was replaced may come back with a copy of what replaced it.
            further = await self._copies.origin_of(file, descriptor, blank, beyond=stored.offset)
            if further is not None:
                await self._hand_over(further, file, blank, stored)
            elif stored.ended and file.gone_since is not None:
                # What replaced it goes on with what it had.
                self._forget(file)
            elif stored.ended:
                known(await self._records.set_ended(shard, stored, ended=False))
            else:
                self._settle(file, replace(stored, path=file.shown_path))
        else:
            self._misdescribed(file, descriptor, stored)

    async def end(self, file: FollowedFile, record: FileRecord) -> None:
        """The file is gone and read as far as it could be; its record takes no more."""
        lost_bytes = file.waiting_bytes
        if lost_bytes:
            await self._records.add_lost(file.shard, record, reason="deleted", size_bytes=lost_bytes)
        known(await self._records.set_ended(file.shard, record, ended=True))
        self._copies.remember(record)
        await self._bus.publish(
            SourceEnded(
                file_id=record.file_id, generation=record.generation, path=file.shown_path, lost_bytes=lost_bytes
            )
        )

    async def _first_seen(self, file: FollowedFile, descriptor: int, blank: FileRecord) -> None:
        believed = file.believed
        if believed is not None and believed.file_id == blank.file_id:
            # Redis has lost it and SQL never knew it: from the start of what this source is.
            start, generation = believed.first_offset, believed.generation
        elif file.was_read:
            start, generation = last_line_start(descriptor), 0
        else:
            if self._copies.is_unclear(file, blank):
                file.resting = COPY
                return
            original = self._copies.original_of(file, descriptor, blank)
            if original is not None and self._rests_as_copy(file, descriptor, original):
                return
            origin = await self._copies.origin_of(file, descriptor, blank)
            if origin is not None:
                await self._hand_over(origin, file, blank)
                return
            if self._identity.is_too_old(file):
                file.resting = TOO_OLD
                return
            from_end = original is not None or self._identity.begins_at_end(file)
            start, generation = (last_line_start(descriptor) if from_end else 0), 0
        record = replace(
            blank,
            generation=generation,
            offset=start,
            first_offset=start,
            tail_hash=read_tail_hash(descriptor, start),
        )
        made = known(await self._records.make(self._identity.shard(record), record))
        self._identity.notice(record)
        if made.answer is Answer.OK:
            self._settle(file, record)

    def _rests_as_copy(self, file: FollowedFile, descriptor: int, original: FileRecord) -> bool:
        """A copy of a file that is read itself. Once it is finished and all of it was read there, it counts as read."""
        if file.gone_since is not None:
            self._forget(file)
            return True
        size_bytes = os.fstat(descriptor).st_size
        if file.copy_bytes != size_bytes:
            file.copy_bytes, file.copy_since = size_bytes, time.monotonic()
        if time.monotonic() - file.copy_since > COPY_FINISHED_S and original.offset >= last_line_start(descriptor):
            return False
        file.resting = COPY
        return True

    def _forget(self, file: FollowedFile) -> None:
        self._open_files.close(file.key)
        self._copies.table.drop(file)

    async def _leave(self, file: FollowedFile, former: FileRecord) -> None:
        """A content is gone from this file: perhaps a copy has it, else what was unread is lost."""
        self._look()
        kept_bytes = former.offset
        for copy in self._copies.of(file, former):
            descriptor = self._open_files.get(copy.key, copy.path)
            head = read_head(descriptor)
            if head is not None:
                blank, stored = await self._identity.find_record(copy, head)
                if stored is None:
                    await self._hand_over(former, copy, blank)
                kept_bytes = max(kept_bytes, os.fstat(descriptor).st_size)
        for copy in self._copies.shorter(file, former):
            copy.was_read, copy.resting = True, ""
        lost_bytes = max(0, file.former_bytes - kept_bytes)
        if lost_bytes:
            await self._records.add_lost(
                self._identity.shard(former), former, reason="truncated", size_bytes=lost_bytes
            )
        file.former_told = True
        self._copies.table.leaving.discard(file)
        self._copies.remember(former)
        log.info("%s was truncated or rewritten, %d bytes were not read before", file.shown_path, lost_bytes)
        await self._bus.publish(
            SourceTruncated(
                file_id=former.file_id, generation=former.generation, path=file.shown_path, lost_bytes=lost_bytes
            )
        )

    async def _hand_over(
        self, former: FileRecord, copy: FollowedFile, blank: FileRecord, stored: FileRecord | None = None
    ) -> None:
        """
        The copy is read on from where its original was.

        The original is closed first: whoever still has a batch of it in hand is told to SEEK. Dying between the two
        steps is mended by Copies.origin_of, which finds the closed record again.
        """
        closed = known(await self._records.set_ended(self._identity.shard(former), former, ended=True))
        if closed.answer is not Answer.OK:
            return
        offset, tail_hash, shard = former.offset, former.tail_hash, self._identity.shard(blank)
        if stored is None:
            record = replace(blank, offset=offset, first_offset=offset, tail_hash=tail_hash)
            made = await self._records.make(shard, record)
        else:
            path = copy.shown_path
            made = await self._records.raise_generation(shard, stored, path=path, offset=offset, tail_hash=tail_hash)
        self._identity.notice(blank)
        if known(made).answer is Answer.OK and made.record is not None:
            log.info("%s goes on where %s was", copy.shown_path, former.path)
            self._settle(copy, made.record)

    def _settle(self, file: FollowedFile, record: FileRecord) -> None:
        file.settle(record, self._identity.shard(record))
        self._copies.settled(file, record)
        self._settled(file)

    def _misdescribed(self, file: FollowedFile, descriptor: int, stored: FileRecord) -> None:
        believed = file.believed
        if _is_same_generation(believed, stored) and believed is not None and describes(believed, descriptor):
            # The file is whole, so it is the record that cannot be true; the rollup's reconciliation mends it.
            log.warning("the record of %s in Redis is not of this file; waiting until it is mended", file.shown_path)
            file.resting = STRANGE_RECORD
            return
        size_bytes = os.fstat(descriptor).st_size
        # How long the old content was is not known: nothing can be said to be lost.
        self._copies.table.leave(file, stored, former_bytes=stored.offset, size_bytes=size_bytes)


def _is_same_generation(one: FileRecord | None, other: FileRecord) -> bool:
    return one is not None and (one.file_id, one.generation) == (other.file_id, other.generation)
