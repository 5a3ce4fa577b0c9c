"""Tables of who may look: links and tokens, as hashes alone; part of visualizer/repo/models.py."""

from __future__ import annotations

from django.db import models


class SignInLink(models.Model):
    """A one-time sign-in link; only the hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """What opens the API to a script; only the hash of the token is kept."""

    name = models.CharField(max_length=80, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    #: Of visualizer/models/api_token.py's SCOPES, with spaces between.
    scopes = models.CharField(max_length=256)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
