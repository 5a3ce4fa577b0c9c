"""Tables of alerts, incidents and what people are told of them; part of visualizer/repo/models.py."""

from __future__ import annotations

from django.db import models


class AlertClock(models.Model):
    """One row: when alerts were judged last. Whoever moves it on judges; of two at once the other one waits."""

    judged_s = models.FloatField(default=0)


class KeptAlert(models.Model):
    """An Alert (visualizer/models/alert.py) that is wrong, or fires. Times are unix seconds."""

    rule = models.CharField(max_length=256)
    subject = models.TextField()
    bad_s = models.FloatField()
    firing_s = models.FloatField(default=0)
    good_s = models.FloatField(default=0)
    seen_s = models.FloatField(default=0)
    words = models.TextField(blank=True)


class KeptIncident(models.Model):
    """An Incident (visualizer/models/alert.py)."""

    key = models.CharField(max_length=16, unique=True)
    root = models.TextField()
    severity = models.CharField(max_length=16)
    opened_s = models.FloatField()
    #: 0 while it is open.
    resolved_s = models.FloatField(default=0)
    #: [Member]
    members = models.JSONField(default=list)
    #: Who takes care of it, and since when, unix seconds; "" while nobody does.
    acknowledged_by = models.CharField(max_length=150, blank=True)
    acknowledged_s = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["resolved_s", "-opened_s"], name="incident_time")]


class IncidentLine(models.Model):
    """One line of an incident's timeline."""

    incident = models.ForeignKey(KeptIncident, on_delete=models.CASCADE)
    at_s = models.FloatField()
    kind = models.CharField(max_length=16)
    words = models.TextField()


class Silence(models.Model):
    """Nobody is told of what matches while it lasts; a maintenance window begins later. Times are unix seconds."""

    #: Glob over subjects.
    match = models.CharField(max_length=256)
    from_s = models.FloatField()
    until_s = models.FloatField()
    note = models.CharField(max_length=256, blank=True)
    made_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["until_s"], name="silence_end")]


class Notification(models.Model):
    """Something that a channel is to be told of an incident: kept until it was told."""

    incident = models.ForeignKey(KeptIncident, on_delete=models.CASCADE)
    channel = models.CharField(max_length=64)
    #: opened | changed | merged | resolved
    kind = models.CharField(max_length=16)
    #: Id of the event it tells, the same at each try: who gets it twice knows it by that.
    event_id = models.CharField(max_length=32, unique=True)
    #: When it is to be tried next, and when it was told (0: not yet), unix seconds.
    due_s = models.FloatField()
    sent_s = models.FloatField(default=0)
    tries = models.PositiveIntegerField(default=0)
    #: How often it was due, and not tried, as its channel had not taken another one. Workers of an older version, which
    #: know nothing of it, may still write rows.
    held_back = models.PositiveIntegerField(default=0, db_default=0)
    #: Why the last try failed, its own or the other one's, without secrets.
    problem = models.CharField(max_length=512, blank=True)

    class Meta:
        indexes = [models.Index(fields=["sent_s", "due_s"], name="notification_due")]
