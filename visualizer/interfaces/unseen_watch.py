"""
UnseenWatch: what a hub's views do not see while some collectors are silent. Asked of SQL when others fall silent or
something else is drawn, and now and then meanwhile; never while all of them speak.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError

from visualizer.core.freshness import BLIND_AFTER_S, missed_collectors, silent_collectors
from visualizer.core.unseen import hidden_words
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.interfaces.view_feed import ViewFeed
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import Topology
from visualizer.models.unseen import Unseen
from visualizer.models.watch import Watch

#: How often it is looked whether somebody fell silent.
LOOK_S = 0.5
#: While somebody is silent, SQL is asked again so often: others go on, and come.
AGAIN_S = 30.0

log = logging.getLogger(__name__)


class UnseenWatch:
    """Of one hub. Times are unix seconds of the hub's clock."""

    def __init__(self, feeds: Mapping[str, ViewFeed], *, clock: Callable[[], float]) -> None:
        self._feeds, self._clock = feeds, clock
        #: Silent collector → what is not seen for it, in words, "" where that is nothing; none of which nobody knows.
        self.hidden: Mapping[str, str] = {}
        #: Who was silent, and what was drawn, when SQL was asked.
        self._asked: tuple[frozenset[str], Mapping[str, Topology]] | None = None
        self._due_s = 0.0

    async def follow(self, watch: Callable[[], Watch], goes_on: Callable[[], bool]) -> None:
        """Keep the feeds up to date."""
        while goes_on():
            try:
                await self.look(watch())
            except (DatabaseError, InterfaceError) as exc:
                # What was not seen is not seen: it is asked again.
                log.debug("SQL: %s", type(exc).__name__)
            await asyncio.sleep(LOOK_S)

    async def look(self, watch: Watch) -> None:
        """
        Look once.

        Raises:
            django.db.DatabaseError: SQL does not answer; nothing has changed.
        """
        now_s = self._clock()
        collectors = missed_collectors(watch.collectors, now_s)
        silent = silent_collectors(collectors, now_s, after_s=BLIND_AFTER_S)
        blind = frozenset(one.collector_id for one in silent)
        # What is drawn comes after the watch that says so.
        drawn = {view: topology for view, feed in self._feeds.items() if (topology := feed.topology)} if blind else {}
        if (blind, drawn) == self._asked and not (blind and time.monotonic() >= self._due_s):
            return
        find = database_sync_to_async(find_unseen)
        found = await find(watch, drawn, now_s=now_s, after_s=BLIND_AFTER_S) if blind else Unseen()
        self._asked, self._due_s = (blind, drawn), time.monotonic() + AGAIN_S
        known = blind & found.readers if STANDARD in drawn else ()
        self.hidden = {**dict.fromkeys(known, ""), **hidden_words(found.of(STANDARD))}
        for view, feed in self._feeds.items():
            feed.set_unseen(frozenset(node for node, part in found.of(view).items() if part.is_whole))
