"""
ViewFeed: one view of the graph, told to everybody who looks at it. Each text is made once, however many look, and
nothing is made while nobody does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from visualizer.core.graph_state import Difference, Numbering, Picture, difference, whole
from visualizer.core.halted import Halts
from visualizer.core.live_graph import LiveGraph
from visualizer.core.state_memory import StateMemory
from visualizer.interfaces.viewer import Viewer
from visualizer.models.delta import Beat, Delta, encode_text
from visualizer.models.evidence import Evidence
from visualizer.models.live import ActivityStats
from visualizer.models.standstill import Standstill
from visualizer.models.topology import DrawnTopology, Topology

#: A rollup tells something each second while anything moves.
QUIET_S = 1.0
#: For so long a delta stands for a beat; less than what the browser takes for silence (static/js/socket.js).
ALIVE_S = 0.45


class ViewFeed:
    """One view. Times are unix seconds of the hub's clock."""

    def __init__(self, view: str, *, hub: str, clock: Callable[[], float]) -> None:
        self.view = view
        #: Who looks.
        self.viewers: set[Viewer] = set()
        self._hub = hub
        self._clock = clock
        self._seq = 0
        self._memory = StateMemory()
        self._numbering = Numbering()
        self._drawn: DrawnTopology | None = None
        self._evidence: Mapping[str, Evidence] = {}
        self._halts = Halts()
        self._graph: LiveGraph | None = None
        self._snapshot: str | None = None
        self._taken_s = -QUIET_S
        self._published_s = self._beaten_s = -QUIET_S

    def add_viewer(self, activities: Callable[[], list[ActivityStats]]) -> Viewer:
        """Somebody looks: a snapshot first."""
        if not self.viewers:
            self._wake_up(activities)
        viewer = Viewer(make_snapshot=self.snapshot, clock=time.monotonic)
        self.viewers.add(viewer)
        viewer.send_snapshot()
        return viewer

    def remove_viewer(self, viewer: Viewer) -> None:
        """Somebody looks away; with the last one the numbers go, and what was remembered of states."""
        self.viewers.discard(viewer)
        if not self.viewers:
            self._graph = self._snapshot = None
            self._memory, self._numbering = StateMemory(), Numbering()

    def set_topology(self, drawn: DrawnTopology | None, activities: Callable[[], list[ActivityStats]]) -> None:
        """Draw another topology: what is in both stays where its numbers are."""
        self._drawn = drawn
        if not self.viewers:
            return
        before = self._graph.picture() if self._graph else Picture()
        self._wake_up(activities)
        self._publish(difference(before, self._graph.picture() if self._graph else Picture()))

    def set_evidence(self, evidence: Mapping[str, Evidence]) -> None:
        """What edges rest on was looked at anew."""
        self._evidence = evidence
        if self._graph:
            self._publish(self._graph.rest_on(evidence))

    def set_standstills(self, standstills: Mapping[str, Standstill]) -> None:
        """What stands still was looked at anew."""
        self._set_halts(replace(self._halts, standstills=standstills))

    def set_blind(self, *, is_blind: bool) -> None:
        """Nobody looks, or somebody does again."""
        self._set_halts(replace(self._halts, is_blind=is_blind))

    def set_unseen(self, unseen: frozenset[str]) -> None:
        """These nodes are not seen, while others are."""
        self._set_halts(replace(self._halts, unseen=unseen))

    @property
    def topology(self) -> Topology | None:
        """What is drawn."""
        return self._drawn.topology if self._drawn else None

    def _set_halts(self, halts: Halts) -> None:
        has_changed, self._halts = halts != self._halts, halts
        if self._graph and has_changed:
            self._publish(self._graph.halt(halts, self._clock()))

    def take(self, changed: Iterable[ActivityStats]) -> None:
        """Numbers changed."""
        if self._graph:
            self._taken_s = time.monotonic()
            self._publish(self._graph.take(changed, self._clock()))

    def tick(self) -> None:
        """Time has passed. While numbers come, what is due goes with them: a delta costs each viewer a message."""
        if self._graph and time.monotonic() - self._taken_s >= QUIET_S:
            self._publish(self._graph.tick(self._clock()))

    def beat(self, make_beat: Callable[[int], Beat]) -> None:
        """Tell everybody that we live. A delta tells it, too: while they come, every other beat is left out."""
        now_s = time.monotonic()
        if now_s - self._published_s < ALIVE_S and now_s - self._beaten_s < 2 * ALIVE_S:
            return
        self._beaten_s = now_s
        if self.viewers:
            text = encode_text(make_beat(self._seq)).decode()
            for viewer in self.viewers:
                viewer.offer_beat(text)

    def snapshot(self) -> tuple[int, str]:
        """Everything as one delta, made once until something changes."""
        if self._snapshot is None:
            self._snapshot = self._text(whole(self._graph.picture() if self._graph else Picture()), reset=True)
        return self._seq, self._snapshot

    def _wake_up(self, activities: Callable[[], list[ActivityStats]]) -> None:
        self._snapshot = None
        self._graph = None
        if self._drawn:
            self._graph = LiveGraph(
                self._drawn,
                memory=self._memory,
                numbering=self._numbering,
                evidence=self._evidence,
                halts=self._halts,
            )
            self._graph.begin(activities(), self._clock())

    def _publish(self, change: Difference) -> None:
        if change.empty:
            return
        self._seq += 1
        self._published_s = time.monotonic()
        self._snapshot = None
        text = self._text(change, reset=False)
        for viewer in self.viewers:
            viewer.offer_delta(self._seq, text)

    def _text(self, change: Difference, *, reset: bool) -> str:
        delta = Delta(
            hub=self._hub if reset else "",
            seq=self._seq,
            view=self.view if reset else "",
            at=round(self._clock(), 3),
            reset=reset,
            add=change.add,
            update=change.update,
            remove=change.remove,
            pulse=change.pulse,
        )
        return encode_text(delta).decode()
