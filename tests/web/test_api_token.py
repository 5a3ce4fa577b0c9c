from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import redis
from django.core.management import CommandError, call_command
from django.test import Client

from visualizer.models.api_token import MARK, READ_GRAPH, SCOPES, is_token_text, token_text


def said(*args: str) -> str:
    out = StringIO()
    call_command("api_token", *args, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_a_token_is_shown_once_and_opens_the_api_until_it_is_revoked(live: redis.Redis, db: None) -> None:
    token = said("create", "grafana")

    def asked() -> Any:
        return Client().get("/api/v1/graph", headers={"Authorization": f"Bearer {token}"}).status_code

    assert token.startswith(MARK)
    assert asked() == 200
    listed = said("list")
    assert token not in listed
    assert listed.split()[:2] == ["grafana", READ_GRAPH]
    assert "last used" in listed
    assert said("revoke", "grafana") == "Revoked."
    assert asked() == 401
    assert said("list") == ""


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["create", "taken"], "choose another name"),
        (["create", " "], "printable characters"),
        (["create", "a\nb"], "printable characters"),
        (["create", "new", "--valid-for", "0d"], "--valid-for: "),
        (["create", "new", "--valid-for", "900w"], "at most 3660 days"),
        (["create", "new", "--scope", "write:graph"], "read:graph"),
        (["revoke", "nobody"], "no token called 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said(db: None, args: list[str], expected: str) -> None:
    said("create", "taken", "--scope", *SCOPES)
    with pytest.raises(CommandError, match=expected):
        said(*args)


def test_a_token_with_another_letter_is_none_of_ours() -> None:
    token = token_text("Abc-_9")
    assert is_token_text(token)
    for place in range(len(token)):
        assert not is_token_text(f"{token[:place]}#{token[place + 1 :]}")
    assert not any(map(is_token_text, ("", MARK, token[len(MARK) :], f"{token} ", f"{token}é")))
