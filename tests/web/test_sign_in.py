from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from threading import Barrier, Thread
from urllib.parse import quote

import pytest
import redis
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from visualizer.interfaces.sign_in import TOO_OFTEN, WRONG, make_sign_in_link
from visualizer.models.errors import SignInRefused
from visualizer.repo.access_models import SignInLink
from visualizer.repo.sign_in_attempts import MAX_OF_ACCOUNT
from visualizer.repo.sign_in_links import make_link, use_link

PASSWORD = "correct horse battery"
CHOSEN = {"username": "admin", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def anna(db: None) -> User:
    """Somebody with a password."""
    return User.objects.create_user("anna", password=PASSWORD)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_first_link_makes_the_administrator_with_a_password(db: None, client: Client) -> None:
    link = f"/sign-in/{make_sign_in_link()}"
    assert b"Welcome" in client.get(link).content
    response = client.post(link, CHOSEN)
    assert response["Location"] == "/"
    assert is_signed_in(client)
    admin = User.objects.get()
    assert (admin.username, admin.is_superuser, admin.check_password(PASSWORD)) == ("admin", True, True)


@pytest.mark.parametrize("password", ["short", "password1234", "12345678901", "adminadmin"])
def test_a_bad_password_is_refused_and_the_link_stays_good(db: None, client: Client, password: str) -> None:
    link = f"/sign-in/{make_sign_in_link()}"
    assert client.post(link, CHOSEN | {"password1": password, "password2": password}).status_code == 400
    assert not User.objects.exists()
    assert client.post(link, CHOSEN).status_code == 302


def test_a_later_link_signs_the_administrator_in_at_once(admin: User, client: Client) -> None:
    response = client.get(f"/sign-in/{make_sign_in_link()}")
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(admin.pk)


def test_a_link_works_once(admin: User, client: Client) -> None:
    link = f"/sign-in/{make_sign_in_link()}"
    client.get(link)
    response = Client().get(link)
    assert response.status_code == 403
    assert b"was used before" in response.content


def test_looking_at_a_link_does_not_use_it_up(admin: User, client: Client) -> None:
    link = f"/sign-in/{make_sign_in_link()}"
    assert client.head(link).status_code == 200
    assert not is_signed_in(client)
    assert client.get(link).status_code == 302


def test_a_link_is_good_for_an_hour(db: None) -> None:
    made = timezone.now()
    token = make_link(made)
    with pytest.raises(SignInRefused):
        use_link(token, made + timedelta(hours=1))
    use_link(token, made + timedelta(minutes=59))


def test_a_new_link_voids_those_not_used(db: None) -> None:
    old = make_sign_in_link()
    make_sign_in_link()
    with pytest.raises(SignInRefused):
        use_link(old, timezone.now())


def test_only_the_hash_of_a_link_is_kept(db: None) -> None:
    token = make_sign_in_link()
    assert token not in str(list(SignInLink.objects.values()))
    assert len(token) >= 43


def test_of_two_who_use_the_first_link_at_once_one_becomes_the_administrator(transactional_db: None) -> None:
    link, together, statuses = f"/sign-in/{make_sign_in_link()}", Barrier(2), []

    def use(name: str) -> None:
        client = Client()
        together.wait()
        statuses.append(client.post(link, CHOSEN | {"username": name}).status_code)
        connection.close()

    threads = [Thread(target=use, args=[name]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 403]
    assert User.objects.count() == 1


def test_the_command_prints_a_link_that_works(admin: User, client: Client) -> None:
    out = io.StringIO()
    call_command("sign_in_link", stdout=out)
    link = re.fullmatch(r"Sign in: http://127\.0\.0\.1:8000(/sign-in/\S+)\n", out.getvalue())
    assert link
    assert client.get(link[1])["Location"] == "/"


def test_name_and_password_sign_in_and_change_the_session(live: redis.Redis, anna: User, client: Client) -> None:
    client.get("/sign-in")
    session = client.session
    session["of"] = "before"
    session.save()
    before = session.session_key
    assert client.post("/sign-in", {"username": "anna", "password": PASSWORD})["Location"] == "/"
    assert client.session.session_key != before


@pytest.mark.parametrize("username", ["anna", "nobody", "anna\0", "x" * 10_000])
def test_nobody_learns_which_users_there_are(live: redis.Redis, anna: User, client: Client, username: str) -> None:
    response = client.post("/sign-in", {"username": username, "password": "wrong"})
    assert response.status_code == 403
    assert WRONG in response.content.decode()


def test_guessing_is_slowed_down_and_the_right_password_clears_the_count(
    live: redis.Redis, anna: User, client: Client
) -> None:
    guess = {"username": "anna", "password": "wrong"}
    for _ in range(MAX_OF_ACCOUNT - 1):
        client.post("/sign-in", guess)
    assert client.post("/sign-in", guess | {"password": PASSWORD}).status_code == 302
    client.post("/sign-out")
    statuses = [client.post("/sign-in", guess).status_code for _ in range(MAX_OF_ACCOUNT + 1)]
    assert statuses == [403] * MAX_OF_ACCOUNT + [429]
    assert TOO_OFTEN in unescape(client.post("/sign-in", guess | {"password": PASSWORD}).content.decode())


def test_guessing_is_slowed_down_without_redis_too(no_redis: None, anna: User, client: Client) -> None:
    guess = {"username": "somebody", "password": "wrong"}
    statuses = [client.post("/sign-in", guess).status_code for _ in range(MAX_OF_ACCOUNT + 1)]
    assert statuses == [403] * MAX_OF_ACCOUNT + [429]


NEXT = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "\\\\evil",
    "evil",
    "///e",
    "/\t/e",
]


@pytest.mark.parametrize("wanted", NEXT)
def test_nobody_is_sent_elsewhere_after_signing_in(live: redis.Redis, anna: User, client: Client, wanted: str) -> None:
    form = {"username": "anna", "password": PASSWORD, "next": wanted}
    assert client.post("/sign-in", form)["Location"] == "/"
    assert client.get(f"/sign-in?next={quote(wanted)}")["Location"] == "/"


def test_one_goes_on_where_one_wanted_to_go(live: redis.Redis, anna: User, client: Client) -> None:
    form = {"username": "anna", "password": PASSWORD, "next": "/?view=expanded&node=%3Eorders"}
    assert client.post("/sign-in", form)["Location"] == "/?view=expanded&node=%3Eorders"


def test_signing_out_ends_the_session_and_only_by_post(signed_in: Client) -> None:
    assert signed_in.get("/sign-out").status_code == 405
    assert signed_in.post("/sign-out")["Location"] == "/sign-in"
    assert signed_in.get("/")["Location"].startswith("/sign-in")


def test_cookies_are_kept_from_scripts_and_other_sites(live: redis.Redis, anna: User, client: Client) -> None:
    client.post("/sign-in", {"username": "anna", "password": PASSWORD})
    session = client.cookies["eventscope-8000-session"]
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", 7 * 86400)
