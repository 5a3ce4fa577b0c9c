"""Saved views: kept, opened by their address, shared, and changed by nobody but their owner."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from visualizer.repo.drawn_models import SavedView

PINS = json.dumps({"standard": {"nodes": {"shop.1x0.pay": [80, 160]}, "apps": {}}})
QUERY = "?app=shop.1x0&find=pay&at=120_80_0.75"


@pytest.fixture
def other(db: None) -> Client:
    """Somebody else's browser."""
    client = Client()
    client.force_login(User.objects.create_user("olga"))
    return client


def save(client: Client, name: str = "Payments", **fields: str) -> str:
    """Keep a view; returns its slug."""
    answer = client.post("/views", {"name": name, "query": QUERY, "pins": PINS, **fields})
    slug: str = json.loads(answer["HX-Trigger"])["view-saved"]["slug"]
    return slug


def listed(client: Client) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", client.get("/views").content.decode()))


def test_a_view_opens_by_its_address_as_it_was_saved(signed_in: Client) -> None:
    slug = save(signed_in)
    assert signed_in.get(f"/views/{slug}")["Location"] == f"/{QUERY}&saved={slug}"
    page = signed_in.get(f"/?saved={slug}").content.decode()
    config = json.loads(page.split('<script id="config" type="application/json">')[1].split("</script>")[0])
    assert config["saved"] == {"slug": slug, "name": "Payments", "pins": json.loads(PINS)}


def test_a_personal_view_is_nobody_elses_and_a_shared_one_is_read_only(signed_in: Client, other: Client) -> None:
    mine, shared = save(signed_in), save(signed_in, "For all", shared="1")
    assert "For all admin" in listed(other)
    assert "Payments" not in listed(other)
    assert other.get(f"/views/{mine}").status_code == 404
    assert '"saved": null' in other.get(f"/?saved={mine}").content.decode()
    assert other.get(f"/views/{shared}").status_code == 302
    for slug in (mine, shared):
        assert other.post(f"/views/{slug}", {"name": "Mine now"}).status_code == 404
        assert other.post(f"/views/{slug}/delete").status_code == 404
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Payments", "For all"}


def test_its_owner_renames_shares_saves_and_deletes_it(signed_in: Client, other: Client) -> None:
    slug = save(signed_in)
    signed_in.post(f"/views/{slug}", {"name": "Money"})
    signed_in.post(f"/views/{slug}", {"shared": "1"})
    answer = signed_in.post(f"/views/{slug}", {"query": "?show=problems", "pins": "{}"})
    assert json.loads(answer["HX-Trigger"]) == {"view-saved": {"slug": slug, "name": "Money"}}
    assert other.get(f"/views/{slug}")["Location"] == f"/?show=problems&saved={slug}"
    signed_in.post(f"/views/{slug}", {"shared": "0"})
    assert other.get(f"/views/{slug}").status_code == 404
    assert "view-gone" in signed_in.post(f"/views/{slug}/delete")["HX-Trigger"]
    assert not SavedView.objects.exists()


def test_what_is_no_view_is_refused_in_words_and_not_kept(signed_in: Client) -> None:
    assert "A name has 1 to 80 letters" in signed_in.post("/views", {"name": " "}).content.decode()
    refused = signed_in.post("/views", {"name": "x", "query": "", "pins": "[1]"}).content.decode()
    assert "Pins are places" in refused
    slug = save(signed_in)
    assert "Nothing was to be changed" in signed_in.post(f"/views/{slug}", {}).content.decode()
    assert SavedView.objects.get().name == "Payments"


def test_one_person_has_room_for_so_many(signed_in: Client, admin: User) -> None:
    rows = [SavedView(slug=str(number), owner=admin, name="x") for number in range(200)]
    SavedView.objects.bulk_create(rows)
    assert "delete one first" in signed_in.post("/views", {"name": "one more"}).content.decode()


def test_hostile_names_and_addresses_are_text(signed_in: Client) -> None:
    slug = save(signed_in, '"><img src=x>', query="?find=\r\nSet-Cookie: a=b&x=</script>")
    html = signed_in.get("/views").content.decode()
    assert "<img" not in html
    assert "\n" not in signed_in.get(f"/views/{slug}")["Location"]
    assert signed_in.get(f"/views/{slug}")["Location"].startswith("/?find=%0D%0ASet-Cookie")


def test_a_view_is_kept_by_a_token_only(signed_in: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post("/views", {"name": "x"}).status_code == 403
