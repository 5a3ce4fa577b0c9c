"""However many names come: few are kept apart, nothing is lost, and who brings them is named."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.lib.distinct_estimate import DistinctEstimate
from collector.models.activity import OTHER, ActivityKey, Server
from collector.models.name_caps import NameCaps
from visualizer.core.capped_names import CappedNames

SMALL = NameCaps(apps=2, events=12, app_events=3, streams=2, queues=2, consumer_groups=2, servers=2)


class Counting:
    """Counts keys as a rollup does: what a key is counted as is taken, and remembered."""

    def __init__(self, caps: NameCaps = SMALL) -> None:
        self.names = CappedNames(caps)
        self.counts: dict[ActivityKey, int] = {}

    def count(self, key: ActivityKey) -> ActivityKey:
        """One more run."""
        counted = key if key in self.counts else self.names.counted_as(key, now_s=5)
        if counted not in self.counts:
            self.names.take(counted)
        self.counts[counted] = self.counts.get(counted, 0) + 1
        return counted


letters = st.sampled_from("abcdefghij")
keys = st.builds(
    ActivityKey,
    letters,
    st.sampled_from(["", "p", "q"]),
    letters,
    st.sampled_from(["request", "stream", "odd"]),
    st.sampled_from(["", "s", "t", "u", "v"]),
    st.sampled_from(["", "q1", "q2", "q3"]),
    st.sampled_from(["", "g1", "g2", "g3"]),
)


@given(st.lists(keys, max_size=80), st.randoms(use_true_random=False))
def test_sums_are_conserved_in_any_order_and_rows_are_bounded(came: list[ActivityKey], chance: random.Random) -> None:
    for order in (came, chance.sample(came, len(came))):
        counting = Counting()
        for key in order:
            counting.count(key)
        assert sum(counting.counts.values()) == len(came)
        apps = {key.app for key in counting.counts}
        assert len(apps - {OTHER}) <= SMALL.apps
        assert len(counting.counts) <= SMALL.events + 3 * 3 * 8
        for app in apps:
            assert len({k.event_label for k in counting.counts if k.app == app} - {OTHER}) <= SMALL.app_events
        streams = {key.stream for key in counting.counts if key.stream}
        assert len(streams - {OTHER}) <= SMALL.streams
        for stream in streams:
            assert len({k.queue for k in counting.counts if k.stream == stream} - {OTHER, ""}) <= SMALL.queues


@given(st.lists(keys, max_size=40))
def test_who_begins_again_knows_what_was_taken(came: list[ActivityKey]) -> None:
    first = Counting()
    for key in came:
        first.count(key)
    again = Counting()
    for key in first.counts:
        again.names.take(key)
    again.counts = dict(first.counts)
    for key in came:
        if key in first.counts:
            assert again.count(key) == key


def test_the_app_with_the_most_new_names_is_the_offender() -> None:
    counting = Counting(NameCaps(events=50))
    for n in range(400):
        counting.count(ActivityKey("loud.1x0" if n % 4 else f"app{n % 80}.1x0", "", f"event {n}", "request"))
    ((dimension, within, beyond),) = counting.names.passed()
    assert (dimension, within, beyond.offender) == ("events", "", "loud.1x0")
    assert beyond.names.count() == pytest.approx(350, rel=0.2)
    assert not list(counting.names.passed()), "nothing new"


def test_servers_beyond_the_cap_are_one() -> None:
    names = CappedNames(SMALL)
    counted = []
    for pid in range(4):
        counted.append(names.server_counted_as(Server("vm", str(pid)), now_s=5))
        names.take_server()
    assert counted[1:] == [Server("vm", "1"), Server(OTHER, ""), Server(OTHER, "")]


@pytest.mark.parametrize("count", [0, 1, 50, 1_000, 200_000])
def test_the_number_of_distinct_texts_is_about_right(count: int) -> None:
    estimate = DistinctEstimate()
    for n in range(count):
        estimate.add(f"name {n}")
        estimate.add(f"name {n // 2}")
    assert estimate.count() == pytest.approx(count, rel=0.2)
