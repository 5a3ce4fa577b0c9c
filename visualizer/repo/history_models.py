"""Tables of history's buckets; part of visualizer/repo/models.py. docs/history.md tells of them."""

from __future__ import annotations

from django.db import models


class Bucket(models.Model):
    """
    Runs of one activity on one server in [start_s, start_s + width_s). Widths 1 and 10 are written in one transaction;
    wider ones are BucketBlocks. Only the owner of a shard writes its rows: readers add the shards up.
    """

    width_s = models.PositiveSmallIntegerField()
    start_s = models.BigIntegerField()
    # Nobody asks without a time, and two more indexes would double what writing a row costs.
    activity = models.ForeignKey("visualizer.Activity", on_delete=models.CASCADE, db_index=False)
    server = models.ForeignKey("visualizer.SeenServer", on_delete=models.CASCADE, db_index=False)
    shard = models.PositiveSmallIntegerField(default=0)
    started = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    ignored = models.BigIntegerField(default=0)
    #: MessagePack {bucket index: count}, see collector/lib/log_buckets.py; empty when nothing was measured.
    durations = models.BinaryField(default=b"")
    stream_ages = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["width_s", "start_s", "activity", "server", "shard"], name="bucket_once")
        ]


class BucketBlock(models.Model):
    """Up to 60 wider buckets of one activity that follow each other, made of finer ones (docs/history.md)."""

    width_s = models.PositiveIntegerField()
    #: Of the first bucket it has room for, a multiple of 60 widths.
    start_s = models.BigIntegerField()
    #: 0 where all activities are summed up.
    activity_id = models.BigIntegerField()
    shard = models.PositiveSmallIntegerField(default=0)
    #: Of buckets before this, nothing finer is there any more: what comes late is added to them.
    own_before_s = models.BigIntegerField(default=0)
    #: visualizer/core/slot_block.py
    slots = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["width_s", "start_s", "activity_id", "shard"], name="block_once")
        ]


class StaleBucket(models.Model):
    """A wider bucket that is to be made anew: finer ones of it were written. Numbers are never used again."""

    width_s = models.PositiveIntegerField()
    start_s = models.BigIntegerField()
    shard = models.PositiveSmallIntegerField(default=0)
    #: How often it was said.
    changes = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["width_s", "start_s", "shard"], name="stale_once")]
