"""Who a session belongs to, asked for many at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from visualizer.interfaces.session_check import SessionCheck
from visualizer.repo.sessions import signed_in_users


def session(**data: str) -> str:
    """The key of a session that holds this."""
    store = SessionStore()
    store.update(data)
    store.create()
    return str(store.session_key)


def signed(user: User, **other: str) -> str:
    """The key of a session in which somebody is signed in."""
    backend = "django.contrib.auth.backends.ModelBackend"
    told = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: user.get_session_auth_hash()}
    return session(**{**told, **other})


def test_only_who_is_signed_in_has_a_user(admin: User) -> None:
    good, over = signed(admin), signed(admin)
    Session.objects.filter(session_key=over).update(expire_date=timezone.now() - timedelta(seconds=1))
    strangers = [
        session(),
        session(**{SESSION_KEY: str(admin.pk)}),
        signed(admin, **{HASH_SESSION_KEY: ""}),
        signed(admin, **{HASH_SESSION_KEY: "another"}),
        signed(admin, **{SESSION_KEY: ""}),
        signed(admin, **{SESSION_KEY: str(admin.pk + 1)}),
        signed(admin, **{BACKEND_SESSION_KEY: "somebody.elses.Backend"}),
    ]
    assert signed_in_users([good, over, *strangers, "", "unknown"]) == {good: admin.pk}
    User.objects.update(is_active=False)
    assert signed_in_users([good]) == {}


def test_a_session_whose_data_was_tampered_with_is_nobodys(admin: User) -> None:
    key = signed(admin)
    Session.objects.update(session_data="x" + Session.objects.get().session_data)
    assert signed_in_users([key]) == {}


def test_many_cost_two_queries(admin: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    keys = [signed(admin) for _ in range(20)]
    with django_assert_num_queries(2):
        assert len(signed_in_users(keys)) == 20


@pytest.mark.usefixtures("transactional_db")
async def test_who_asks_at_once_is_answered_together(signed_in: Client) -> None:
    check, key = SessionCheck(), next(iter(signed_in.cookies.values())).value
    answers = await asyncio.gather(*(check.user_of(each) for each in [key, key, "unknown", key]))
    assert answers == [answers[0], answers[0], None, answers[0]]
    assert answers[0]
