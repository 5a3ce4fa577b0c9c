"""
The tables of Eventscope: the truth of what was counted. Functions beside this file read and write them.

Times are unix seconds as integers where a bucket is meant (they are keys), aware datetimes where a person reads them.
"""

from __future__ import annotations

from django.db import models

# Django looks for tables here.
from visualizer.repo import (  # noqa: F401
    access_models,
    cardinality_models,
    drawn_models,
    history_models,
    incident_models,
    process_models,
    tracked_models,
)


class Layout(models.Model):
    """One row: what must agree with Redis, and with what history was written by."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    shards = models.PositiveSmallIntegerField()
    #: Widths of history's buckets, seconds: "1,10,60"; "" before they were ever used.
    widths = models.CharField(max_length=128, blank=True, default="")


class FirstStart(models.Model):
    """
    When a collector first started on a host: what was rotated away before is none of ours, what came after is. Redis
    has it for the collectors, and may forget it.
    """

    host_id = models.CharField(max_length=128, unique=True)
    at_s = models.FloatField()


class Source(models.Model):
    """One generation of one log file, and how far it is counted."""

    file_id = models.CharField(max_length=32)
    generation = models.PositiveIntegerField()
    shard = models.PositiveSmallIntegerField()
    epoch = models.PositiveIntegerField(default=0)
    first_offset = models.BigIntegerField(default=0)
    #: Byte after the last counted one: the identity of everything before it is "seen".
    high_water = models.BigIntegerField(default=0)
    tail_hash = models.CharField(max_length=16, blank=True)
    head_bytes = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=16, blank=True)
    path = models.TextField(blank=True)
    ended = models.BooleanField(default=False)
    updated_s = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_id", "generation"], name="source_once")]


class SourceBytes(models.Model):
    """
    Lines and bytes of a source by what became of them: "parsed", or a reason of skipped or dropped. Their sum is what
    was read. "skewed" stands apart: lines counted at the time they were read, as their own lay in the future.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    #: parsed | skipped | dropped | skewed
    fate = models.CharField(max_length=8)
    reason = models.CharField(max_length=24, blank=True)
    lines = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "fate", "reason"], name="source_bytes_once")]


class LostBytes(models.Model):
    """Bytes that were gone before they could be read: a lower bound, once a source and reason."""

    file_id = models.CharField(max_length=32)
    generation = models.PositiveIntegerField()
    reason = models.CharField(max_length=24)
    size_bytes = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_id", "generation", "reason"], name="lost_once")]


class Activity(models.Model):
    """An ActivityKey that was seen."""

    app = models.CharField(max_length=256)
    plugin = models.CharField(max_length=256, blank=True)
    event = models.CharField(max_length=256)
    kind = models.CharField(max_length=16)
    stream = models.CharField(max_length=256, blank=True)
    queue = models.CharField(max_length=256, blank=True)
    consumer_group = models.CharField(max_length=256, blank=True)
    first_seen_s = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["app", "plugin", "event", "kind", "stream", "queue", "consumer_group"], name="activity_once"
            )
        ]


class SeenServer(models.Model):
    """A running process, as log lines name it."""

    host_name = models.CharField(max_length=256)
    pid = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host_name", "pid"], name="server_once")]


class Total(models.Model):
    """All runs of one activity on one server: what pending is made from, and `report` without a range."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE)
    server = models.ForeignKey(SeenServer, on_delete=models.CASCADE)
    shard = models.PositiveSmallIntegerField(default=0)
    started = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    ignored = models.BigIntegerField(default=0)
    last_s = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "server", "shard"], name="total_once")]


class Failure(models.Model):
    """A failed run, kept whole: KeptEntry of a batch."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE)
    server = models.ForeignKey(SeenServer, on_delete=models.CASCADE)
    timestamp_s = models.FloatField()
    request_id = models.CharField(max_length=128, blank=True)
    operation_id = models.CharField(max_length=128, blank=True)
    message_id = models.CharField(max_length=128, blank=True)
    cause = models.TextField(blank=True)
    traceback = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["activity", "-timestamp_s"], name="failure_newest"),
            models.Index(fields=["request_id"], name="failure_request"),
            models.Index(fields=["operation_id"], name="failure_operation"),
            models.Index(fields=["message_id"], name="failure_message"),
        ]


class SampledEntry(models.Model):
    """An entry of a sampled operation, kept whole: KeptEntry of a batch (≤ 1,000,000, 24 h)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, db_index=False)
    server = models.ForeignKey(SeenServer, on_delete=models.CASCADE, db_index=False)
    timestamp_s = models.FloatField()
    #: A Status.
    status = models.PositiveSmallIntegerField()
    #: How long it ran; null when its line does not say.
    duration_ms = models.FloatField(null=True)
    request_id = models.CharField(max_length=128)
    operation_id = models.CharField(max_length=128, blank=True)
    message_id = models.CharField(max_length=128, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["request_id"], name="sampled_request"),
            models.Index(fields=["operation_id"], name="sampled_operation"),
            # Most lines read no message.
            models.Index(fields=["message_id"], name="sampled_message", condition=~models.Q(message_id="")),
            models.Index(fields=["timestamp_s"], name="sampled_time"),
        ]


class SourceOpenRuns(models.Model):
    """
    Runs of a source that began and did not end; no row where there are none. Only the owner of a shard writes its rows.
    """

    source = models.OneToOneField(Source, on_delete=models.CASCADE, primary_key=True)
    shard = models.PositiveSmallIntegerField(default=0)
    #: MessagePack [KeptOpen] (visualizer/models/open_run.py).
    content = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["shard"], name="open_runs_shard")]


class CallEdge(models.Model):
    """Calls of one activity to another, of all time. Only the owner of a shard writes its rows: readers add them up."""

    caller = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="calls")
    callee = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="called_by")
    shard = models.PositiveSmallIntegerField(default=0)
    count = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    #: Unix second of the oldest and the newest call.
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "callee", "shard"], name="call_once")]


class SeenHour(models.Model):
    """
    When the runs of an activity, or the calls of one to another, were seen within an hour: what usual gaps are learnt
    from. Only the owner of a shard writes its rows: readers join them.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, db_index=False)
    #: Id of the activity that called; 0 for runs.
    caller_id = models.BigIntegerField(default=0)
    #: Unix second the hour begins with, and those of the first and the last 10 s slot seen in it.
    start_s = models.BigIntegerField()
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()
    #: The longest way from one slot to the next.
    gap_s = models.PositiveIntegerField(default=0)
    shard = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "caller_id", "start_s", "shard"], name="seen_hour_once")
        ]
        indexes = [models.Index(fields=["start_s"], name="seen_hour_age")]


class DeadLetter(models.Model):
    """A batch that could not be decoded, kept for people (≤ 10,000, 7 days)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    error = models.TextField()
    payload = models.BinaryField()
    created_s = models.BigIntegerField()
