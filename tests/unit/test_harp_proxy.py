"""A HARP proxy's answers: what is drawn of it, how its remotes are, and its transactions counted as a log is."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from collector.core.harp_reading import HarpReading, open_ones
from collector.core.harp_system import HarpApp, harp_config, pools, remote_states
from collector.core.harp_transactions import (
    MESSAGE_BYTES,
    HarpCounts,
    count_transactions,
    has_begun_anew,
    last_whole,
    number_messages,
)
from collector.models.activity import Status
from collector.models.batch import encode_batch
from collector.models.file_record import FileRecord, content_hash
from collector.models.harp_answer import HarpPage, HarpProxy, HarpTransaction
from collector.models.host import ALIVE, ERROR, UNKNOWN
from tests.harp_server import API, HarpStorage, recorded, recorded_transactions
from visualizer.core.batch_check import check_batch
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.core.topology import build_topology

APP = HarpApp("http://10.0.0.5:4180", "0.12.0")
NAME = "harp 10.0.0.5:4180"


def proxy(answer: Any) -> HarpProxy:
    return msgspec.convert(answer, HarpProxy)


def read(transactions: list[dict[str, Any]]) -> list[HarpTransaction]:
    return msgspec.convert(transactions, list[HarpTransaction])


def page(transactions: list[dict[str, Any]]) -> HarpPage:
    return HarpPage(read(transactions), 9)


def count(transactions: list[dict[str, Any]], *, after: int, end: int | None = None) -> HarpCounts:
    items, asked = read(transactions), proxy(recorded("system_proxy.json"))
    end = last_whole(items) if end is None else end
    return count_transactions(
        number_messages(items), after=after, end=end, app=APP, pools=pools(asked, APP), received_s=1.0
    )


def runs(counts: HarpCounts) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for cell in counts.batch.counts:
        if (key := counts.batch.keys[cell.key]).kind == "request":
            found[key.event, Status(cell.status).name] += cell.count
    return found


def test_what_changes_with_every_request_is_no_change_and_a_dead_replica_is() -> None:
    seen = [json.loads(line)["body"] for line in (API / "system_proxy.timeline.ndjson").read_text().splitlines()]
    assert len({msgspec.json.encode(harp_config(proxy(body), APP)) for body in seen}) == 1
    states = [remote_states(proxy(body), APP) for body in seen]
    assert {each[f"{NAME}: orders → 127.0.0.1:9102"][0] for each in states} == {ALIVE, ERROR}
    assert states[-1][f"{NAME}: inventory → 127.0.0.1:9199"] == (ERROR, "PROBE_CONNECT_ERROR")
    assert states[-1][f"{NAME}: legacy → 127.0.0.1:9198"][0] == UNKNOWN


def test_its_endpoints_are_drawn_with_the_remotes_they_call() -> None:
    config = harp_config(proxy(recorded("system_proxy.json")), APP)
    topology = build_topology(read_runtime_apps(config, source="harp"), view="standard")
    key = "harp_10x0x0x5:4180.0x12x0"
    assert [app.key for app in topology.apps] == [key] == [APP.key]
    assert not topology.warnings
    calls = {(edge.source, edge.target) for edge in topology.edges if edge.kind == "call"}
    assert (f"{key}.orders", "@127.0.0.1:9102") in calls
    assert len(calls) == 6


def test_every_message_of_the_recordings_is_counted_once() -> None:
    items = recorded_transactions()
    numbers = [message["id"] for each in items for message in each["messages"]]
    counts = count([*items, *items[:30]], after=min(numbers) - 1, end=max(numbers))
    check_batch(counts.batch, size_bytes=(max(numbers) - min(numbers) + 1) * MESSAGE_BYTES)
    assert runs(counts).total() == len(numbers)
    assert counts.missing == max(numbers) - min(numbers) + 1 - len(numbers)
    expected = Counter((each["endpoint"], "START") for each in items) + Counter(
        (each["endpoint"], "FAILED" if each["extras"]["status_class"] in ("ERR", "5xx") else "DONE") for each in items
    )
    assert runs(counts) == expected
    asked = sum(call.count for call in counts.batch.calls)
    assert sum(cell for each in counts.batch.counts for cell in each.durations.values()) == len(items) + asked


def test_rounds_add_up_to_one_look_at_all() -> None:
    items = recorded_transactions()
    numbers = sorted(message["id"] for each in items for message in each["messages"])
    places = [numbers[0] - 1, numbers[len(numbers) // 3], numbers[len(numbers) // 2], numbers[-1]]
    parts = [count(items, after=after, end=end) for after, end in pairwise(places)]
    whole = count(items, after=places[0], end=places[-1])
    assert sum((runs(part) for part in parts), Counter()) == runs(whole)


def test_nothing_that_a_client_sent_is_kept() -> None:
    storage = HarpStorage()
    storage.serve(1, status_class="5xx")
    counts = count(storage.transactions, after=0)
    assert [(entry.cause, entry.operation_id) for entry in counts.batch.failures] == [
        ("HTTP/1.1 500 Internal Server Error", storage.transactions[0]["id"])
    ]
    assert b"secret" not in encode_batch(counts.batch)


def test_calls_are_shared_out_evenly_and_one_from_the_cache_is_none() -> None:
    storage = HarpStorage()
    for number in range(10):
        storage.serve(number)
    storage.transactions[0]["extras"]["cached"] = True
    storage.serve(10, endpoint="payments", status_class="ERR")
    batch = count(storage.transactions, after=0).batch
    calls: Counter[str] = Counter()
    for call in batch.calls:
        calls[batch.keys[call.callee].stream] += call.count
    calling = [cell for cell in batch.counts if batch.keys[cell.key].kind == "call"]
    assert sum(cell.count for cell in calling) == 2 * sum(calls.values())
    # Nothing is in the pool of `payments`: nobody was asked.
    assert sorted(calls) == ["127.0.0.1:9101", "127.0.0.1:9102"]
    assert sorted(calls.values()) == [4, 5]


def test_an_end_that_is_not_finished_yet_waits_but_not_for_ever() -> None:
    storage = HarpStorage()
    storage.serve(1)
    torn = storage.begin(2, second=2)
    storage.end(torn)
    torn["finished_at"] = torn["elapsed"] = None
    assert last_whole(read(storage.transactions)) == 3
    storage.serve(60)
    assert last_whole(read(storage.transactions)) == 6


@pytest.mark.parametrize("begun", [0, 2, 9])
def test_a_storage_that_begins_anew_is_known_by_its_last_message(begun: int) -> None:
    before, after = HarpStorage(), HarpStorage()
    for number in range(4):
        before.serve(number)
    for number in range(begun):
        after.serve(100 + number)
    last = content_hash(before.transactions[-1]["id"].encode())
    same = number_messages(read(before.transactions))
    assert not has_begun_anew(same, last=8, tail_hash=last)
    assert has_begun_anew(number_messages(read(after.transactions)), last=8, tail_hash=last) == (begun > 0)


def test_pages_are_asked_for_until_every_number_is_told() -> None:
    storage = HarpStorage()
    long_one = storage.begin(0)
    for number in range(1, 12):
        storage.serve(number)
    storage.end(long_one)
    newest = storage.transactions[::-1]
    pages = [page(newest[:4]), page(newest[4:8]), page(newest[8:])]
    reading = HarpReading(FileRecord(file_id="f", offset=5 * MESSAGE_BYTES))
    assert [reading.is_enough(pages[:n]) for n in (1, 2, 3)] == [False, False, True]
    assert reading.end(pages) == 23
    # What was open is asked for by name, and its end is told though it stands on no page.
    named = HarpReading(FileRecord(file_id="f", offset=9 * MESSAGE_BYTES), named=read([long_one]))
    assert [named.is_enough(pages[:n]) for n in (1, 2)] == [False, True]
    assert (named.end(pages), named.numbered(pages[:1])[24][1].kind) == (24, "response")
    # What is gone for good is not looked for in every page there is.
    assert HarpReading(FileRecord(file_id="f", offset=23 * MESSAGE_BYTES)).is_enough([page(newest[1:4])] * 3)
    assert HarpReading(None).is_enough(pages) is False
    assert HarpReading(None, from_end=True).is_enough(pages[:1])
    assert open_ones(read([storage.begin(99), *newest])) == [f"3MTQ{99:023d}"]
