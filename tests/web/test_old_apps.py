"""Old apps: hidden from the tables and the graph, listed, and brought back by a click."""

from __future__ import annotations

import re
import time

import pytest
import redis
from django.test import Client

from collector.models.activity import ActivityKey
from tests.web.history import remember
from visualizer.models.node_id import STANDARD
from visualizer.repo.cardinality_models import CardinalityLimit
from visualizer.repo.drawn import read_drawn
from visualizer.repo.drawn_models import ShownApp
from visualizer.repo.models import Total

DAY_S = 86400
OLD, OLDER, YOUNG = "old.1x0", "older.1x0", "young.1x0"


@pytest.fixture
def three_apps(live: redis.Redis, db: None) -> redis.Redis:
    """Two of them were seen last a week ago and more."""
    for app, ago_s in ((OLD, 8 * DAY_S), (OLDER, 30 * DAY_S), (YOUNG, 6 * DAY_S)):
        remember(ActivityKey(app, "", "run", "request"), done=1, ago_s=ago_s)
    return live


def words(client: Client, address: str, **query: str) -> str:
    text = client.get(address, query).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


def drawn_apps(valkey: redis.Redis) -> set[str]:
    drawn = read_drawn(valkey, STANDARD)
    assert drawn
    return {app.key for app in drawn.topology.apps}


def bring_back(client: Client, **fields: str) -> None:
    assert client.post("/apps/old/bring-back", fields).status_code == 302


def test_they_are_not_in_the_table_but_listed(three_apps: redis.Redis, signed_in: Client) -> None:
    text = words(signed_in, "/apps")
    table, _, listed = text.partition("2 old apps hidden")
    assert YOUNG in table
    assert OLD not in table
    assert re.search(f"{OLD} 8 d ago Show {OLDER} 30 d ago Show All of them Show all", listed)
    assert words(signed_in, "/apps/old").strip() == "2 old apps hidden"
    assert OLDER in words(signed_in, "/apps/old", list="1")


def test_one_is_brought_back_and_drawn_at_once(three_apps: redis.Redis, signed_in: Client) -> None:
    bring_back(signed_in, app=OLD)
    assert drawn_apps(three_apps) == {OLD, YOUNG}
    assert words(signed_in, "/apps/old").strip() == "1 old app hidden"
    assert ShownApp.objects.get().app == OLD


def test_all_are_brought_back(three_apps: redis.Redis, signed_in: Client) -> None:
    bring_back(signed_in, all="1")
    assert drawn_apps(three_apps) == {OLD, OLDER, YOUNG}
    assert signed_in.get("/apps/old").content == b""
    assert "hidden" not in words(signed_in, "/apps")


def test_htmx_gets_those_that_are_left_and_hears_of_it(three_apps: redis.Redis, signed_in: Client) -> None:
    response = signed_in.post("/apps/old/bring-back", {"app": OLD}, headers={"HX-Request": "true"})
    assert response["HX-Trigger"] == "apps-shown"
    text = response.content.decode()
    assert (OLDER in text, OLD in text.replace(OLDER, "")) == (True, False)


def test_it_is_hidden_again_when_no_sign_came_for_long(three_apps: redis.Redis, signed_in: Client) -> None:
    bring_back(signed_in, all="1")
    ShownApp.objects.update(shown_s=int(time.time()) - 8 * DAY_S)
    assert words(signed_in, "/apps/old").strip() == "2 old apps hidden"


def test_a_line_brings_it_back_by_itself(three_apps: redis.Redis, signed_in: Client) -> None:
    Total.objects.filter(activity__app=OLD).update(last_s=int(time.time()))
    assert words(signed_in, "/apps/old").strip() == "1 old app hidden"


def test_an_app_that_is_not_hidden_cannot_be_brought_back(three_apps: redis.Redis, signed_in: Client) -> None:
    bring_back(signed_in, app=YOUNG)
    bring_back(signed_in, app="nobody")
    bring_back(signed_in)
    assert not ShownApp.objects.exists()


def test_without_redis_it_is_kept_and_drawn_later(no_redis: None, db: None, signed_in: Client) -> None:
    remember(ActivityKey(OLD, "", "run", "request"), done=1, ago_s=8 * DAY_S)
    bring_back(signed_in, app=OLD)
    assert ShownApp.objects.get().app == OLD


def test_hostile_names_are_text(live: redis.Redis, signed_in: Client) -> None:
    remember(ActivityKey('"><img src=x>\u202e', "", "run", "request"), done=1, ago_s=8 * DAY_S)
    html = signed_in.get("/apps/old", {"list": "1"}).content.decode()
    assert "<img" not in html
    assert "&quot;&gt;&lt;img src=x&gt;\\u202e" in html


def test_limits_of_names_are_told_for_an_hour(live: redis.Redis, signed_in: Client) -> None:
    def passed(within: str, ago_s: int, names: int) -> None:
        at_s = int(time.time()) - ago_s
        CardinalityLimit.objects.create(
            dimension="app_events", within=within, names_beyond=names, offender=within, first_s=at_s, last_s=at_s
        )

    assert b"note" not in signed_in.get("/notices").content
    passed("<b>new</b>", 60, 400)
    passed("over", 3700, 500)
    html = signed_in.get("/notices").content.decode()
    assert "limit of 2,000 events of app &lt;b&gt;new&lt;/b&gt; are counted as __other__: about 400 so far" in html
    assert "over" not in html
    assert "events of app &lt;b&gt;new&lt;/b&gt;" in signed_in.get("/sources").content.decode()
    for number in range(5):
        passed(f"more{number}", 10, number)
    assert "3 more limits of names were passed." in signed_in.get("/notices").content.decode()
