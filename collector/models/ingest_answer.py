"""What the store says to a batch: Answer, with the record that decides where reading goes on."""

from __future__ import annotations

from enum import Enum

import msgspec

from collector.models.file_record import FileRecord


class Answer(Enum):
    """One word of the ingest script, or of the store before it is asked."""

    #: The batch waits for a rollup, the record stands at its end.
    OK = "OK"
    #: Generation, epoch or offset are not the record's: go on from the record.
    SEEK = "SEEK"
    #: Too much waits already: the file waits, too.
    BUSY = "BUSY"
    #: No rollup has restored the records yet: Redis is not believed.
    WAIT = "WAIT"
    #: The payload is over the limit: read less at once.
    TOO_LARGE = "TOO_LARGE"


class IngestAnswer(msgspec.Struct, frozen=True):
    """An answer and the record behind it."""

    #: The word.
    answer: Answer
    #: The record as it stands now; None when Redis has none, or was not asked.
    record: FileRecord | None = None
