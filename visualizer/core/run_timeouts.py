"""After what time a run is given up, by what is declared; where nothing is, by a default that is said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from collector.models.activity import ActivityKey
from visualizer.core.lint_facts import plugin_of
from visualizer.models.node_id import STANDARD, activity_event_id, base_event
from visualizer.models.runtime_config import AppConfig, EventConfig, EventTimeouts, RuntimeConfig

#: Of what no config declares: hopeit's own default.
DEFAULT_S = 60.0
#: hopeit gives up neither a SERVICE nor a SETUP; longer than this is worth a look.
UNTIMED_S = 300.0


class Timeout(NamedTuple):
    """Of a run."""

    seconds: float
    #: Nobody declares it.
    is_default: bool


class RunTimeouts:
    """Of every event."""

    def __init__(self, config: RuntimeConfig) -> None:
        apps = {app.key: app for app in config.apps}
        #: Event id without stage → type and time-outs.
        self._declared: dict[str, tuple[str, EventTimeouts]] = {}
        for app in config.apps:
            for event in app.events:
                self._declared[base_event(event.key)] = event.type, declared_timeouts(app, event, apps)

    def of(self, key: ActivityKey) -> Timeout:
        """After what time a run of this activity is given up."""
        if key.kind in ("service", "setup"):
            return Timeout(UNTIMED_S, True)
        found = self._declared.get(activity_event_id(key, view=STANDARD))
        if found is None:
            return Timeout(DEFAULT_S, True)
        event_type, timeouts = found
        if event_type in ("SERVICE", "SETUP"):
            return Timeout(UNTIMED_S, True)
        return Timeout(timeouts.stream_s if key.kind == "stream" else timeouts.response_s, False)


def declared_timeouts(app: AppConfig, event: EventConfig, apps: Mapping[str, AppConfig]) -> EventTimeouts:
    """As hopeit looks them up: the app's for an event of that name, else those of the plugin it comes from."""
    plugin, name = plugin_of(app, event)
    owners = [app, *(apps[key] for key in (plugin,) if key in apps)]
    return next((owner.timeouts[name] for owner in owners if name in owner.timeouts), EventTimeouts())
