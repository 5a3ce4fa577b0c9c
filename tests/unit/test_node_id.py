from __future__ import annotations

import pytest

from collector.models.activity import ActivityKey
from visualizer.models.node_id import EXPANDED, STANDARD, activity_event_id, activity_stream_id, app_key


@pytest.mark.parametrize(
    ("name", "version", "key"),
    [
        ("simple-example", "0.30", "simple_example.0x30"),
        ("ordersApp", "1.2.3", "orders_app.1x2x3"),
        ("My-App", "1", "my__app.1"),
        ("a.b", "1.0-RC", "axb.1x0__r_c"),
        ("with space\tand tab", "2", "with_space_and_tab.2"),
        ("Ärger", "1", "ärger.1"),
    ],
)
def test_app_keys_are_made_as_hopeit_makes_them(name: str, version: str, key: str) -> None:
    assert app_key(name, version) == key


def test_a_stage_counts_on_its_event_in_the_standard_view() -> None:
    key = ActivityKey("a.1x0", "auth.2x0", "login$step", "stream", "s", "fast", "g")
    assert activity_event_id(key, view=STANDARD) == "a.1x0.auth.2x0.login"
    assert activity_event_id(key, view=EXPANDED) == "a.1x0.auth.2x0.login$step"


def test_a_queue_counts_on_its_stream_in_the_standard_view() -> None:
    key = ActivityKey("a.1x0", "", "read", "stream", "s", "fast", "g")
    assert activity_stream_id(key, view=STANDARD) == ">s"
    assert activity_stream_id(key, view=EXPANDED) == ">s.fast"
    assert activity_stream_id(ActivityKey("a.1x0", "", "get", "request"), view=EXPANDED) is None
