"""The table of tracked headers; part of visualizer/repo/models.py."""

from __future__ import annotations

from django.db import models


class TrackedValue(models.Model):
    """That a request which was kept had a tracked header with a value (≤ 24 h)."""

    #: value_hash of it: what people put into headers is not kept.
    value_hash = models.BigIntegerField()
    request_id = models.CharField(max_length=128)
    #: When it was seen first, unix seconds.
    timestamp_s = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value_hash", "request_id"], name="tracked_once")]
        indexes = [models.Index(fields=["timestamp_s"], name="tracked_time")]
