"""The rollup counts each batch once, whatever is sent twice, lost or moved."""

from __future__ import annotations

import redis

from collector.models.activity import Status
from collector.models.ingest_answer import Answer
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import LINE_BYTES, ShippedFile
from visualizer.repo.models import Bucket, Source, Total

NOW = 1_000_000


def test_nothing_is_ingested_before_a_rollup_said_ready(valkey: redis.Redis, valkey_url: str) -> None:
    assert ShippedFile(valkey_url).make() is Answer.WAIT


def test_a_shipped_batch_is_counted_in_totals_and_both_buckets(rollup: SteppedRollup, valkey_url: str) -> None:
    file = ShippedFile(valkey_url)
    assert file.make() is Answer.OK
    assert file.run(Status.START, Status.DONE, second=NOW - 7) is Answer.OK
    rollup.work()
    total = Total.objects.get()
    assert (total.started, total.done, total.failed, total.last_s) == (1, 1, 0, NOW - 7 + 0)
    assert sorted(Bucket.objects.values_list("width_s", "start_s", "started")) == [(1, NOW - 7, 1), (10, NOW - 10, 1)]
    assert Source.objects.get().high_water == 2 * LINE_BYTES
