"""The thread that hears Celery's events says what is wrong, whatever it is, and goes on trying."""

from __future__ import annotations

import pytest

from collector.io.celery_broker import CeleryListener
from tests.world import wait_until


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (":1x/very-secret", "its URL cannot be read, nor shown"),
        (":{port}/very-secret", "ValueError, which nobody expected; it is tried again"),
    ],
)
def test_what_nobody_expected_is_said_and_tried_again(valkey_url: str, path: str, problem: str) -> None:
    listener = CeleryListener(f"redis://127.0.0.1{path.format(port=valkey_url.rpartition(':')[2].partition('/')[0])}")
    wait_until(lambda: listener.problem)
    assert listener.problem == problem
    # As if somebody had mended it: it is asked again.
    listener._url = valkey_url
    wait_until(lambda: not listener.problem)
    listener.close()
