"""`python -m bench.push_sessions 500`: make so many sessions of users with 100 each, print their keys, a line each."""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django

USERS_SHARE = 100


def main(count: int) -> None:
    """In the database of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    store, sessions = SessionStore(), []
    for first in range(0, count, USERS_SHARE):
        user = get_user_model().objects.create(username=f"viewer{first}")
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        ends = timezone.now() + timedelta(days=1)
        sessions += [
            Session(session_key=f"bench{n:027}", session_data=store.encode(data), expire_date=ends)
            for n in range(first, min(count, first + USERS_SHARE))
        ]
    Session.objects.bulk_create(sessions)
    print("\n".join(session.session_key for session in sessions))


if __name__ == "__main__":
    main(int(sys.argv[1]))
