"""A real hopeit server is asked over HTTP, and its graph comes alive in a real browser."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.live_page import running, stats, wait_for_graph
from tests.hopeit_server import HopeitServer, hopeit_server
from tests.world import World, wait_until

pytestmark = pytest.mark.network
APP = "little_shop.1x0"


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
        wait_until(lambda: [stats(page, node)["started"] for node in path] == [1, 1, 1, 1])
        wait_until(lambda: [stats(page, node)["done"] for node in path[1::2]] == [1, 1])
