"""The tables of processes, when they were seen and who read their lines; part of visualizer/repo/models.py."""

from __future__ import annotations

from django.db import models


class SeenProcess(models.Model):
    """
    A process of an app (visualizer/models/seen_process.py), kept for PROCESSES_S after it was seen last. Only the owner
    of a shard writes its rows: readers join them.
    """

    #: Key of the app, with its version: "shop.1x0".
    app = models.CharField(max_length=256)
    # Text would have to say what process it is, as SeenServer does.
    server = models.ForeignKey("SeenServer", on_delete=models.CASCADE, db_index=False)
    shard = models.PositiveSmallIntegerField(default=0)
    #: Unix seconds of its first and, to 10 s, its newest line.
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()
    #: The longest way from one 10 s slot in which it was seen to the next, and how many slots there are.
    gap_s = models.PositiveIntegerField(default=0)
    slots = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "server", "shard"], name="process_once")]
        indexes = [
            models.Index(fields=["last_s"], name="process_age"),
            models.Index(fields=["first_s"], name="process_came"),
        ]


class Feed(models.Model):
    """
    That a collector read lines of a process (visualizer/models/feed.py), kept as long as a process is. Only the owner
    of a shard writes its rows.
    """

    server = models.ForeignKey("SeenServer", on_delete=models.CASCADE, db_index=False)
    #: Its id: "<host id>:<pid>".
    collector = models.CharField(max_length=160)
    shard = models.PositiveSmallIntegerField(default=0)
    #: Unix second at which it read some first and, to FEED_S, last.
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "collector", "shard"], name="feed_once")]
