"""The table of limits of names that were passed; part of visualizer/repo/models.py."""

from __future__ import annotations

from django.db import models


class CardinalityLimit(models.Model):
    """
    A dimension with more names than its cap: what is beyond is counted as OTHER. Only the owner of a shard writes its
    rows.
    """

    #: apps | events | app_events | streams | queues | consumer_groups | servers
    dimension = models.CharField(max_length=16)
    #: The app or stream the cap is one of; "" for caps of everything.
    within = models.CharField(max_length=256, blank=True)
    shard = models.PositiveSmallIntegerField(default=0)
    #: Distinct names beyond the cap, an estimate.
    names_beyond = models.BigIntegerField()
    #: App that brought most of them.
    offender = models.CharField(max_length=256, blank=True)
    #: Unix second of the first and the newest line of such a name.
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "within", "shard"], name="limit_once")]
