"""A server is gone when its config says so, not when a config was only late."""

from __future__ import annotations

import pytest

from collector.models.activity import Server
from collector.models.host import ALIVE, ERROR
from visualizer.core.gone_servers import gone_servers
from visualizer.models.listed_servers import ListedServers

APP = "shop.1x0"
NOW = 1000.0
OLD, NEW = Server("vm", "1"), Server("vm", "2")


def host(*servers: Server, status: str = ALIVE, since_s: float = 0.0, polled_s: float = 990.0) -> ListedServers:
    return ListedServers(status=status, since_s=since_s, polled_s=polled_s, apps={APP: frozenset(servers)})


@pytest.mark.parametrize(
    ("hosts", "seen_s", "is_gone"),
    [
        ([], 0.0, False),  # nobody polls: nobody knows
        ([host(OLD)], 0.0, False),
        ([host(NEW)], 0.0, True),
        ([host(NEW)], 995.0, False),  # it logged after the poll: the poll is too old to know
        ([host(NEW), host(OLD)], 0.0, False),
        ([host(OLD, status=ERROR, since_s=950.0)], 0.0, False),
        ([host(OLD, status=ERROR, since_s=940.0)], 0.0, True),
        ([host(OLD, status=ERROR, since_s=940.0), host(NEW)], 0.0, True),
    ],
)
def test_a_server_is_gone_when_no_believed_config_lists_it(
    hosts: list[ListedServers], seen_s: float, is_gone: bool
) -> None:
    gone = gone_servers({(APP, 7)}, hosts, named={7: OLD}, seen_s={7: seen_s}, now_s=NOW)
    assert gone == (frozenset({(APP, 7)}) if is_gone else frozenset())


def test_an_app_nobody_polls_keeps_its_servers() -> None:
    assert not gone_servers({("other.1x0", 7)}, [host(NEW)], named={7: OLD}, seen_s={}, now_s=NOW)
