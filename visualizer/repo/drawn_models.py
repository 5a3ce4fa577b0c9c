"""Tables of what is drawn: declared, as topologies, in places, as views; part of visualizer/repo/models.py."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ConfigSnapshot(models.Model):
    """What a host declared, stored once per distinct content; redacted."""

    content_hash = models.CharField(max_length=64, unique=True)
    host_url = models.CharField(max_length=512)
    #: {"standard": RuntimeApps, "expanded": RuntimeApps}
    content = models.JSONField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()


class TopologyContent(models.Model):
    """A topology that was current at some time: once, however often it came back (models/kept_topology.py)."""

    version = models.CharField(max_length=16, unique=True)
    content = models.BinaryField()


class TopologySpan(models.Model):
    """From when until when a topology was current, and what brought it (models/topology_version.py)."""

    content = models.ForeignKey(TopologyContent, on_delete=models.CASCADE)
    #: Unix seconds; the last time it was found current is kept to the minute.
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()
    basis = models.CharField(max_length=64)
    #: Host URL → hash of what it declares.
    hosts = models.JSONField(default=dict)
    summary = models.TextField(blank=True)
    #: [Cause]
    causes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["first_s"], name="topology_span_time")]


class ShownApp(models.Model):
    """An old app that somebody brought back; it is old again when it gives no other sign for long."""

    app = models.CharField(max_length=256, unique=True)
    #: Unix second.
    shown_s = models.BigIntegerField()


class DrawnPlaces(models.Model):
    """Where everything of a view stands: what is drawn in Redis may be lost, its places must not."""

    #: standard | expanded
    view = models.CharField(max_length=16, unique=True)
    #: Changes with the places.
    stamp = models.CharField(max_length=16)
    #: A Layout (visualizer/models/layout.py) as JSON, of what went away lately, too.
    places = models.TextField()
    #: The one before the last tidying, to take it back; "" when there is none.
    before_tidy = models.TextField(blank=True)


class SavedView(models.Model):
    """What somebody looks at, under a name."""

    #: In its address; random.
    slug = models.CharField(max_length=16, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    #: Does everybody see it? Its owner alone changes it.
    is_shared = models.BooleanField(default=False)
    #: The graph page's address without "?".
    query = models.TextField(blank=True)
    #: Pins (visualizer/models/saved_view.py) as JSON.
    pins = models.TextField(default="{}")


class AcceptedEdge(models.Model):
    """An edge whose state somebody takes for normal; in another state it is none of this again."""

    #: Hash of what tells the edge apart, in whatever view (visualizer/models/evidence.py).
    edge = models.CharField(max_length=64, unique=True)
    #: One of the states of evidence.
    state = models.CharField(max_length=16)
    note = models.CharField(max_length=256, blank=True)
    #: Who accepted it, as far as is known, and when, unix seconds.
    accepted_by = models.CharField(max_length=150, blank=True)
    accepted_s = models.BigIntegerField()
