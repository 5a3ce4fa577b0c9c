"""How the apps did, for the cards of the graph."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from collector.models.activity import ActivityKey
from tests.drawn_world import PACK_KEY, PLACE_KEY, SHOP, STORE
from tests.web.history import A2, remember
from visualizer.models.beat import BEAT_S, BEATS


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def ago_s(beat: int) -> int:
    """So many seconds ago a whole beat was under way, 1 the newest."""
    return int(time.time()) % BEAT_S + beat * BEAT_S - BEAT_S // 2


def test_each_app_has_its_beats_with_what_ran_and_how_it_went(signed_in: Client) -> None:
    remember(PLACE_KEY, done=30, failed=10, ago_s=ago_s(1))
    remember(ActivityKey(SHOP, "", "login", "request"), done=5, server=A2, ago_s=ago_s(1))
    remember(PLACE_KEY, done=99, failed=1, ago_s=ago_s(BEATS))
    remember(PACK_KEY, done=3, ago_s=ago_s(BEATS + 2))
    answer = signed_in.get("/apps/beats").json()
    assert answer["beat_s"] == BEAT_S
    assert list(answer["apps"]) == [SHOP]
    beats = answer["apps"][SHOP]
    assert (beats[0], beats[1], beats[-1]) == ([100, "warn"], [0, "idle"], [45, "fail"])
    assert len(beats) == BEATS


def test_all_viewers_share_one_look_at_history(
    signed_in: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    remember(PACK_KEY, done=3, ago_s=ago_s(1))
    first = signed_in.get("/apps/beats").json()
    assert first["apps"][STORE][-1] == [3, "ok"]
    # The session and its person.
    with django_assert_num_queries(2):
        assert signed_in.get("/apps/beats").json() == first


def test_nobody_else_sees_them(db: None) -> None:
    assert Client().get("/apps/beats").status_code == 302
