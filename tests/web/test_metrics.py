from __future__ import annotations

import re
import time
from typing import Any

import pytest
import redis
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from collector.lib.sampling import EVERYTHING
from collector.models import redis_keys
from collector.models.file_status import FileStatus
from tests.told_brokers import group, stream, tell_broker
from tests.told_files import read_file, tell_beat, tell_files
from tests.tools.metrics_doc import DOC, metrics_doc
from visualizer.core import source_labels
from visualizer.core.source_labels import MAX_CHARS, label_sources, source_label
from visualizer.models.metric import METRICS
from visualizer.repo.cardinality_models import CardinalityLimit
from visualizer.repo.models import LostBytes, Source, SourceBytes


def late(path: str, **fields: Any) -> FileStatus:
    return read_file(path, **{"lag_bytes": 500, "behind_since_s": time.time() - 30, **fields})


def scraped(client: Client) -> str:
    return str(client.get("/metrics").content.decode())


@pytest.fixture
def full(live: redis.Redis, db: None) -> redis.Redis:
    """Everything that can be said is said."""
    tell_beat(live)
    tell_files(live, [late("/logs/a.log")])
    tell_broker(live, stream("orders", group(), group("spies", waiting=None)))
    live.set(redis_keys.SAMPLING, str(EVERYTHING // 64))
    source = Source.objects.create(file_id="f", generation=0, shard=0, path="/logs/a.log", high_water=900)
    SourceBytes.objects.create(source=source, fate="parsed", lines=9, size_bytes=800)
    SourceBytes.objects.create(source=source, fate="skipped", reason="stats", lines=1, size_bytes=100)
    SourceBytes.objects.create(source=source, fate="skewed", lines=4, size_bytes=400)
    LostBytes.objects.create(file_id="f", generation=0, reason="truncated", size_bytes=7)
    for shard in (0, 1):
        CardinalityLimit.objects.create(
            dimension="events", within="", shard=shard, names_beyond=20, offender="shop.1x0", first_s=1, last_s=2
        )
    return live


def test_a_source_tells_how_far_behind_it_is_and_what_became_of_its_lines(full: redis.Redis, client: Client) -> None:
    text = scraped(client)
    assert 'eventscope_collector_lag_bytes{source="/logs/a.log"} 500.0' in text
    assert re.search(r'eventscope_collector_lag_seconds{source="/logs/a.log"} 3\d\.', text)
    assert 'eventscope_collector_lines_total{reason="",result="parsed",source="/logs/a.log"} 9.0' in text
    assert 'eventscope_collector_bytes_total{reason="stats",result="skipped",source="/logs/a.log"} 100.0' in text
    assert "skewed" not in re.sub(r"eventscope_counted.*", "", text)
    assert 'eventscope_lost_bytes_total{reason="truncated"} 7.0' in text
    assert 'eventscope_collector_up{collector="a1:4711"} 1.0' in text
    assert f"eventscope_sampling_ratio {1 / 64}" in text
    assert 'eventscope_cardinality_beyond{dimension="events"} 40.0' in text
    assert 'eventscope_rollup_waiting{shard="0"} 0.0' in text
    assert re.search(r"eventscope_redis_memory_bytes \d", text)


def test_a_broker_tells_what_waits_and_nothing_of_what_is_not_known(full: redis.Redis, client: Client) -> None:
    text = scraped(client)
    assert 'eventscope_broker_up{broker="redis://broker:6379"} 1.0' in text
    assert 'eventscope_stream_length{stream="orders"} 500.0' in text
    assert 'eventscope_stream_waiting{group="packers",stream="orders"} 200.0' in text
    assert 'eventscope_stream_waiting{group="spies"' not in text
    assert 'eventscope_stream_pending{group="spies",stream="orders"} 3.0' in text
    assert 'eventscope_stream_stuck_consumers{group="packers",stream="orders"} 0.0' in text
    tell_broker(full, stream("orders", group()), ago_s=60)
    text = scraped(client)
    assert 'eventscope_broker_up{broker="redis://broker:6379"} 0.0' in text
    assert "eventscope_stream_length{" not in text


def test_a_collector_that_is_silent_is_down(full: redis.Redis, client: Client) -> None:
    tell_beat(full, collector_id="b:1", ago_s=60)
    assert 'eventscope_collector_up{collector="b:1"} 0.0' in scraped(client)


def test_files_beyond_the_most_are_summed_up(
    full: redis.Redis, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_labels, "MAX_SOURCES", 2)
    tell_files(full, [late("/logs/b.log", lag_bytes=900), *(late(f"/logs/{n}", lag_bytes=n) for n in range(5))])
    text = scraped(client)
    labels = set(re.findall(r'eventscope_collector_lag_bytes{source="(.*?)"}', text))
    assert labels == {"/logs/b.log", "/logs/a.log", "other"}
    assert 'eventscope_collector_lag_bytes{source="other"} 10.0' in text


def test_the_page_of_metrics_is_complete(full: redis.Redis, client: Client) -> None:
    text = scraped(client)
    assert set(re.findall(r"^# HELP (eventscope_\w+)", text, re.MULTILINE)) == set(METRICS)
    assert set(re.findall(r"^\| `(eventscope_\w+)`", DOC.read_text(), re.MULTILINE)) == set(METRICS)
    assert DOC.read_text() == metrics_doc()


def test_each_family_has_the_labels_it_says(full: redis.Redis, client: Client) -> None:
    for name, labels in re.findall(r"^(eventscope_\w+)(?:{(.*)})? \S+$", scraped(client), re.MULTILINE):
        assert set(re.findall(r'(\w+)="', labels)) == set(METRICS[name].labels)


@given(st.text(max_size=400))
def test_a_label_is_short_and_visible(path: str) -> None:
    assert len(source_label(path)) <= MAX_CHARS
    assert source_label(path).isprintable()


def test_long_paths_that_differ_have_labels_that_differ() -> None:
    end = "x" * 200
    assert len({source_label(f"/a/{end}"), source_label(f"/b/{end}")}) == 2
    assert len(label_sources({str(number): 0 for number in range(1500)})) == 1000
