"""
The records of files in Redis: made, raised, ended by compare-and-set, so that of two collectors one wins each step and
the other goes on from its record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.errors import RecordDamaged
from collector.models.file_record import FileRecord, record_from_fields, record_to_fields
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.repo.script import Script, pairs, store_errors

#: Records compared in one script call: Redis stops for well under a millisecond.
COMPARED_AT_ONCE = 500

_FIELDS = FileRecord.__struct_fields__

# KEYS: ready, files, new-files, then the records. ARGV: the fields of each, `file_id` first. A record that is there is
# kept as it is. `new-files` tells the rollup, in the same step.
_MAKE = Script(
    f"""
    if redis.call('EXISTS', KEYS[1]) == 0 then return 'WAIT' end
    local answers = {{}}
    for place = 4, #KEYS do
        local at = (place - 4) * {len(_FIELDS)}
        if redis.call('EXISTS', KEYS[place]) == 1 then
            answers[#answers + 1] = redis.call('HGETALL', KEYS[place])
        else
            redis.call('HSET', KEYS[place],
                {", ".join(f"'{name}', ARGV[at + {place + 1}]" for place, name in enumerate(_FIELDS))})
            redis.call('SADD', KEYS[2], ARGV[at + 1])
            redis.call('SADD', KEYS[3], ARGV[at + 1])
            answers[#answers + 1] = 'OK'
        end
    end
    return answers
    """
)

_RAISE = Script(
    """
    local ready, record, files, new_files, id = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
    if redis.call('EXISTS', ready) == 0 then return {'WAIT', {}} end
    if redis.call('HGET', record, 'generation') ~= ARGV[2] then return {'SEEK', redis.call('HGETALL', record)} end
    redis.call('HINCRBY', record, 'generation', 1)
    redis.call('HSET', record, 'ended', 0, 'path', ARGV[3], 'offset', ARGV[4], 'first_offset', ARGV[4],
        'tail_hash', ARGV[5])
    redis.call('SADD', files, id)
    redis.call('SADD', new_files, id)
    return {'OK', redis.call('HGETALL', record)}
    """
)

_SET_ENDED = Script(
    """
    local ready, record = KEYS[1], KEYS[2]
    if redis.call('EXISTS', ready) == 0 then return {'WAIT', {}} end
    local now = redis.call('HMGET', record, 'generation', 'epoch', 'offset')
    if now[1] ~= ARGV[1] or now[2] ~= ARGV[2] or now[3] ~= ARGV[3] then
        return {'SEEK', redis.call('HGETALL', record)}
    end
    redis.call('HSET', record, 'ended', ARGV[4])
    return {'OK', redis.call('HGETALL', record)}
    """
)

# KEYS[2…] are records, ARGV what they are believed to be; answers the place and content of those that are not.
_MOVED = Script(
    """
    if redis.call('EXISTS', KEYS[1]) == 0 then return {'WAIT', {}} end
    local moved = {}
    for place = 2, #KEYS do
        local now = redis.call('HMGET', KEYS[place], 'generation', 'epoch', 'offset')
        local known = (now[1] or '') .. ':' .. (now[2] or '') .. ':' .. (now[3] or '')
        if known ~= ARGV[place - 1] then
            moved[#moved + 1] = {place - 2, redis.call('HGETALL', KEYS[place])}
        end
    end
    return {'OK', moved}
    """
)


class FileRecords:
    """The records of all shards."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def read(self, shard: int, file_ids: Sequence[str]) -> list[FileRecord | None]:
        """The records of these files; None where there is none."""
        with store_errors():
            async with self._redis.pipeline(transaction=False) as pipe:
                for file_id in file_ids:
                    pipe.hgetall(redis_keys.file_record(shard, file_id))
                answers = await pipe.execute()
        return [parse_record(answer) for answer in answers]

    async def read_all(self, shards: int) -> list[FileRecord]:
        """Every record there is; for the start, not for every tick."""
        found: list[FileRecord] = []
        for shard in range(shards):
            with store_errors():
                client: Any = self._redis
                file_ids = sorted(each.decode() for each in await client.smembers(redis_keys.file_index(shard)))
            for begin in range(0, len(file_ids), COMPARED_AT_ONCE):
                batch = await self.read(shard, file_ids[begin : begin + COMPARED_AT_ONCE])
                found += [record for record in batch if record is not None]
        return found

    async def make(self, shard: int, record: FileRecord) -> IngestAnswer:
        """Keep a new record: OK, or SEEK with the one that is there already, or WAIT."""
        (answer,) = await self.make_all(shard, [record])
        return answer

    async def make_all(self, shard: int, records: Sequence[FileRecord]) -> list[IngestAnswer]:
        """Keep new records of one shard; the answers as of `make`."""
        keys = [redis_keys.ready(shard), redis_keys.file_index(shard), redis_keys.new_files(shard)]
        values = [value for record in records for value in record_to_fields(record).values()]
        words = await _MAKE.run(
            self._redis, keys=[*keys, *(redis_keys.file_record(shard, each.file_id) for each in records)], args=values
        )
        if words == b"WAIT":
            return [IngestAnswer(Answer.WAIT)] * len(records)
        return [
            IngestAnswer(Answer.OK, record) if word == b"OK" else IngestAnswer(Answer.SEEK, parse_record(word))
            for record, word in zip(records, words, strict=True)
        ]

    async def raise_generation(
        self, shard: int, record: FileRecord, *, path: str, offset: int = 0, tail_hash: str = ""
    ) -> IngestAnswer:
        """Begin the next generation at an offset, if the generation is still the one given; else SEEK, or WAIT."""
        args: list[str | int] = [record.file_id, record.generation, path, offset, tail_hash]
        return await self._run(_RAISE, _index_keys(shard, record.file_id), args)

    async def set_ended(self, shard: int, record: FileRecord, *, ended: bool) -> IngestAnswer:
        """Close the record to further batches, or open it again, if it stands where the one given does; else SEEK."""
        keys = [redis_keys.ready(shard), redis_keys.file_record(shard, record.file_id)]
        return await self._run(_SET_ENDED, keys, [record.generation, record.epoch, record.offset, int(ended)])

    async def marks(self, shards: int) -> list[bytes | None]:
        """Texts that change whenever a rollup has restored, rewound or raised a record of these shards."""
        with store_errors():
            async with self._redis.pipeline(transaction=False) as pipe:
                for shard in range(shards):
                    pipe.mget(redis_keys.ready(shard), redis_keys.moves(shard))
                return [mark for marks in await pipe.execute() for mark in marks]

    async def moved(self, shard: int, records: Sequence[FileRecord]) -> dict[str, FileRecord | None]:
        """
        Which of these records of one shard stand elsewhere now.

        Returns:
            File id → the record now, None when it is gone. Empty as long as Redis is not to be believed.
        """
        changed: dict[str, FileRecord | None] = {}
        for begin in range(0, len(records), COMPARED_AT_ONCE):
            part = records[begin : begin + COMPARED_AT_ONCE]
            keys = [redis_keys.ready(shard), *(redis_keys.file_record(shard, record.file_id) for record in part)]
            known = [f"{record.generation}:{record.epoch}:{record.offset}" for record in part]
            _, moved = await _MOVED.run(self._redis, keys=keys, args=known)
            for place, flat in moved:
                # One that is damaged is mended by the rollup; until then its file waits for an answer.
                with suppress(RecordDamaged):
                    changed[part[place].file_id] = parse_record(flat)
        return changed

    async def add_lost(self, shard: int, record: FileRecord, *, reason: str, size_bytes: int) -> None:
        """Say once that bytes of this source were gone before they could be read."""
        client: Any = self._redis
        with store_errors():
            name = f"{record.file_id}:{record.generation}:{reason}"
            await client.hsetnx(redis_keys.lost(shard), name, size_bytes)

    async def _run(self, script: Script, keys: Sequence[str], args: Sequence[str | int]) -> IngestAnswer:
        word, flat = await script.run(self._redis, keys=keys, args=args)
        return IngestAnswer(Answer(word.decode()), parse_record(flat))


def parse_record(reply: Mapping[bytes, bytes] | Sequence[bytes]) -> FileRecord | None:
    """
    The record of a hash that Redis returned, as a map or flat.

    Raises:
        RecordDamaged: the rollup's reconciliation mends it.
    """
    try:
        return record_from_fields(reply if isinstance(reply, Mapping) else pairs(reply))
    except msgspec.ValidationError as exc:
        raise RecordDamaged() from exc


def _index_keys(shard: int, file_id: str) -> list[str]:
    record = redis_keys.file_record(shard, file_id)
    return [redis_keys.ready(shard), record, redis_keys.file_index(shard), redis_keys.new_files(shard)]
