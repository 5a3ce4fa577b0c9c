"""The API's tokens. Only the hash of a token is kept: 256 random bits need no salt and no slow hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import compare_digest, token_urlsafe

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q

from visualizer.models.api_token import ApiToken, is_token_text, token_text
from visualizer.models.errors import TokenNameTaken
from visualizer.repo.access_models import ApiToken as Row

#: 256 bits.
TOKEN_BYTES = 32
#: A reading that writes each time would wait for every writer.
USED_EVERY = timedelta(minutes=1)


def make_token(name: str, *, scopes: Collection[str], now: datetime, valid_for: timedelta) -> str:
    """
    A new token; it is nowhere else.

    Raises:
        TokenNameTaken: another one has this name.
    """
    token = token_text(token_urlsafe(TOKEN_BYTES))
    try:
        with transaction.atomic():
            Row.objects.create(
                name=name,
                token_hash=_hash(token),
                scopes=" ".join(sorted(scopes)),
                created=now,
                expires=now + valid_for,
            )
    except IntegrityError as exc:
        raise TokenNameTaken from exc
    return token


def read_tokens() -> Sequence[ApiToken]:
    """All there are, those that ended too, by name."""
    return [_token(row) for row in Row.objects.order_by("name")]


def revoke_token(name: str) -> bool:
    """It opens nothing any more; False when there is none of that name."""
    return bool(Row.objects.filter(name=name).delete()[0])


def find_token(text: str, *, now: datetime) -> ApiToken | None:
    """
    The token with this text, unless it has ended; notes that it was used.

    Raises:
        DatabaseError: the database does not answer.
    """
    if not is_token_text(text):
        return None
    hashed = _hash(text)
    row = Row.objects.filter(token_hash=hashed, expires__gt=now).first()
    if row is None or not compare_digest(row.token_hash, hashed):
        return None
    used_long_ago = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
    if row.last_used is None or row.last_used < now - USED_EVERY:
        with suppress(DatabaseError), transaction.atomic():  # who reads is answered while nobody can write
            Row.objects.filter(used_long_ago, pk=row.pk).update(last_used=now)
    return _token(row)


def living_tokens(ids: Collection[int], *, now: datetime) -> set[int]:
    """
    Those of these tokens that are there and have not ended.

    Raises:
        DatabaseError: the database does not answer.
    """
    return set(Row.objects.filter(pk__in=list(ids), expires__gt=now).values_list("pk", flat=True)) if ids else set()


def _token(row: Row) -> ApiToken:
    return ApiToken(
        id=row.pk,
        name=row.name,
        scopes=frozenset(row.scopes.split()),
        created=row.created,
        expires=row.expires,
        last_used=row.last_used,
    )


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
