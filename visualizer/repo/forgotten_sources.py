"""Forgets sources as if they had never been read: what the demo counted, when real sources take its place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import redis
from django.db import transaction

from collector.models import redis_keys
from visualizer.repo.batches import FIRST, BatchStream
from visualizer.repo.blocks import forget_blocks
from visualizer.repo.file_records import FileRecords
from visualizer.repo.models import Activity, Source
from visualizer.repo.process_models import Feed, SeenProcess

#: Back-pressure lets 64 batches wait.
_MORE_THAN_WAIT = 1000


def forget_sources_under(folder: Path, *, apps: Iterable[str], client: redis.Redis, shards: int) -> None:
    """
    Forget the log files in a folder and everything counted of these apps. Only while no rollup and no collector run.

    Args:
        apps: app keys that exist nowhere but there.

    Raises:
        redis.RedisError, django.db.DatabaseError: some of it may be forgotten; ask again.
    """
    prefix = f"{folder}/"
    for shard in range(shards):
        _forget_in_redis(prefix, client=client, shard=shard)
    with transaction.atomic():
        Source.objects.filter(path__startswith=prefix).delete()
        activities = Activity.objects.filter(app__in=list(apps))
        forget_blocks(activities.values_list("id", flat=True))
        activities.delete()
        processes = SeenProcess.objects.filter(app__in=list(apps))
        Feed.objects.filter(server__in=processes.values("server")).delete()
        processes.delete()


def _forget_in_redis(prefix: str, *, client: redis.Redis, shard: int) -> None:
    stream = BatchStream(client, shard)
    waiting = stream.read(after=FIRST, limit=_MORE_THAN_WAIT, block_s=0.01)
    stream.delete(
        [message_id for message_id, fields in waiting if fields.get(b"path", b"").startswith(prefix.encode())]
    )
    for file_id, record in FileRecords(client, shard).read_all().items():
        if record.path.startswith(prefix):
            client.srem(redis_keys.file_index(shard), file_id)
            client.srem(redis_keys.new_files(shard), file_id)
            client.delete(redis_keys.file_record(shard, file_id))
