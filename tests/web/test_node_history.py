"""How a node, an edge and everything did, as charts and the API ask for it."""

from __future__ import annotations

import time

import pytest

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey
from tests.web.history import A2, remember
from visualizer.interfaces.node_history import read_node_history, read_whole_history
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.models.history_series import HistoryPoint, HistorySeries
from visualizer.models.node_id import STANDARD

pytestmark = pytest.mark.django_db
PAY = ActivityKey("shop.1x0", "", "pay", "request")
SHIP = ActivityKey("shop.1x0", "", "ship", "stream", stream="orders", queue="AUTO")
FACTS = PanelFacts(STANDARD)


def busy(series: HistorySeries) -> list[HistoryPoint]:
    """The points at which anything happened."""
    assert len(series.points) == (series.until_s - series.from_s) // series.step_s
    return [point for point in series.points if point != HistoryPoint()]


def test_a_nodes_servers_and_activities_are_one_line() -> None:
    remember(PAY, done=3, failed=1, ago_s=7200, duration_bucket=bucket_index(20.0))
    remember(PAY, done=2, ago_s=7200, server=A2)
    remember(SHIP, done=5, ago_s=7200, duration_bucket=bucket_index(300.0))
    since_s, until_s = time.time() - 86_000, time.time()
    (paid,) = busy(read_node_history(FACTS, "shop.1x0.pay", since_s=since_s, until_s=until_s))
    assert (paid.started, paid.ended, paid.failed) == (6, 6, 1)
    assert paid.p95_ms == pytest.approx(20, rel=0.03)
    (waited,) = busy(read_node_history(FACTS, ">orders", since_s=since_s, until_s=until_s))
    assert waited.ended == 5
    assert waited.p50_ms == pytest.approx(300, rel=0.03)
    (everything,) = busy(read_whole_history(since_s=since_s, until_s=until_s))
    assert (everything.ended, everything.failed) == (11, 1)
    assert read_whole_history(since_s=until_s - 900, until_s=until_s).width_s == 60, "finer ones are not summed up"


def test_nothing_that_ran_is_a_line_of_nothing() -> None:
    series = read_node_history(FACTS, "shop.1x0.pay", since_s=time.time() - 900, until_s=time.time(), most=100)
    assert busy(series) == []
    assert 90 <= len(series.points) <= 101
