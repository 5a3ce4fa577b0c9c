"""What the linter takes from an app's settings, untrusted: time-outs of its events, and findings it says are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from visualizer.core.untrusted import as_text
from visualizer.models.runtime_config import EventTimeouts

#: hopeit hands free settings through: `"settings": {"eventscope": {"accept": […]}}`.
_OURS = "eventscope"
#: More would be no exceptions any more.
_MOST_ACCEPTED = 200


def read_timeouts(app_config: Mapping[str, Any]) -> dict[str, EventTimeouts]:
    """
    Event without its app → its time-outs; what is no number is hopeit's default.

    Args:
        app_config: AppConfig; `effective_settings` holds what hopeit works with, its defaults included.
    """
    return {
        event: EventTimeouts(
            response_s=_seconds(settings.get("response_timeout"), EventTimeouts().response_s),
            stream_s=_seconds(_dict(settings.get("stream")).get("timeout"), EventTimeouts().stream_s),
        )
        for event, settings in _dict(app_config.get("effective_settings")).items()
        if isinstance(event, str) and isinstance(settings, dict)
    }


def read_accepted(app_config: Mapping[str, Any]) -> tuple[str, ...]:
    """The texts of `settings.eventscope.accept`."""
    accepted = _dict(_dict(app_config.get("settings")).get(_OURS)).get("accept")
    return tuple(_texts(accepted))[:_MOST_ACCEPTED]


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else ():
        if text := as_text(item, "", lambda _: None):
            yield text.strip()


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _seconds(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else default
