"""One-time sign-in links. Only the hash of a token is kept; making a link voids those not used yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import transaction

from visualizer.models.errors import SignInRefused
from visualizer.repo.access_models import SignInLink

#: How long a link can be used.
VALID_FOR = timedelta(hours=1)
#: 256 bits.
TOKEN_BYTES = 32


def make_link(now: datetime) -> str:
    """A new link's token; it is nowhere else."""
    token = token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        SignInLink.objects.filter(used=None).delete()
        SignInLink.objects.create(token_hash=_hash(token), created=now, expires=now + VALID_FOR)
    return token


def check_link(token: str, now: datetime) -> None:
    """
    Raises:
        SignInRefused: the link is unknown, used or too old.
    """
    if not SignInLink.objects.filter(token_hash=_hash(token), used=None, expires__gt=now).exists():
        raise SignInRefused


def use_link(token: str, now: datetime) -> None:
    """
    Use the link up. Of two at once one wins: the condition is part of the write.

    Raises:
        SignInRefused: the link is unknown, used or too old.
    """
    if SignInLink.objects.filter(token_hash=_hash(token), used=None, expires__gt=now).update(used=now) != 1:
        raise SignInRefused


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
