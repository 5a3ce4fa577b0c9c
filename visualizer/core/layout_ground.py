"""Ground: what has its place already, and the room that is left. It begins with the former places that still hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from visualizer.core.layout_room import Room, encloses, overlap
from visualizer.models.layout import Layout
from visualizer.models.topology import Box, Topology

#: So many nodes that are gone are remembered, in case they come back: all of them are gone when Redis was emptied.
_MOST_GONE = 20_000


@dataclass(slots=True)
class Ground:
    """Places taken so far."""

    #: Node id → its box.
    nodes: dict[str, Box] = field(default_factory=dict)
    #: App key → its box, then its annexes.
    frames: dict[str, list[Box]] = field(default_factory=dict)
    #: The nodes' boxes.
    inner: Room = field(default_factory=Room)
    #: Frames, and the nodes that belong to no app.
    outer: Room = field(default_factory=Room)

    def put(self, node: str, box: Box) -> None:
        """A node stands here."""
        self.nodes[node] = box
        self.inner.take(box)

    def put_free(self, node: str, box: Box) -> None:
        """A node without an app stands here."""
        self.put(node, box)
        self.outer.take(box)

    def put_frame(self, app: str, box: Box) -> None:
        """An app has one more box."""
        self.frames.setdefault(app, []).append(box)
        self.outer.take(box)

    def grow(self, app: str, number: int, box: Box) -> None:
        """One of an app's boxes has become larger."""
        self.outer.leave(self.frames[app][number])
        self.frames[app][number] = box
        self.outer.take(box)

    def layout(self) -> Layout:
        """What is placed, to keep."""
        apps = {app: frames[0] for app, frames in self.frames.items()}
        annexes = {app: tuple(frames[1:]) for app, frames in self.frames.items() if len(frames) > 1}
        return Layout(nodes=dict(self.nodes), apps=apps, annexes=annexes)


def ground_of(topology: Topology, former: Layout) -> Ground:
    """
    Everything that is still there, where it was.

    A former place holds when it is still free, and for a node of an app, when it lies in that app's box: what has come
    to belong to another app is placed anew.
    """
    ground, keys = Ground(), sorted(app.key for app in topology.apps)
    for key in keys:
        frames = former.frames(key)
        # Without its first box an app is placed anew, whole.
        if frames and ground.outer.is_free(frames[0]):
            for frame in frames:
                if ground.outer.is_free(frame):
                    ground.put_frame(key, frame)
    known = set(keys)
    for node in sorted(topology.nodes, key=lambda node: node.id):
        box = former.nodes.get(node.id)
        if box is None or not ground.inner.is_free(box):
            continue
        if any(encloses(frame, box) for frame in ground.frames.get(node.app, ())):
            ground.put(node.id, box)
        elif node.app not in known and ground.outer.is_free(box):
            ground.put_free(node.id, box)
    return ground


def remember(former: Layout, now: Layout) -> Layout:
    """The places of now, and of what is gone as long as nobody stands there: a host may be away for a minute."""
    room = Room(now.nodes.values())
    gone = [(node, box) for node, box in former.nodes.items() if node not in now.nodes and room.is_free(box)]
    frames = [frame for key in now.apps for frame in now.frames(key)]
    apps = {key: box for key, box in former.apps.items() if key not in now.apps and not _meets(box, frames)}
    return Layout(
        # The ones that went last stand last.
        nodes={**dict(gone[-_MOST_GONE:]), **now.nodes},
        apps={**apps, **now.apps},
        annexes={**_of(apps, former.annexes), **now.annexes},
    )


def annexes_in_use(layout: Layout) -> dict[str, tuple[Box, ...]]:
    """The annexes in which something stands: an empty one is kept for what may come back, and not drawn."""
    if not layout.annexes:
        return {}
    room = Room(layout.nodes.values())
    used = {key: tuple(box for box in boxes if not room.is_free(box)) for key, boxes in layout.annexes.items()}
    return {key: boxes for key, boxes in used.items() if boxes}


def _of(apps: Iterable[str], annexes: Mapping[str, tuple[Box, ...]]) -> dict[str, tuple[Box, ...]]:
    return {key: annexes[key] for key in apps if key in annexes}


def _meets(box: Box, others: list[Box]) -> bool:
    return any(overlap(box, other) for other in others)
