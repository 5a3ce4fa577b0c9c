"""
The file records in Redis, seen from SQL: restored where they are missing, moved where they disagree with what is
counted. Each change is one compare-and-set, so that a collector's step in between is never undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.batch import BatchEnvelope
from collector.models.file_record import FileRecord, record_from_fields, record_to_fields
from visualizer.repo.quarantine import put_record_aside

#: Records asked for in one round trip.
_AT_ONCE = 500

_REWIND = """
local now = redis.call('HMGET', KEYS[1], 'generation', 'epoch')
if now[1] ~= ARGV[1] or now[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'offset', ARGV[3], 'tail_hash', ARGV[4], 'ended', 0)
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('INCR', KEYS[2])
return 1
"""

# ARGV: what the record is believed to be ('' where there is none), then its id and its new fields. A record that is
# there and was not seen is missing in the index.
_REPLACE = """
local now = redis.call('HMGET', KEYS[1], 'generation', 'epoch', 'offset')
for field = 1, 3 do
    if (now[field] or '') ~= ARGV[field] then
        if now[field] and ARGV[field] == '' then redis.call('SADD', KEYS[2], ARGV[4]) end
        return 0
    end
end
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('SADD', KEYS[2], ARGV[4])
redis.call('INCR', KEYS[3])
return 1
"""

_REMOVE_ENDED = """
local now = redis.call('HMGET', KEYS[1], 'generation', 'offset', 'ended')
if now[1] ~= ARGV[2] or now[2] ~= ARGV[3] or now[3] ~= '1' then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])
return 1
"""

# A generation raised since it was read stays for the next time.
_NOTED = """
if redis.call('HGET', KEYS[1], 'generation') == ARGV[2] then redis.call('SREM', KEYS[2], ARGV[1]) end
"""

_TAKE_LOST = """
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
"""


class FileRecords:
    """The records of one shard."""

    def __init__(self, client: redis.Redis, shard: int) -> None:
        self._client: Any = client
        self._shard = shard
        self._index = redis_keys.file_index(shard)
        self._new_files = redis_keys.new_files(shard)
        self._lost = redis_keys.lost(shard)
        self._moves = redis_keys.moves(shard)
        self._rewind = self._client.register_script(_REWIND)
        self._replace = self._client.register_script(_REPLACE)
        self._remove_ended = self._client.register_script(_REMOVE_ENDED)
        self._noted = self._client.register_script(_NOTED)
        self._take_lost = self._client.register_script(_TAKE_LOST)

    def read_all(self) -> dict[str, FileRecord]:
        """Every record there is; a damaged one is deleted or put aside, as SQL knows it better."""
        return self._read(sorted(self._client.smembers(self._index)))

    def read_new(self) -> dict[str, FileRecord]:
        """The records SQL may not know."""
        file_ids = self._client.smembers(self._new_files)
        return self._read(sorted(file_ids)) if file_ids else {}

    def note(self, records: Iterable[FileRecord]) -> None:
        """Say that SQL knows these now."""
        for record in records:
            self._noted(keys=[self._key(record.file_id), self._new_files], args=[record.file_id, record.generation])

    def rewind(self, envelope: BatchEnvelope, *, high_water: int, tail_hash: str) -> bool:
        """
        Send the collector back to the mark, if the record still has the batch's epoch: of all batches that were on
        their way when a gap was found, the first rewinds and the others find a newer epoch.
        """
        seen: list[str | int] = [envelope.generation, envelope.epoch]
        keys = [self._key(envelope.file_id), self._moves]
        return bool(self._rewind(keys=keys, args=[*seen, high_water, tail_hash]))

    def replace(self, seen: FileRecord | None, record: FileRecord) -> bool:
        """Put a record in the place of the one that was seen (None: of nothing), if that is still what stands there."""
        believed: list[str | int] = ["", "", ""] if seen is None else [seen.generation, seen.epoch, seen.offset]
        fields = [part for field in record_to_fields(record).items() for part in field]
        keys = [self._key(record.file_id), self._index, self._moves]
        return bool(self._replace(keys=keys, args=[*believed, record.file_id, *fields]))

    def remove_ended(self, record: FileRecord) -> bool:
        """Forget a file that is gone and read to its end, if its record is still that."""
        args: list[str | int] = [record.file_id, record.generation, record.offset]
        return bool(self._remove_ended(keys=[self._key(record.file_id), self._index], args=args))

    def read_lost(self) -> dict[tuple[str, int, str], int]:
        """(file id, generation, reason) → bytes that were gone before they could be read."""
        return {name: size for name, size in map(_lost, self._client.hgetall(self._lost).items()) if name[0]}

    def take_lost(self, lost: Mapping[tuple[str, int, str], int]) -> None:
        """Say that SQL knows these now."""
        for (file_id, generation, reason), size_bytes in lost.items():
            self._take_lost(keys=[self._lost], args=[f"{file_id}:{generation}:{reason}", size_bytes])

    def _read(self, file_ids: Sequence[bytes]) -> dict[str, FileRecord]:
        found: dict[str, FileRecord] = {}
        for at in range(0, len(file_ids), _AT_ONCE):
            keys = [self._key(file_id.decode("utf-8", "replace")) for file_id in file_ids[at : at + _AT_ONCE]]
            pipe = self._client.pipeline(transaction=False)
            for key in keys:
                pipe.hgetall(key)
            for key, fields in zip(keys, pipe.execute(raise_on_error=False), strict=True):
                if isinstance(fields, redis.ResponseError) and str(fields).startswith("WRONGTYPE"):
                    put_record_aside(self._client, key)
                    continue
                if isinstance(fields, redis.RedisError):
                    raise fields
                try:
                    record = record_from_fields(fields)
                except msgspec.ValidationError:
                    self._client.delete(key)
                    continue
                if record is not None:
                    found[record.file_id] = record
        return found

    def _key(self, file_id: str) -> str:
        return redis_keys.file_record(self._shard, file_id)


def _lost(item: tuple[bytes, bytes]) -> tuple[tuple[str, int, str], int]:
    file_id, _, rest = item[0].decode("utf-8", "replace").partition(":")
    generation, _, reason = rest.partition(":")
    if not (generation.isdigit() and reason and item[1].isdigit()):
        return ("", 0, ""), 0
    return (file_id[:32], int(generation), reason[:24]), int(item[1])
