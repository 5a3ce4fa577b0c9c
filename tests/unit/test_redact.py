"""What must not be seen is not seen, and what must be read can be read."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.redact import is_secret_name, keyed_mark, redact_text

CANARY = "c4n4ry-Zq9"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\nMIIE{CANARY}\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "text",
    [
        f"redis://:{CANARY}@cache:6379/0",
        f"amqp://user:{CANARY}@queue/vhost",
        f"connecting to postgres://user:p@ss/{CANARY}@db/shop now",
        f"https://{CANARY}@example.org/path",
        f"Authorization: Bearer {CANARY}",
        f"{{'Authorization': 'Basic {CANARY}', 'Accept': '*/*'}}",
        f'proxy-authorization = "Digest username={CANARY}"',
        f"Cookie: a=1; session={CANARY}; b=2",
        f"upstream said no to Bearer {CANARY}",
        f"password={CANARY}",
        f"PGPASSWORD={CANARY} psql",
        f'{{"password": "two words {CANARY}", "user": "bob"}}',
        f'{{"password": "with \\" a quote {CANARY}"}}',
        f'"{{\\"password\\": \\"{CANARY}\\"}}"',
        f"cfg: passphrase: {CANARY}",
        f"login(user='bob', api_key='{CANARY}')",
        f"extra.clientSecret={CANARY} | track.request_id=7",
        f"Server=db;Password={CANARY};Database=shop",
        f"https://example.org/cb?code=1&access_token={CANARY}&x=2",
        f"outer=token={CANARY}",
        f"auth: private_key={CANARY}",
        f"ValueError: bad DSN dsn='{CANARY}'",
        f"token := {CANARY}",
        f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{CANARY}",
        PEM,
        PEM[:-10],
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARY}",
    ],
)
def test_a_planted_secret_does_not_survive(text: str) -> None:
    shown = redact_text(text)
    assert CANARY not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    "shape",
    [
        "AKIA" + "A1B2" * 4,
        "AIza" + "x" * 35,
        "ya29." + "x" * 30,
        "ghp_" + "a1" * 18,
        "glpat-" + "x" * 20,
        "xoxb-1234567890-abcdef",
        "sk_live_" + "a1b2" * 6,
    ],
)
def test_known_shapes_are_found_without_a_name(shape: str) -> None:
    assert redact_text(f"got {shape}, why") == "got ***, why"


@pytest.mark.parametrize(
    "text",
    [
        "KeyError: 'token'",
        "KeyError: 17",
        "no such key: 17",
        "Basic authentication required",
        "author=Bob passenger=2 compass=N",
        "stream.app_key=orders.1x0 | track.client_app_key=shop.1x0",
        "GET http://127.0.0.1:8080/mail@home failed",
        "ValueError: negative amount | amount=-1.0",
        'File "/srv/shop/token_store.py", line 12, in get_token\n    raise KeyError(name)',
        "password=None",
        "eyJ is how it begins",
    ],
)
def test_what_an_operator_reads_at_night_stays(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize("name", ["auth_passphrase", "X-Api-Key", "track.sessionId", "PGPASSWORD", "sshkey", "dbPwd"])
def test_names_are_secret_in_every_spelling(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["author", "authority", "passenger", "monkeys_", "keyboard", "design", "considered"])
def test_names_that_only_look_alike_are_not(name: str) -> None:
    assert is_secret_name(name) == (name == "monkeys_")  # ends in "keys": better hidden than guessed


def test_a_keyed_mark_tells_values_apart_and_nothing_more() -> None:
    mark, other = keyed_mark(b"one"), keyed_mark(b"two")
    assert mark("a") == mark("a") != mark("b")
    assert mark("a") != other("a")
    assert len(mark("a")) == len(mark("a much longer one"))


_words = ["password", "token", "key", "auth", "Bearer ", "Authorization", "cookie", "eyJabcdefg", "a", "7", "***"]
_signs = ["=", ":", ": ", '"', "'", "\\", "://", "@", " ", "\n", "&", ";", ".", "{", "|", "***:0a1b2c3d"]
_pieces = st.sampled_from([*_words, *_signs, "-----BEGIN PRIVATE KEY-----"])


@given(st.lists(_pieces, max_size=30).map("".join) | st.text(max_size=80))
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once
    marked = redact_text(text, keyed_mark(b"k"))
    assert redact_text(marked, keyed_mark(b"k")) == marked


@given(
    before=st.text(max_size=30),
    secret=st.text(string.ascii_letters + string.digits + "!#$%*+,-./<>?@^_~", min_size=1, max_size=30),
)
def test_whatever_stands_before_a_pair_the_value_goes(before: str, secret: str) -> None:
    canary = f"{secret}{CANARY}"
    assert CANARY not in redact_text(f"{before} db_password={canary} after")


@pytest.mark.parametrize(
    "piece",
    [
        "a://",
        "http://a:b",
        "a://a:",
        "a://a@",
        "a=",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
        "password=",
        "x",
        "Bearer ",
        " ",
        "a: ",
        "'",
        "a@",
        "\\",
    ],
)
def test_time_grows_with_length_not_with_its_square(piece: str) -> None:
    # Square time on 64 KiB would be minutes; this bound is far above anything linear, and no claim of speed.
    text = (piece * 65536)[:65536]
    start = time.process_time()
    redact_text(text)
    assert time.process_time() - start < 5
