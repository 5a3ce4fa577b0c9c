from __future__ import annotations

import pytest

from visualizer.interfaces.origin import may_connect

HOST = b"localhost:8000"
ALLOWED = ["localhost", "127.0.0.1", "[::1]", "graph.example.org"]
TRUSTED = ["https://graph.example.org"]


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (b"http://localhost:8000", HOST, True),
        (b"http://[::1]:8000", b"[::1]:8000", True),
        (b"http://localhost", b"localhost:80", True),
        (b"https://graph.example.org", b"127.0.0.1:8000", True),  # behind a proxy, trusted by name
        (b"https://localhost:8000", HOST, False),  # another scheme
        (b"http://localhost:8001", HOST, False),  # another port
        (b"http://localhost", HOST, False),  # no port
        (b"http://127.0.0.1:8000", HOST, False),  # another name of the same machine
        (b"http://evil.example:8000", HOST, False),
        (b"http://localhost:8000.evil.example", HOST, False),  # a suffix
        (b"http://sub.localhost:8000", HOST, False),
        (b"https://sub.graph.example.org", HOST, False),
        (b"http://evil.example:8000", b"evil.example:8000", False),  # DNS rebinding: own, but not ours
        (b"HTTP://LOCALHOST:8000", HOST, False),  # no browser writes this
        (b"http://xn--lcalhost-w8a:8000", HOST, False),
        ("http://lоcalhost:8000".encode(), HOST, False),  # a Cyrillic о
        (b"null", HOST, False),
        (b"", HOST, False),
        (b"http://localhost:8000/", HOST, False),
        (b"http://user@localhost:8000", HOST, False),
    ],
)
def test_only_our_own_pages_may_open_a_socket(origin: bytes, host: bytes, allowed: bool) -> None:
    headers = [(b"host", host), (b"origin", origin)]
    assert may_connect(headers, is_tls=False, allowed_hosts=ALLOWED, trusted_origins=TRUSTED) is allowed


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"host", HOST)],
        [(b"origin", b"http://localhost:8000")],
        [(b"host", HOST), (b"origin", b"http://localhost:8000"), (b"origin", b"http://evil.example")],
        [(b"host", HOST), (b"host", b"evil.example"), (b"origin", b"http://localhost:8000")],
    ],
)
def test_headers_that_are_missing_or_stand_twice_are_refused(headers: list[tuple[bytes, bytes]]) -> None:
    assert not may_connect(headers, is_tls=False, allowed_hosts=ALLOWED, trusted_origins=TRUSTED)
