"""What stands still, in Redis (STANDSTILLS, STANDSTILLS_VERSION)."""

from __future__ import annotations

from collector.models import redis_keys
from visualizer.models.standstill import Standstill
from visualizer.repo.by_view import ByView

#: Node id → what stands still there.
_KEPT = ByView(Standstill, key=redis_keys.STANDSTILLS, version_key=redis_keys.STANDSTILLS_VERSION)
read_standstills, standstills_from, keep_standstills = _KEPT.read, _KEPT.of, _KEPT.keep
