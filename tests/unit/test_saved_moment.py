"""When a saved file has frames, and what its words may tell."""

from __future__ import annotations

from functools import partial

import pytest

from visualizer.core.inert_json import inert_json
from visualizer.core.saved_times import MOST_FRAMES, saved_times
from visualizer.core.saved_words import without_hosts


@pytest.mark.parametrize(
    ("until_s", "step_s", "last", "every"),
    [(1005, 10, 1000, 1), (900, 10, 1000, 1), (1601, 10, 1600, 1), (1620, 10, 1620, 2), (99_999, 60, 2760, 1)],
)
def test_a_long_incident_has_no_more_frames_than_a_short_one(
    until_s: float, step_s: int, last: int, every: int
) -> None:
    times, apart = saved_times(1005.5, until_s, step_s=step_s)
    assert (times[0], times[-1], times.step, apart) == (1005 - 1005 % step_s, last, step_s, every)
    assert len(times[::apart]) <= MOST_FRAMES + 1


def test_a_host_is_named_only_where_the_graph_shows_it() -> None:
    text = "another config of http://10.1.2.3:8020/a; https://pay.example: 9 % failed"
    said = partial(without_hosts, hosts={"a17", "shop", "the cellar"}, shown="shop.1x0.pay\nhttps://pay.example")
    assert said(text) == "another config of a host; https://pay.example: 9 % failed"
    assert without_hosts(text, hosts=(), shown="") == "another config of a host; a host 9 % failed"
    assert said("It has not answered: nobody listens on a17.") == "It has not answered: nobody listens on a host."
    assert said("shop: 2 processes on a17 replaced within 3 s") == "shop: 2 processes on a host replaced within 3 s"
    assert (
        said("no process stays on the cellar: 9 ended, a17.b not") == "no process stays on a host: 9 ended, a17.b not"
    )


def test_json_ends_no_script() -> None:
    assert inert_json('"</script><!--&\u2028"') == '"\\u003C/script\\u003E\\u003C!--\\u0026\\u2028"'
