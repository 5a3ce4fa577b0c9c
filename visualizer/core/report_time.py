"""Times as people give them to `report`: a moment, or how long ago."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from collector.lib.setting_readers import seconds


def parse_report_time(text: str, *, now_s: float) -> float:
    """
    Unix seconds of "2026-11-22T18:30Z", "2026-11-22" (UTC where no zone is given) or "15m" (that long before now).

    Raises:
        ValueError: the text is neither; it says what was expected.
    """
    text = text.strip()
    try:
        ago_s = seconds(text)
    except ValueError:
        pass
    else:
        return max(0.0, now_s - ago_s)
    try:
        moment = datetime.fromisoformat(text)
        at_s = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        at_s = float("nan")
    if not isfinite(at_s) or at_s < 0:
        raise ValueError("expected a time such as 2026-11-22T18:30Z, or how long ago, such as 15m, 2h or 7d")
    return at_s
