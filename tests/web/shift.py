"""An evening of alerts: what runs is told, and judged every few seconds."""

from __future__ import annotations

import time
from typing import Any

import redis

from collector.lib.secret import Secret
from collector.models.alert_rule import DEFAULT_RULES
from tests.drawn_world import beat_in_redis
from tests.fed import tell_collectors
from visualizer.interfaces.judge_alerts import judge_alerts
from visualizer.interfaces.send_notifications import channels_of, send_notifications
from visualizer.models.alert import Incident
from visualizer.models.live import ActivityStats, LiveUpdate
from visualizer.repo.live_updates import LiveUpdates

CHANNELS = ("webhook 1",)


class Shift:
    """An evening: what runs is told, and judged every few seconds."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.now_s = time.time()
        self.usual: dict[str, tuple[float, str]] = {}
        #: Collectors, where there are others than one: whether they speak.
        self.speaks: dict[str, bool] = {}
        self._silent_s: dict[str, float] = {}

    def runs(self, *stats: ActivityStats) -> None:
        """What the rollup knows of the last minute."""
        updates = LiveUpdates(self.client, 0)
        updates.write_snapshot(LiveUpdate(at_s=self.now_s, changed=list(stats), reset=True))

    def passes(self, seconds: float, *, beats: bool = True, rules: Any = DEFAULT_RULES) -> list[Incident]:
        """Judge each 5 s; returns what was new in that time."""
        news: list[Incident] = []
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += 5
            if beats:
                beat_in_redis(self.client, now_s=self.now_s)
            if self.speaks:
                self._silent_s = {
                    one: 0 if is_on else self._silent_s.get(one, 0) + 5 for one, is_on in self.speaks.items()
                }
                tell_collectors(self.client, self._silent_s, now_s=self.now_s)
            news += judge_alerts(self.client, rules, CHANNELS, usual=self.usual, now_s=self.now_s)
        return news

    def sends(self, url: str) -> int:
        """One go of the outbox."""
        channels = channels_of((Secret(url),), ())
        return send_notifications(channels, base_url="http://scope", now_s=self.now_s)
