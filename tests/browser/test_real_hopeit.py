"""A real hopeit server is asked over HTTP, and its graph comes alive in a real browser."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.live_page import running, stats, wait_for_graph
from tests.hopeit_server import HopeitServer, hopeit_server
from tests.world import World, wait_until

pytestmark = pytest.mark.network
APP = "little_shop.1x0"
#: Node, number, what it is.
Count = tuple[str, str, int]


def remember(seen: list[Count], page: Page, places: Iterable[Count]) -> list[Count]:
    """Add what is counted there: numbers are of a minute, that of the first may be over before the last is there."""
    nodes = page.evaluate("eventscope.snapshot().nodes")
    told = [(node, name, nodes[node]["stats"][name]) for node, name, _ in places]
    seen += [each for each in told if each[2]]
    return seen


def test_a_request_to_a_real_server_is_seen_along_its_whole_way(tmp_path: Path, migrated: Path, page: Page) -> None:
    servers: list[HopeitServer] = []
    with ExitStack() as stack:

        def watch_a_server(world: World) -> None:
            servers.append(stack.enter_context(hopeit_server(tmp_path / "hopeit", redis_url=world.redis_url)))
            world.env |= {"EVENTSCOPE_LOGS": str(servers[0].logs / "*.log"), "EVENTSCOPE_HOSTS": servers[0].url}

        eventscope = stack.enter_context(running(World(tmp_path / "w", migrated=migrated), prepare=watch_a_server))
        eventscope.sign_in(page)
        wait_for_graph(page, f"{APP}.place_order")
        assert stats(page, f"{APP}.place_order").get("done", 0) == 0
        assert servers[0].place_order("o1", 2) == 200
        path = (f"{APP}.place_order.POST", f"{APP}.place_order", ">little_shop.orders", f"{APP}.pack_order")
        ids = page.evaluate("Object.keys(eventscope.snapshot().nodes)")
        assert set(path) <= set(ids), ids
        expected = {(node, "started", 1) for node in path} | {(node, "done", 1) for node in path[1::2]}
        seen: list[Count] = []
        wait_until(lambda: set(remember(seen, page, expected)) == expected)
