"""
What edges rest on, in Redis (EVIDENCE, EVIDENCE_VERSION). Only what declared and observed do not agree on: of the rest
everybody knows that it is confirmed.
"""

from __future__ import annotations

from collector.models import redis_keys
from visualizer.models.evidence import Evidence
from visualizer.repo.by_view import ByView

#: Edge id → what it rests on.
_KEPT = ByView(Evidence, key=redis_keys.EVIDENCE, version_key=redis_keys.EVIDENCE_VERSION)
read_evidence, evidence_from, keep_evidence = _KEPT.read, _KEPT.of, _KEPT.keep
