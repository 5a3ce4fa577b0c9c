"""Who is signed in: asked for many sessions at once, as every open page has one that may end."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

#: Keys in one query.
_AT_ONCE = 500


def signed_in_users(session_keys: Collection[str]) -> dict[str, int]:
    """
    Session key → user id, of those sessions that are there, have not expired, and whose user is active and has the
    password of then.

    Raises:
        DatabaseError: it does not answer.
    """
    keys, found = list(session_keys), dict[str, int]()
    for first in range(0, len(keys), _AT_ONCE):
        rows = Session.objects.filter(session_key__in=keys[first : first + _AT_ONCE], expire_date__gt=timezone.now())
        signed = {key: _signed(data) for key, data in rows.values_list("session_key", "session_data")}
        hashes = _password_hashes({user_id for user_id, _ in signed.values()})
        for key, (user_id, told) in signed.items():
            if told and constant_time_compare(told, hashes.get(user_id, "")):
                found[key] = int(user_id)
    return found


@lru_cache(maxsize=8192)
def _signed(session_data: str) -> tuple[str, str]:
    """The user id and the hash of the password that signed in, "" for nobody; the same data say the same."""
    data = SessionStore().decode(session_data)
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return "", ""
    return str(data.get(SESSION_KEY, "")), str(data.get(HASH_SESSION_KEY, ""))


def _password_hashes(user_ids: Collection[str]) -> dict[str, str]:
    users = get_user_model().objects.filter(pk__in=[each for each in user_ids if each], is_active=True)
    return {str(user.pk): user.get_session_auth_hash() for user in users}
