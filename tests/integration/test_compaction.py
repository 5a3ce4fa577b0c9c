"""What is over leaves SQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from visualizer.repo.compaction import compact
from visualizer.repo.drawn_models import ConfigSnapshot

pytestmark = pytest.mark.django_db
NOW = 1_000_000


def test_configs_nobody_declares_any_more_go_but_for_the_newest_of_each_host() -> None:
    for url, ago_s in (("a", 10), ("a", 5000), ("a", 9000), ("b", 7000), ("b", 8000), ("b", 9000)):
        at = datetime.fromtimestamp(NOW - ago_s, UTC)
        ConfigSnapshot.objects.create(
            content_hash=f"{url}{ago_s}", host_url=url, content={}, first_seen=at, last_seen=at
        )
    compact(now_s=NOW, retention_s=6000, fine_s=900)
    kept = ConfigSnapshot.objects.order_by("content_hash").values_list("content_hash", flat=True)
    assert list(kept) == ["a10", "a5000", "b7000"]
