"""A stream stays where it is drawn: a writer that is seen later may say that it belongs to another app."""

from __future__ import annotations

from msgspec.structs import replace

from visualizer.core.layout_room import Room, encloses
from visualizer.models import node_id
from visualizer.models.layout import Layout
from visualizer.models.topology import Node, Topology


def keep_streams_home(topology: Topology, former: Layout) -> Topology:
    """
    The topology, streams with the app in whose box they stand.

    Where that app is gone, perhaps for a moment, its stream stays and belongs to none.
    """
    present = {app.key for app in topology.apps}
    app_of = {frame: key for key in former.apps for frame in former.frames(key)}
    room = Room(app_of)

    def home(stream: Node) -> str:
        box = former.nodes.get(stream.id)
        if box is None or any(encloses(frame, box) for frame in former.frames(stream.app)):
            return stream.app
        app = next((app_of[frame] for frame in room.near(box) if encloses(frame, box)), stream.app)
        return app if app in present else ""

    nodes = [
        replace(node, app=home(node)) if node.kind == node_id.STREAM and node.app else node for node in topology.nodes
    ]
    return replace(topology, nodes=tuple(nodes))
